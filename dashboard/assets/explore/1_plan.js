// A plan: scenario, portfolio, contract, area and levers. To and from the address, the values of all levers, the command line.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const USUAL = { scenario: "official_future", portfolio: "as_evidenced", contract: "as_now", footprint: "dudley", projection: "2014" };
  const KINDS = ["scenario", "portfolio", "contract"];

  E.usualPlan = () => ({ ...USUAL, levers: {} });
  E.copy = (plan) => ({ ...plan, levers: { ...plan.levers } });
  E.same = (one, other) => address(one) === address(other);

  // What an address asks for; what cannot be true is left out (the server says so on first sight).
  E.readPlan = function (search, area) {
    const pairs = new URLSearchParams(search), plan = E.usualPlan();
    for (const kind of Object.keys(USUAL)) {
      const given = pairs.getAll(kind).pop();
      if (given && (kind === "projection" ? given === USUAL.projection : area.choices[kind].some((c) => c.key === given))) plan[kind] = given;
    }
    for (const text of pairs.getAll("set")) {
      const cut = text.lastIndexOf(":"), name = text.slice(0, cut), value = Number(text.slice(cut + 1));
      if (cut > 0 && E.allowed(name, value, area)) plan.levers[name] = value;
    }
    return plan;
  };

  E.allowed = function (name, value, area) {
    const limits = area.limits[E.leverOf(name)];
    return area.placesOf.has(name) && Number.isFinite(value) && value >= limits[0] && value <= limits[1];
  };
  E.leverOf = (name) => name.split("[")[0];
  E.elementOf = (name) => (name.includes("[") ? name.slice(name.indexOf("[") + 1, -1) : null);

  // The pairs of an address, as dashboard.view.search_of writes them.
  E.pairsOf = function (plan) {
    const pairs = Object.keys(USUAL).filter((kind) => plan[kind] !== USUAL[kind]).map((kind) => [kind, plan[kind]]);
    for (const name of Object.keys(plan.levers).sort()) pairs.push(["set", name + ":" + pythonNumber(plan.levers[name])]);
    return pairs.length ? [["v", "1"], ...pairs] : [];
  };
  function address(plan) { return window.dudley.writeSearch(E.pairsOf(plan)); }
  E.searchOf = address;

  // Values of all levers: the area's own, then scenario, portfolio and contract, then the user's, which win.
  E.row = function (plan, area) {
    const row = Float64Array.from(area.defaults);
    for (const kind of KINDS) for (const [place, value] of area.layers[kind][plan[kind]]) row[place] = value;
    for (const [name, value] of Object.entries(plan.levers)) for (const place of area.placesOf.get(name)) row[place] = value;
    return row;
  };

  // Places by address: of an element, and of a whole lever.
  E.indexPlaces = function (area) {
    area.placesOf = new Map();
    area.levers.forEach((name, place) => {
      area.placesOf.set(name, [place]);
      if (name.includes("[")) {
        const whole = E.leverOf(name);
        area.placesOf.set(whole, [...(area.placesOf.get(whole) || []), place]);
      }
    });
    return area;
  };

  // Sets a lever, or takes it back to where scenario, portfolio and contract put it.
  E.withLever = function (plan, name, value, area) {
    const next = E.copy(plan);
    delete next.levers[name];
    if (value !== null && value !== E.startOf(next, name, area)) next.levers[name] = value;
    return next;
  };
  E.startOf = (plan, name, area) => E.row({ ...plan, levers: {} }, area)[area.placesOf.get(name)[0]];

  // Nothing decided: in the same future with the same outside world, or in Official Future.
  E.nothingDecided = function (plan, area) {
    const world = Object.entries(plan.levers).filter(([name]) => !area.decisions.includes(E.leverOf(name)));
    return { ...plan, portfolio: "none", contract: "as_now", levers: Object.fromEntries(world) };
  };
  E.baseline = (plan) => ({ ...E.usualPlan(), portfolio: "none", footprint: plan.footprint });
  E.decidesNothing = (plan, area) => E.same(plan, E.nothingDecided(plan, area));

  E.commandLine = function (plan) {
    const words = ["dudley-sd", "run", plan.scenario, "--portfolio", plan.portfolio, "--contract", plan.contract, "--footprint", plan.footprint];
    for (const [name, value] of Object.entries(plan.levers)) words.push("--lever", name + "=" + pythonNumber(value));
    return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\"'\"'") + "'")).join(" ");
  };

  // As Python writes it, so that links and commands are the same from wherever they come.
  function pythonNumber(value) {
    const size = Math.abs(value);
    if (size && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
    return Number.isInteger(value) ? value.toFixed(1) : String(value);
  }
})();
