// What to keep in mind beside the numbers: how many are assumptions, what is borrowed, people counted since, years beyond.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  // area.caveats: from dudley_dashboard.caveats.
  E.makeCaveats = function (area) {
    const { assumptions, numbers, borrowed, estimates } = area.caveats, count = (value) => E.number(value, 0);
    const known = `${count(assumptions)} of ${count(numbers)} numbers of this model are assumptions`;
    const parts = [E.pageLink("model", { status: "assumption" }, known), ". "];
    if (borrowed) parts.push(E.pageLink("footprints", {}, borrowed), ". ");
    if (estimates) parts.push(E.pageLink("people", {}, estimates), ". ");
    if (area.extrapolated) parts.push("* Beyond the projection: last rates carried on.");
    return E.make("p", { class: "explore-caveats" }, ...parts);
  };
})();
