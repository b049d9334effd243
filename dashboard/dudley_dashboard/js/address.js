// The address: the request in it, what pages add to it, and links that carry the request along.

import { make, onPlainClick } from "./dom.js";
import { onChange } from "./observer.js";

const CARRIED = ["v", "scenario", "portfolio", "contract", "footprint", "projection", "set", "pin"];
let latestPath = null; // of the page that was asked for last

// The path of the first page, below which the dashboard is served.
export const prefix = () => document.querySelector("header .name").dataset.page;

// The address without what is only of this page.
const requestSearch = () =>
  writeSearch([...new URLSearchParams(location.search)].filter(([key]) => CARRIED.includes(key)));

// Brackets, colons and commas may stand in an address: it stays readable.
export function writeSearch(pairs) {
  const readable = { "%5B": "[", "%5D": "]", "%3A": ":", "%2C": "," };
  const text = (value) => encodeURIComponent(value).replace(/%(5B|5D|3A|2C)/g, (code) => readable[code]);
  const parts = pairs.map(([key, value]) => encodeURIComponent(key) + "=" + text(value));
  return parts.length ? "?" + parts.join("&") : "";
}

const OLD_KEYS = { measure: "indicator" }; // as address.py has them

// Pairs of an address with some keys replaced: {areas: ["dudley", "walsall"], year: "2028", old: null}.
export function changedPairs(search, values) {
  const named = [...new URLSearchParams(search)].map(([key, value]) => [OLD_KEYS[key] || key, value]);
  const pairs = named.filter(([key]) => !(key in values));
  for (const [key, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) pairs.push([key, String(each)]);
  }
  return pairs;
}

// Replaces keys of the address, without asking the server.
export function setSearch(values) {
  replaceAddress(location.pathname + writeSearch(changedPairs(location.search, values)));
}

// Browsers refuse more than about a hundred changes of the address in half a minute; the page goes on.
export function replaceAddress(address, push, state) {
  try {
    history[push ? "pushState" : "replaceState"](state === undefined ? history.state : state, "", address);
  } catch (_) { return; }
  keepRequestInLinks();
}

// Moves to another address without loading everything anew; dcc.Location hears of it.
export function visit(address, toTop = true) {
  if (address === location.pathname + location.search) return;
  history.pushState(null, "", address);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  keepRequestInLinks();
  if (toTop) window.scrollTo(0, 0);
}

// Moves to the address with other values, unless they are there already; what is usual is left out of it.
export function visitWith(values, defaults, toTop) {
  const now = new URLSearchParams(location.search), changes = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === null || (now.get(key) || defaults[key]) === value) continue;
    changes[key] = value === defaults[key] ? null : value;
  }
  if (!Object.keys(changes).length) return;
  const pairs = changedPairs(location.search, changes);
  if (pairs.length && !now.has("v")) pairs.unshift(["v", "1"]);
  visit(location.pathname + writeSearch(pairs), toTop);
}

// Which page is to be drawn; undefined where the page follows its address by itself (data-follows-address).
export function route(path, search) {
  keepRequestInLinks();
  const drawn = document.querySelector("#page [data-follows-address]");
  // Who leaves and comes back before the other page is there must not be left with that.
  const stays = drawn && drawn.dataset.followsAddress === path && [null, path].includes(latestPath);
  latestPath = path;
  if (!stays) return { path, search };
  window.dispatchEvent(new CustomEvent("dudley:address"));
  return undefined;
}

// A link to a page; own: keys of that page, {indicator: "gp_gap"}; after: words for screen readers alone.
export const pageLink = (page, own, words, after) => make("a", {
  class: "explore-to", href: "#", "data-page": prefix() + page,
  "data-own": writeSearch(Object.entries(own)).slice(1) || null,
}, words, after ? make("span", { class: "hidden-words" }, after) : null);

// Links to pages, data-page: their path; data-own: keys of the page itself, "indicator=gp_gap".
function keepRequestInLinks() {
  const search = requestSearch();
  for (const link of document.querySelectorAll("a[data-page]")) {
    const { page, own } = link.dataset, address = page + search + (own ? (search ? "&" : "?") + own : "");
    if (link.getAttribute("href") !== address) link.setAttribute("href", address);
    const here = location.pathname === page && link.closest("nav");
    if (here) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
}

export function watchLinks() {
  onPlainClick("a[data-page]", (link) => {
    visit(link.getAttribute("href"));
    const main = document.getElementById("page");
    if (main) main.focus({ preventScroll: true });
  });
  for (const kind of ["popstate", "pointerdown", "focusin", "_dashprivate_pushstate"]) {
    window.addEventListener(kind, keepRequestInLinks, true);
  }
  onChange(keepRequestInLinks);
}
