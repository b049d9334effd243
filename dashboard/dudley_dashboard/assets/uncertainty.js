// Uncertainty: what is chosen stands in the address; future, portfolio and stored runs load the page anew.
(function () {
  "use strict";
  const none = () => window.dash_clientside.no_update;

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    uncertainty: {
      // Only what differs from the usual is written.
      address(measure, members, seed, side, threshold, level, usual) {
        const said = { measure, members, seed, side };
        const values = {};
        for (const [key, value] of Object.entries(said)) {
          const same = String(value) === String(usual.values[key]);
          values[key] = value === undefined || value === null || value === "" || same ? null : value;
        }
        const typed = typeof threshold === "number" || (typeof threshold === "string" && threshold !== "");
        if (typed || level !== undefined) values.threshold = typed && threshold !== level ? threshold : null;
        window.dudley.setSearch(values);
        return none();
      },
      // A choice that changes what is run: a new address, so that Back leads to the one before.
      visit(scenario, portfolio, stored, plan) {
        const now = new URLSearchParams(location.search);
        const chosen = { scenario, portfolio, stored };
        const usual = { scenario: "official_future", portfolio: "as_evidenced", stored: "" };
        const values = {};
        for (const [key, value] of Object.entries(chosen)) {
          if (value === undefined || value === null) continue;
          if ((now.get(key) || usual[key]) !== value) values[key] = value === usual[key] ? null : value;
        }
        if (!Object.keys(values).length) return none();
        const pairs = [...now].filter(([key]) => !(key in values));
        for (const [key, value] of Object.entries(values)) if (value !== null) pairs.push([key, value]);
        if (pairs.length && !pairs.some(([key]) => key === "v")) pairs.unshift(["v", "1"]);
        window.dudley.visit(location.pathname + window.dudley.writeSearch(pairs));
        return none();
      },
    },
  });
})();
