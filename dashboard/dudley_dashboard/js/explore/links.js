// Links to other pages, and what the server wrote into this one.

import { writeSearch } from "../address.js";
import { make } from "../dom.js";

// Prefix of all addresses, the request of the address, the charts that stand there first.
export const startOptions = () => JSON.parse(document.getElementById("explore").dataset.start);

// own: keys of the other page, {measure: "gp_gap"}; after: words for screen readers alone. See address.js.
export const pageLink = (page, own, words, after) => make("a", {
  class: "explore-to", href: "#", "data-page": startOptions().prefix + page,
  "data-own": writeSearch(Object.entries(own)).slice(1) || null,
}, words, after ? make("span", { class: "hidden-words" }, after) : null);
