// Says above the page when the server does not answer, or answers with a fault: nobody waits for what never
// comes. It has a place of its own: notes of the page stay.
(function () {
  "use strict";
  const plain = window.fetch;
  let leaving = false; // a page that is left breaks off what it asked for
  let told = false;

  function tell(words) {
    told = words !== "";
    const line = { type: "P", namespace: "dash_html_components", props: { children: words } };
    window.dash_clientside.set_props("trouble", { children: words ? line : [] });
  }

  function fault(status) {
    const much = "the page sent more than the server takes";
    const why = status === 413 ? much : `the server answered with fault ${status}`;
    return `This could not be worked out: ${why}. Load the page again.`;
  }

  window.fetch = async function (resource, ...more) {
    const asked = plain.call(window, resource, ...more);
    if (!String(resource.url || resource).includes("_dash-update-component")) return asked;
    try {
      const answer = await asked;
      if (answer.status >= 400) tell(fault(answer.status));
      else if (told) tell("");
      return answer;
    } catch (error) {
      const gone = "The server does not answer; what is shown may be out of date. Load the page again.";
      if (!leaving) tell(gone);
      throw error;
    }
  };
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
})();
