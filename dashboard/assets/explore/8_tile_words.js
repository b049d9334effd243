// What the tiles say: a number, what it would be otherwise, and how far runs of it spread.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const words = (E.tileWords = {});

  // Half away from zero, as the numbers on the page are rounded; no minus zero.
  words.whole = (value) => Math.sign(value) * Math.round(Math.abs(value)) + 0;
  const whole = words.whole, size = (value) => E.number(Math.abs(value), 0);

  // GPs: below zero there are more than are needed.
  words.gapParts = (value) =>
    (value ? [size(value), value > 0 ? "short" : "more than needed"] : ["none", ""]);
  words.gap = (value) => words.gapParts(whole(value)).join(" ").trim();
  words.gapShort = (value) => words.gap(value).replace("more than needed", "too many");
  words.gapChange = function (ours, theirs, against) {
    if (!Number.isFinite(ours - theirs)) return { mood: "", words: "" };
    if (ours === theirs) return { mood: "", words: `As ${against}` };
    const lack = Math.max(0, ours), lacked = Math.max(0, theirs), less = ours < theirs;
    const than = `than ${against} (${words.gap(theirs)})`, change = size(ours - theirs);
    const leaves = `${against[0].toUpperCase()}${against.slice(1)} leaves ${words.gap(theirs)}`;
    if (lack ? theirs < 0 : lacked) return { mood: less ? "good" : "bad", words: leaves };
    // Where none are missing either way, more to spare is no better.
    const spare = `${change} ${less ? "more" : "fewer"} to spare ${than}`;
    if (!lack && !lacked) return { mood: "", words: spare };
    return { mood: less ? "good" : "bad", words: `${change} ${less ? "fewer" : "more"} missing ${than}` };
  };

  words.beds = function (ours, theirs, against) {
    if (!Number.isFinite(ours - theirs)) return "";
    if (ours === theirs) return `As ${against}`;
    return `${size(ours - theirs)} ${ours < theirs ? "fewer" : "more"} than ${against} (${size(theirs)})`;
  };

  // Money, in million pounds: what is left over, or short.
  words.pounds = (value) => `£${size(value)}m`;
  words.side = (value) => (value < 0 ? "short" : value > 0 ? "over" : "");
  words.fromPounds = (value) => words.money(whole(value / 1e6));
  words.money = (value) => `${words.pounds(value)} ${words.side(value)}`.trim();
  words.moneyChange = function (ours, theirs, against) {
    if (!Number.isFinite(ours - theirs)) return { mood: "", words: "" };
    if (ours === theirs) return { mood: "", words: `As ${against}` };
    const than = `than ${against} (${words.money(theirs)})`, change = words.pounds(ours - theirs);
    const more = ours > theirs, mood = more ? "good" : "bad";
    if (ours <= 0 && theirs <= 0) return { mood, words: `${change} ${more ? "less" : "more"} short ${than}` };
    // A smaller surplus is no shortfall.
    const over = `${change} ${more ? "more" : "less"} over ${than}`;
    if (ours >= 0 && theirs >= 0) return { mood: "", words: over };
    return { mood, words: `${change} ${more ? "better" : "worse"} ${than}` };
  };

  words.gain = function (end, last, against) {
    if (!end) return `As well off by ${last} as ${against}`;
    return `${words.pounds(end)} ${end > 0 ? "better" : "worse"} off by ${last} than ${against}`;
  };

  // No shift: nothing is put in place, or what is there is not believed to move anything.
  words.noShift = function (area) {
    const row = E.row(E.currentPlan(), area), at = (name) => area.placesOf.get(name) || [];
    if (!at("coverage").some((place) => row[place] > 0)) {
      return { value: "none planned", unit: "", mood: "", words: "No care is meant to move" };
    }
    const cautious = "the cautious reading of the evidence finds no effect";
    const why = row[at("evidence case")[0]] < 0 ? cautious : "nothing that is put in place moves any care";
    return { value: "none", unit: "", mood: "", words: `No shift expected: ${why}` };
  };

  // Three numbers and how to say one -> "8 in 10 runs: 44 too many to 12 short; middle 18 too many".
  words.spread = function (band, say) {
    const [low, middle, high] = band.map(say);
    return `8 in 10 runs: ${low === high ? low : `${shorter(low, high)} to ${high}`}; middle ${middle}`;
  };
  // Where the run that the tile shows lies among them, said only where it is not near the middle.
  words.place = function (below) {
    if (!Number.isFinite(below) || (below >= 0.25 && below <= 0.75)) return "";
    const more = below > 0.5;
    const share = words.inHundred(more ? below : 1 - below);
    return `; ${share} end ${more ? "below" : "above"} the number shown here`;
  };
  // Before "12 short", "4 short" is "4".
  const shorter = (low, high) => (tail(low) === tail(high) ? low.split(" ")[0] : low);
  const tail = (text) => (text.match(/ .*$/) || [""])[0];

  // The run shown and most of the runs may say otherwise: then both are said in one sentence.
  words.paid = function (paid, not, last) {
    const share = words.inHundred(paid);
    if (not && paid > 0.5) return `Not in the run shown here, yet in ${share} by ${last}.`;
    if (!not && paid < 0.5) return `In the run shown here, yet in only ${share} by ${last}.`;
    return `Paid for itself by ${last}: ${share}.`;
  };

  const STATES = {
    waiting: "Range of runs: not worked out yet.",
    working: "Range of runs: being worked out.",
    failed: "Range of runs: could not be worked out.",
  };
  words.runs = function (told, tile) {
    return told.kind === "done" ? tile.runs(told, tile.now) || " " : STATES[told.kind];
  };
  // As the page on uncertainty writes it: none and all only where it is so.
  words.inHundred = function (share) {
    const hundred = Math.round(100 * share);
    if (share === 0 || share === 1) return share ? "all runs" : "no run";
    if (hundred === 0) return "fewer than 1 in 100 runs";
    if (hundred === 100) return "more than 99 in 100 runs";
    return `${hundred} in 100 runs`;
  };
})();
