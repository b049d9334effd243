// The page Uncertainty: what is chosen stands in the address; future, portfolio and stored runs load the page anew.

import { setSearch, visitWith } from "./address.js";

const DEFAULTS = { scenario: "official_future", portfolio: "as_evidenced", stored: "" };
const isEmpty = (value) => value === undefined || value === null || value === "";

export const uncertainty = {
  // Only what differs from the usual is written.
  address(indicator, members, seed, side, threshold, level, defaults) {
    const values = {};
    for (const [key, value] of Object.entries({ indicator, members, seed, side })) {
      values[key] = isEmpty(value) || String(value) === String(defaults.values[key]) ? null : value;
    }
    const typed = typeof threshold === "number" || (typeof threshold === "string" && threshold !== "");
    if (typed || level !== undefined) values.threshold = typed && threshold !== level ? threshold : null;
    setSearch(values);
  },
  // A choice that changes what is run: a new address, so that Back leads to the one before.
  visit(scenario, portfolio, stored) {
    visitWith({ scenario, portfolio, stored }, DEFAULTS);
  },
};
