// Text of the tiles: a number, what it would be otherwise, and how far runs of it spread.

import { formatNumber, whole } from "../numbers.js";
import { settingValues } from "../request.js";
import { PROJECTED, seriesOf } from "./results.js";

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

export const peopleChange = (value, against) =>
  change(value, `${size(value)} ${value < 0 ? "fewer" : "more"} than ${against}`, against, value < 0);

// A share in per cent, the lower the better.
export const pointsChange = (value, against) =>
  change(value, `${formatNumber(Math.abs(value), 1)} points ${value < 0 ? "lower" : "higher"} than ${against}`,
    against, value < 0);

// Money, in million pounds.
const betterOrWorse = (value) => `£${size(value)}m ${value > 0 ? "better" : "worse"}`;
export const gainChange = (value, last, against) =>
  change(value, `${betterOrWorse(value)} off by ${last} than ${against}`, against, value > 0);
export const gainText = (value) => (whole(value) ? betterOrWorse(whole(value)) : "£0m");

// What doing nothing in a future assumes about money, as findings.py of dudley_sd.results says it in files.
export function moneyText(run, area, future) {
  const at = (output, year) => seriesOf(run, area, output)[area.years.indexOf(year)];
  const last = area.years[area.years.length - 1];
  const given = (year) => at("commissioner_funding", year) + at("council_funding", year);
  const asked = (year) => given(year) + at("system_money_missing", year);
  const pace = (of) => formatNumber(100 * ((of(last) / of(PROJECTED)) ** (1 / (last - PROJECTED)) - 1), 1);
  const margin = at("hospital_margin_share", last), unmet = at("unmet_social_care_share", last);
  if (![given(PROJECTED), asked(last), margin, unmet].every(Number.isFinite)) return "";
  const percent = (value) => `${formatNumber(Math.abs(100 * value), 0)}%`;
  return `If nothing is done, ${future} gives care ${pace(given)}% a year more money from ${PROJECTED} to ${last} ` +
    `while ${pace(asked)}% more is asked. In ${last} the hospital runs ${percent(margin)} ` +
    `${margin < 0 ? "behind" : "ahead of"} its income, ${percent(unmet)} of social care goes unmet, ` +
    "and nobody is assumed to fill either.";
}

// No shift: nothing is put in place, or what is there is not believed to move anything.
export function noShift(request, area) {
  const values = settingValues(request, area), placesOf = (name) => area.placesOf.get(name) || [];
  if (!placesOf("coverage").some((place) => values[place] > 0)) {
    return { value: "none planned", unit: "", mood: "", words: "No care is meant to move" };
  }
  return {
    value: "none", unit: "", mood: "", words: "No shift expected: nothing that is put in place moves any care",
  };
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
