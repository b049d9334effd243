// What the tiles say: a number, what it would be otherwise, and how far runs of it spread.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const words = (E.tileWords = {});

  // Half away from zero, as the numbers on the page are rounded; no minus zero.
  words.whole = (value) => Math.sign(value) * Math.round(Math.abs(value)) + 0;
  const whole = words.whole, size = (value) => E.number(Math.abs(value), 0);

  const joined = ({ value, unit }) => `${value} ${unit}`.trim();
  const sided = (value, text, above, below, better) => {
    const unit = value > 0 ? above : value < 0 ? below : "";
    return { value: text, unit, side: value ? (value > 0 === better ? "good" : "bad") : "" };
  };

  // GPs: above zero they are short, below zero there are more than are needed.
  words.gapParts = (value) => sided(value, value ? size(value) : "none", "short", "more than needed", false);
  words.gap = (value) => joined(words.gapParts(whole(value)));
  words.briefGap = (value) => words.gap(value).replace(" than needed", "");
  words.gapChange = (change, against) =>
    told(change, `gap ${size(change)} ${size(change) === "1" ? "GP" : "GPs"} ` +
      `${change < 0 ? "smaller" : "larger"} than ${against}`, against, change < 0);

  words.beds = (change, against) =>
    told(change, `${size(change)} ${change < 0 ? "fewer" : "more"} than ${against}`, against, change < 0);

  // Money, in million pounds: a surplus, or a deficit.
  words.pounds = (value) => `£${size(value)}m`;
  words.moneyParts = (value) => sided(value, words.pounds(value), "surplus", "deficit", true);
  words.money = (value) => joined(words.moneyParts(whole(value / 1e6)));
  const betterOrWorse = (change) => `${words.pounds(change)} ${change > 0 ? "better" : "worse"}`;
  words.moneyChange = (change, against) =>
    told(change, `${betterOrWorse(change)} than ${against}`, against, change > 0);
  words.gain = (end, last, against) =>
    told(end, `${betterOrWorse(end)} off by ${last} than ${against}`, against, end > 0);
  words.gainBetter = (value) => (whole(value / 1e6) ? betterOrWorse(whole(value / 1e6)) : "£0m");

  function told(change, text, against, better) {
    if (!Number.isFinite(change)) return { mood: "", words: "" };
    return change ? { mood: better ? "good" : "bad", words: text } : { mood: "", words: `As ${against}` };
  }

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

  // Median, low and high end and how to say one -> "8 in 10 runs: from 44 more to 12 short".
  words.spread = function ([, low, high], say) {
    const [from, to] = [low, high].map(say);
    return `8 in 10 runs: ${from === to ? from : `from ${from} to ${to}`}`;
  };

  words.SINGLE = "Single run at central values";
  const STATES = {
    waiting: "Median: not worked out yet.",
    working: "Median: being worked out.",
    failed: "Median: could not be worked out.",
  };
  words.state = (kind) => `${words.SINGLE}. ${STATES[kind]}`;
})();
