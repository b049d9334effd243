// Text of the tiles: a number, what it would be otherwise, and how far runs of it spread.

import { formatNumber, whole } from "../numbers.js";
import { settingValues } from "../request.js";

const size = (value) => formatNumber(Math.abs(value), 0);
export const joined = ({ value, unit }) => `${value} ${unit}`.trim();
const sided = (value, text, above, below, better) => {
  const unit = value > 0 ? above : value < 0 ? below : "";
  return { value: text, unit, side: value ? (value > 0 === better ? "good" : "bad") : "" };
};

// A difference from another run, in words, and whether it is for the better.
function change(value, text, against, better) {
  if (!Number.isFinite(value)) return { mood: "", words: "" };
  return value ? { mood: better ? "good" : "bad", words: text } : { mood: "", words: `As ${against}` };
}

// GPs: above zero they are short, below zero there are more than are needed.
export const gapParts = (value) =>
  sided(value, value ? size(value) : "none", "short", "more than needed", false);
export const gapText = (value) => joined(gapParts(whole(value))).replace(" than needed", "");
export const gapChange = (value, against) =>
  change(value, `gap ${size(value)} ${size(value) === "1" ? "GP" : "GPs"} ` +
    `${value < 0 ? "smaller" : "larger"} than ${against}`, against, value < 0);

export const bedsChange = (value, against) =>
  change(value, `${size(value)} ${value < 0 ? "fewer" : "more"} than ${against}`, against, value < 0);

// Money, in million pounds: a surplus, or a deficit.
const pounds = (value) => `£${size(value)}m`;
const betterOrWorse = (value) => `${pounds(value)} ${value > 0 ? "better" : "worse"}`;
export const moneyParts = (value) => sided(value, pounds(value), "surplus", "deficit", true);
export const moneyText = (value) => joined(moneyParts(whole(value / 1e6)));
export const moneyChange = (value, against) =>
  change(value, `${betterOrWorse(value)} than ${against}`, against, value > 0);
export const gainChange = (value, last, against) =>
  change(value, `${betterOrWorse(value)} off by ${last} than ${against}`, against, value > 0);
export const gainText = (value) => (whole(value / 1e6) ? betterOrWorse(whole(value / 1e6)) : "£0m");

// No shift: nothing is put in place, or what is there is not believed to move anything.
export function noShift(request, area) {
  const values = settingValues(request, area), placesOf = (name) => area.placesOf.get(name) || [];
  if (!placesOf("coverage").some((place) => values[place] > 0)) {
    return { value: "none planned", unit: "", mood: "", words: "No care is meant to move" };
  }
  const cautious = "the cautious reading of the evidence finds no effect";
  const why = values[placesOf("evidence case")[0]] < 0 ? cautious
    : "nothing that is put in place moves any care";
  return { value: "none", unit: "", mood: "", words: `No shift expected: ${why}` };
}

// Median, low and high end and how to say one -> "8 in 10 runs: from 44 more to 12 short".
export function spreadText([, low, high], say) {
  const [from, to] = [low, high].map(say);
  return `8 in 10 runs: ${from === to ? from : `from ${from} to ${to}`}`;
}

export const SINGLE = "Single run at central values";
const STATES = {
  waiting: "Median: not worked out yet.",
  working: "Median: being worked out.",
  failed: "Median: could not be worked out.",
};
export const stateText = (kind) => `${SINGLE}. ${STATES[kind]}`;
