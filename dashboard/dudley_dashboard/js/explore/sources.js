// Sources of numbers, and names of settings, in words.

import { formatNumber } from "../numbers.js";
import { elementOf, settingOf } from "../request.js";

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const stop = (text) => capital(/[.!?]$/.test(text) ? text : text + ".");

// Words for an address of a setting: "coverage: multidisciplinary teams".
export function settingTitle(name, area) {
  const element = elementOf(name);
  if (!element) return name;
  return settingOf(name) + ": " + element.split(",").map((each) => area.elements[each] || each).join(", ");
}

// Source, place in it and note of a number, in sentences.
export function originText(known) {
  const from = known.source && known.source + (known.locator ? ": " + known.locator : "");
  return [from, known.note].filter(Boolean).map(stop).join(" ") || stop(`${known.status}, no source`);
}

// "GP heads in 2014: 198 GP (derived). General Practice Workforce ...: Dudley practices, 9/2015: 198 heads. ..."
export function numberText(name, area) {
  const known = area.numbers[name];
  if (!known) return "";
  const unit = area.units[(area.limits[settingOf(name)] || [])[3]];
  const value = formatNumber(known.central, known.central % 1 ? 3 : 0).replace(/(\.\d*?)0+$/, "$1");
  const words = `${settingTitle(name, area)}: ${value}${unit && unit !== "ratio" ? " " + unit : ""}`;
  return `${words} (${known.status}). ${originText(known)}`;
}

export const sourceText = (spec, area) =>
  ["Source: this model, run here.", ...spec.rests_on.map((name) => numberText(name, area))].join(" ");

// On paper: the publications alone.
export function shortSource(spec, area) {
  const known = spec.rests_on.map((name) => area.numbers[name]).filter((each) => each && each.source);
  const from = known.map((each) => each.source + (each.locator ? ", " + each.locator : ""));
  return `Source: ${[...new Set(["this model", ...from])].join("; ")}.`;
}

export const extrapolationNote = (area) =>
  `* From ${area.extrapolated} on the projection of people does not reach; its last rates carry on.`;
