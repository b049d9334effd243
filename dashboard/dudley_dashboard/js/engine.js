// Runs of requests: in this browser where the model's module loads, else on the server.

import { indexSettings, LONGEST, searchOf, settingValues } from "./request.js";
import { fetchJson, postJson } from "./server.js";

const areas = new Map();

/**
 * Fetches the description of an area and the model itself; both are kept for the next visit of the page.
 * area.engine.run(requests) gives a Float64Array for each, by year and place: at once where the model runs
 * here, on the server as a promise.
 */
export async function loadArea(prefix, footprint, addresses, projection = "2014") {
  const search = projection === "2014" ? "" : "?projection=" + encodeURIComponent(projection);
  const found = addresses || (await fetchJson(prefix + "model/" + encodeURIComponent(footprint) + search));
  const key = footprint + found.json + found.mjs;
  if (!areas.has(key)) areas.set(key, load(prefix, footprint, projection, found));
  try { return await areas.get(key); } catch (error) { areas.delete(key); throw error; }
}

async function load(prefix, footprint, projection, addresses) {
  const first = addresses.mjs ? imported(addresses.mjs) : null;
  const content = await fetchJson(addresses.json);
  const area = indexSettings({ ...content, footprint, projection });
  const parts = (area.parts || []).map((part) => imported(prefix + "model/" + part.module));
  const modules = await Promise.all(first ? [first] : parts);
  const fit = modules.every((module, part) => module && fits(module, area, defaultsOf(area, part)));
  area.engine = fit ? inBrowser(modules, area) : onServer(prefix);
  return area;
}

const imported = (address) => import(address).catch(() => null);
const defaultsOf = (area, part) => (area.parts ? area.parts[part].defaults : area.defaults);

// The request of an address, as the server reads it: {plan, notes, model: its addresses}.
export const readOnServer = (prefix, search) =>
  postJson(prefix + "api/plan", { searches: [search.slice(0, LONGEST + 1)] });

// The first run takes longest: it is made before anybody waits for it.
function fits(module, area, defaults) {
  try {
    const run = module.run(Float64Array.from(defaults));
    return module.leverDefaults.length === area.levers.length && run.length === area.years.length * area.series;
  } catch (_) { return false; }
}

function inBrowser(modules, area) {
  const runs = (request) => modules.map((module, part) =>
    module.run(settingValues(request, area, defaultsOf(area, part))));
  const run = (request) => (area.parts ? totalOf(runs(request), area) : runs(request)[0]);
  return { here: true, run: (requests) => requests.map(run) };
}

function onServer(prefix) {
  return {
    here: false,
    notes: [],
    async run(requests) {
      const answer = await postJson(prefix + "api/run", { searches: requests.map(searchOf) });
      this.notes = answer.notes;
      return answer.runs.map((run) => Float64Array.from(run, (value) => (value === null ? NaN : value)));
    },
  };
}

// A total of areas: sums first, then shares from the sums, by the rules of dudley_dashboard.browser_model.
export function totalOf(runs, area) {
  const sums = runs[0].map((_, at) => runs.reduce((sum, run) => sum + run[at], 0));
  const total = sums.slice().fill(NaN);
  for (const { place, labels, rule } of Object.values(area.outputs)) {
    const width = Math.max(1, labels.length);
    const same = rule === "same" && areAlike(runs, area, place, width);
    const from = rule === "sum" ? sums : same ? runs[0] : null;
    for (let year = 0, at = place; year < area.years.length; year++, at += area.series) {
      if (rule.part) for (let k = 0; k < width; k++) total[at + k] = shareOf(sums, area, rule, year, labels[k]);
      else if (from) total.set(from.subarray(at, at + width), at);
    }
  }
  return total;
}

// label: of the share's element, which what it is made of has too; of a share without elements all are added up.
function shareOf(sums, area, rule, year, label) {
  const sumOf = (output) => {
    const { place, labels } = area.outputs[output], at = year * area.series + place;
    if (labels.includes(label)) return sums[at + labels.indexOf(label)];
    return sums.subarray(at, at + Math.max(1, labels.length)).reduce((sum, value) => sum + value, 0);
  };
  const [part, whole] = [rule.part, rule.whole].map((outputs) =>
    outputs.split("+").reduce((sum, output) => sum + sumOf(output.trim()), 0));
  const ratio = whole === 0 ? rule.otherwise : part / whole, value = rule.rest ? 1 - ratio : ratio;
  return rule.least === null ? value : Math.max(rule.least, value);
}

const areAlike = (runs, area, place, width) => runs[0].every((value, at) => {
  const column = at % area.series;
  if (column < place || column >= place + width) return true;
  return runs.every((run) => Math.abs(value - run[at]) <= 1e-12 * Math.abs(run[at]));
});
