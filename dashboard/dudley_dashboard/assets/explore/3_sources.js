// Where numbers are from, in words.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const stop = (text) => (/[.!?]$/.test(text) ? text : text + ".");

  // Source, place in it and note of a number, in sentences.
  E.origin = function (known) {
    const from = known.source && known.source + (known.locator ? ": " + known.locator : "");
    return [from, known.note].filter(Boolean).map(stop).join(" ") || `${known.status}, no source.`;
  };

  // "GP WTE in 2018: 168 WTE (published). Scenario Analysis ...: Section 4.2.4. Quarter 2 of 2016/17 ..."
  E.restsOn = function (name, area) {
    const known = area.numbers[name];
    if (!known) return "";
    const unit = area.units[(area.limits[E.leverOf(name)] || [])[3]];
    const value = E.number(known.central, known.central % 1 ? 3 : 0).replace(/(\.\d*?)0+$/, "$1");
    const words = `${E.addressWords(name, area)}: ${value}${unit && unit !== "ratio" ? " " + unit : ""}`;
    return `${words} (${known.status}). ${E.origin(known)}`;
  };

  E.sourceOf = (spec, area) =>
    ["Source: this model, run here.", ...spec.rests_on.map((name) => E.restsOn(name, area))].join(" ");

  // On paper: the publications alone.
  E.shortSource = function (spec, area) {
    const known = spec.rests_on.map((name) => area.numbers[name]).filter((each) => each && each.source);
    const from = known.map((each) => each.source + (each.locator ? ", " + each.locator : ""));
    return `Source: ${[...new Set(["this model", ...from])].join("; ")}.`;
  };

  E.starWords = (area) =>
    `* From ${area.extrapolated} on the projection of people does not reach; its last rates carry on.`;
})();
