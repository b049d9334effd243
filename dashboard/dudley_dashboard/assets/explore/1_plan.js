// A plan: future, portfolio, contract, area, projection and levers. To and from the address, to the levers
// of the model, to the command line. Every lever of a plan is one number: a whole lever is all its elements.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const USUAL = {
    scenario: "official_future", portfolio: "as_evidenced", contract: "as_now", footprint: "dudley",
    projection: "2014",
  };
  const KINDS = ["scenario", "portfolio", "contract"];
  const LONGEST = 8000, MOST = 400;
  const wholes = new Map(); // whole lever: its elements, the same in every area

  E.PLAN_KEYS = ["v", ...Object.keys(USUAL), "set"];
  E.LONGEST = LONGEST;
  E.usualPlan = () => ({ ...USUAL, levers: {} });
  E.copy = (plan) => ({ ...plan, levers: { ...plan.levers } });
  E.same = (one, other) => address(one) === address(other);
  E.sameArea = (one, other) => one.footprint === other.footprint && one.projection === other.projection;

  // What an address asks for, if it is written as this page writes them. Of any other, null: the server is
  // to say what it asks for (dashboard/dudley_dashboard/view.py), so that both never read the same address differently.
  E.readPlan = function (search, area) {
    const pairs = [...new URLSearchParams(search)].filter(([key]) => E.PLAN_KEYS.includes(key));
    if (search.length > LONGEST || pairs.length > MOST) return null;
    const plan = E.usualPlan();
    for (const [key, value] of pairs) {
      if (key === "set") {
        const cut = value.lastIndexOf(":"), name = value.slice(0, cut);
        for (const each of wholes.get(name) || [name]) plan.levers[each] = Number(value.slice(cut + 1));
      } else if (key !== "v") plan[key] = value;
    }
    const written = window.dudley.writeSearch(pairs) === address(plan);
    return written && E.sameArea(plan, area) && known(plan, area) ? plan : null;
  };

  const known = (plan, area) =>
    KINDS.every((kind) => area.choices[kind].some((each) => each.key === plan[kind])) &&
    Object.entries(plan.levers).every(([name, value]) => E.allowed(name, value, area));

  E.allowed = function (name, value, area) {
    const limits = area.limits[E.leverOf(name)];
    return area.placesOf.has(name) && Number.isFinite(value) && value >= limits[0] && value <= limits[1];
  };
  E.leverOf = (name) => name.split("[")[0];
  E.elementOf = (name) => (name.includes("[") ? name.slice(name.indexOf("[") + 1, -1) : null);

  // The pairs of an address, as dudley_dashboard.view.search_of writes them.
  E.pairsOf = function (plan) {
    const changed = Object.keys(USUAL).filter((kind) => plan[kind] !== USUAL[kind]);
    const pairs = changed.map((kind) => [kind, plan[kind]]), levers = asWritten(plan.levers);
    const names = Object.keys(levers).sort();
    pairs.push(...names.map((name) => ["set", name + ":" + pythonNumber(levers[name])]));
    return pairs.length ? [["v", "1"], ...pairs] : [];
  };
  function address(plan) { return window.dudley.writeSearch(E.pairsOf(plan)); }
  E.searchOf = address;

  // A whole lever where all its elements agree, as dudley_dashboard.elements.as_written has it.
  function asWritten(levers) {
    const written = { ...levers };
    for (const whole of new Set(Object.keys(levers).filter((name) => name.includes("[")).map(E.leverOf))) {
      const elements = wholes.get(whole) || [], value = levers[elements[0]];
      if (value === undefined || !elements.every((each) => levers[each] === value)) continue;
      for (const each of elements) delete written[each];
      written[whole] = value;
    }
    return written;
  }

  // Values of all levers: the area's own, then scenario, portfolio and contract, then the user's, which win.
  E.row = function (plan, area, defaults = area.defaults) {
    const row = Float64Array.from(defaults);
    for (const kind of KINDS) for (const [place, value] of area.layers[kind][plan[kind]]) row[place] = value;
    for (const [name, value] of Object.entries(plan.levers)) {
      for (const place of area.placesOf.get(name)) row[place] = value;
    }
    return row;
  };

  // Places by address: of an element, and of a whole lever. Of a total no size can be set, as one number
  // cannot be right for several areas: those levers are not offered there.
  E.indexPlaces = function (area) {
    area.placesOf = new Map();
    wholes.clear();
    area.levers.forEach((name, place) => {
      const whole = E.leverOf(name), element = name.includes("[");
      if (element) wholes.set(whole, [...(wholes.get(whole) || []), name]);
      if (area.parts && area.sizes.includes(whole)) return;
      area.placesOf.set(name, [place]);
      if (element) area.placesOf.set(whole, [...(area.placesOf.get(whole) || []), place]);
    });
    area.sliders = area.sliders.filter((slider) => area.placesOf.has(slider.address));
    return area;
  };

  // Sets a lever, or takes it back to where scenario, portfolio and contract put it.
  E.withLever = function (plan, name, value, area) {
    const next = E.copy(plan);
    for (const each of wholes.get(name) || [name]) {
      delete next.levers[each];
      if (value !== null && value !== E.startOf(next, each, area)) next.levers[each] = value;
    }
    return next;
  };
  E.startOf = (plan, name, area) => E.row({ ...plan, levers: {} }, area)[area.placesOf.get(name)[0]];

  // Do nothing: the plan's own future and outside world, no portfolio, contract as now.
  E.nothingDecided = function (plan, area) {
    const world = Object.entries(plan.levers).filter(([name]) => !area.decisions.includes(E.leverOf(name)));
    return { ...plan, portfolio: "none", contract: "as_now", levers: Object.fromEntries(world) };
  };
  // The reference case: Official Future, do nothing, in the same area.
  E.referenceCase = (plan) =>
    ({ ...E.usualPlan(), portfolio: "none", footprint: plan.footprint, projection: plan.projection });
  E.decidesNothing = (plan, area) => E.same(plan, E.nothingDecided(plan, area));

  E.commandLine = function (plan) {
    const words = ["dudley-sd", "run", plan.scenario, "--portfolio", plan.portfolio];
    words.push("--contract", plan.contract, "--footprint", plan.footprint);
    if (plan.projection !== USUAL.projection) words.push("--projection", plan.projection);
    for (const [name, value] of Object.entries(asWritten(plan.levers))) {
      words.push("--lever", name + "=" + pythonNumber(value));
    }
    const plain = /^[\w@%+=:,./-]+$/, quoted = (word) => "'" + word.replace(/'/g, "'\"'\"'") + "'";
    return words.map((word) => (plain.test(word) ? word : quoted(word))).join(" ");
  };

  // As Python writes it, so that links and commands are the same from wherever they come.
  function pythonNumber(value) {
    const size = Math.abs(value);
    if (size && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
    return Number.isInteger(value) ? value.toFixed(1) : String(value);
  }
})();
