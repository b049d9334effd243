// Links to other pages that carry the plan along.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  // What the server wrote into the page: prefix of all addresses, the plan asked for.
  E.start = () => JSON.parse(document.getElementById("explore").dataset.start);

  // own: keys of the other page, {measure: "gp_gap"}; after: words for screen readers alone.
  E.pageLink = function (page, own, words, after) {
    const address = () => {
      const pairs = [...new URLSearchParams(window.dudley.planSearch()), ...Object.entries(own)];
      return E.start().prefix + page + window.dudley.writeSearch(pairs);
    };
    const link = E.make("a", { class: "explore-to", href: "#" }, words,
      after ? E.make("span", { class: "hidden-words" }, after) : null);
    const renew = () => link.setAttribute("href", address());
    for (const kind of ["pointerenter", "pointerdown", "focus"]) link.addEventListener(kind, renew);
    link.addEventListener("click", (event) => {
      renew();
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      window.dudley.visit(link.getAttribute("href"));
      const main = document.getElementById("page");
      if (main) main.focus({ preventScroll: true });
    });
    E.afterwards(renew);
    return link;
  };
  // Once the page stands; not if it has gone by then.
  E.afterwards = (call) => setTimeout(() => { if (document.getElementById("explore")) call(); });

  // Words for a choice in a picker.
  E.choiceWords = (kind, each) =>
    (kind === "portfolio" && each.key === "none" ? "No portfolio" : each.title);
})();
