// A request: future, portfolio, contract, area, projection and settings. To and from the address, to the
// values of the model's settings, to the command line. In a request every setting is one number: a setting
// with elements is set element by element.

import { writeSearch } from "./address.js";
import { pythonNumber } from "./numbers.js";

/**
 * @typedef {{scenario: string, portfolio: string, contract: string, footprint: string, projection: string,
 *   levers: Object<string, number>}} Request levers: by address, "coverage[MDT]" or "GDP growth"
 */
const DEFAULTS = {
  scenario: "official_future", portfolio: "as_evidenced", contract: "as_now", footprint: "dudley",
  projection: "2014",
};
const KINDS = ["scenario", "portfolio", "contract"];
const MOST_PAIRS = 400;
const elementsOf = new Map(); // setting with elements: their addresses, the same in every area

export const LONGEST = 8000;
export const REQUEST_KEYS = ["v", ...Object.keys(DEFAULTS), "set"];
export const defaultRequest = () => ({ ...DEFAULTS, levers: {} });
export const copyRequest = (request) => ({ ...request, levers: { ...request.levers } });
export const sameRequest = (one, other) => searchOf(one) === searchOf(other);
export const sameArea = (one, other) =>
  one.footprint === other.footprint && one.projection === other.projection;

/**
 * The request of an address, if it is written as this page writes them; of any other null: the server is to
 * read it (view.py), so that both never read the same address differently.
 * @returns {Request | null}
 */
export function readRequest(search, area) {
  const pairs = [...new URLSearchParams(search)].filter(([key]) => REQUEST_KEYS.includes(key));
  if (search.length > LONGEST || pairs.length > MOST_PAIRS) return null;
  const request = defaultRequest();
  for (const [key, value] of pairs) {
    if (key === "set") {
      const cut = value.lastIndexOf(":"), name = value.slice(0, cut);
      for (const each of elementsOf.get(name) || [name]) request.levers[each] = Number(value.slice(cut + 1));
    } else if (key !== "v") request[key] = value;
  }
  const written = writeSearch(pairs) === searchOf(request);
  return written && sameArea(request, area) && isKnown(request, area) ? request : null;
}

const isKnown = (request, area) =>
  KINDS.every((kind) => area.choices[kind].some((each) => each.key === request[kind])) &&
  Object.entries(request.levers).every(([name, value]) => isAllowed(name, value, area));

function isAllowed(name, value, area) {
  const limits = area.limits[settingOf(name)];
  return area.placesOf.has(name) && Number.isFinite(value) && value >= limits[0] && value <= limits[1];
}
export const settingOf = (name) => name.split("[")[0];
export const elementOf = (name) => (name.includes("[") ? name.slice(name.indexOf("[") + 1, -1) : null);

// The pairs of an address, as dudley_dashboard.view.search_of writes them.
export function addressPairs(request) {
  const changed = Object.keys(DEFAULTS).filter((kind) => request[kind] !== DEFAULTS[kind]);
  const pairs = changed.map((kind) => [kind, request[kind]]), levers = asWritten(request.levers);
  const names = Object.keys(levers).sort();
  pairs.push(...names.map((name) => ["set", name + ":" + pythonNumber(levers[name])]));
  return pairs.length ? [["v", "1"], ...pairs] : [];
}
export const searchOf = (request) => writeSearch(addressPairs(request));

// A setting without elements where all of them agree, as dudley_dashboard.elements.as_written has it.
function asWritten(levers) {
  const written = { ...levers };
  for (const name of new Set(Object.keys(levers).filter(elementOf).map(settingOf))) {
    const elements = elementsOf.get(name) || [], value = levers[elements[0]];
    if (value === undefined || !elements.every((each) => levers[each] === value)) continue;
    for (const each of elements) delete written[each];
    written[name] = value;
  }
  return written;
}

/**
 * Values of all settings: the area's own, then scenario, portfolio and contract, then the user's, which win.
 * @returns {Float64Array} in the order of area.levers
 */
export function settingValues(request, area, defaults = area.defaults) {
  const values = Float64Array.from(defaults);
  for (const kind of KINDS) {
    for (const [place, value] of area.layers[kind][request[kind]]) values[place] = value;
  }
  for (const [name, value] of Object.entries(request.levers)) {
    for (const place of area.placesOf.get(name)) values[place] = value;
  }
  return values;
}

// Places by address: of an element, and of a setting with all its elements. Of a total no size can be set, as
// one number cannot be right for several areas: those settings are not offered there.
export function indexSettings(area) {
  area.placesOf = new Map();
  elementsOf.clear();
  area.levers.forEach((name, place) => {
    const setting = settingOf(name), element = elementOf(name);
    if (element) elementsOf.set(setting, [...(elementsOf.get(setting) || []), name]);
    if (area.parts && area.sizes.includes(setting)) return;
    area.placesOf.set(name, [place]);
    if (element) area.placesOf.set(setting, [...(area.placesOf.get(setting) || []), place]);
  });
  area.sliders = area.sliders.filter((slider) => area.placesOf.has(slider.address));
  return area;
}

// Sets a setting, or takes it back to where scenario, portfolio and contract put it.
export function withSetting(request, name, value, area) {
  const next = copyRequest(request);
  for (const each of elementsOf.get(name) || [name]) {
    delete next.levers[each];
    if (value !== null && value !== startValue(next, each, area)) next.levers[each] = value;
  }
  return next;
}
export const startValues = (request, area) => settingValues({ ...request, levers: {} }, area);
export const startValue = (request, name, area) => startValues(request, area)[area.placesOf.get(name)[0]];

// Do nothing: the request's own future and outside world, no portfolio, contract as now.
export function doNothing(request, area) {
  const world = Object.entries(request.levers).filter(([name]) => !area.decisions.includes(settingOf(name)));
  return { ...request, portfolio: "none", contract: "as_now", levers: Object.fromEntries(world) };
}
// The reference case: Official Future, do nothing, in the same area.
export const referenceCase = ({ footprint, projection }) =>
  ({ ...defaultRequest(), portfolio: "none", footprint, projection });

export function commandLine(request) {
  const words = ["dudley-sd", "run", request.scenario, "--portfolio", request.portfolio];
  words.push("--contract", request.contract, "--footprint", request.footprint);
  if (request.projection !== DEFAULTS.projection) words.push("--projection", request.projection);
  for (const [name, value] of Object.entries(asWritten(request.levers))) {
    words.push("--lever", name + "=" + pythonNumber(value));
  }
  const plain = /^[\w@%+=:,./-]+$/, quoted = (word) => "'" + word.replace(/'/g, "'\"'\"'") + "'";
  return words.map((word) => (plain.test(word) ? word : quoted(word))).join(" ");
}
