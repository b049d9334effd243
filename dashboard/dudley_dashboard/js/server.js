// Requests to the server: JSON both ways, and a notice above the page when it does not answer a callback or
// answers with a fault, so that nobody waits for what never comes. Notes of the page stay.

const SILENT = "The server does not answer; what is shown may be out of date. Load the page again.";

export async function fetchJson(address, options) {
  const answer = await fetch(address, options);
  if (answer.ok) return answer.json();
  const content = await answer.json().catch(() => ({}));
  throw new Error(content.error || `the server answered ${answer.status}`);
}

export const postJson = (address, content) => fetchJson(address, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content),
});

export function watchServer() {
  const { fetch } = window;
  let leaving = false; // a page that is left breaks off what it asked for
  let notice = "";

  function write(text) {
    notice = text;
    const line = { type: "P", namespace: "dash_html_components", props: { children: text } };
    window.dash_clientside.set_props("trouble", { children: text ? line : [] });
  }

  window.fetch = async function (resource, ...options) {
    const response = fetch.call(window, resource, ...options);
    if (!String(resource.url || resource).includes("_dash-update-component")) return response;
    try {
      const { status } = await response;
      if (status >= 400) write(faultText(status));
      else if (notice) write("");
      return response;
    } catch (error) {
      if (!leaving) write(SILENT);
      throw error;
    }
  };
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
}

function faultText(status) {
  const large = "the page sent more than the server takes";
  const why = status === 413 ? large : `the server answered with fault ${status}`;
  return `This could not be worked out: ${why}. Load the page again.`;
}
