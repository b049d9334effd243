// Running plans: in this browser where the model's module loads, else on the server.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});
  const kept = new Map();

  // Fetches what an area's model holds, and the model itself; both are kept for the next visit of the page.
  E.loadArea = async function (prefix, footprint, addresses, projection = "2014") {
    const asked = projection === "2014" ? "" : "?projection=" + encodeURIComponent(projection);
    const where = addresses || (await E.json(prefix + "model/" + encodeURIComponent(footprint) + asked));
    const key = footprint + where.json + where.mjs;
    if (!kept.has(key)) kept.set(key, load(prefix, footprint, projection, where));
    try { return await kept.get(key); } catch (error) { kept.delete(key); throw error; }
  };

  async function load(prefix, footprint, projection, where) {
    const first = where.mjs ? imported(where.mjs) : null;
    const content = await E.json(where.json);
    const area = E.indexPlaces({ ...content, footprint, projection });
    const parts = (area.parts || []).map((part) => imported(prefix + "model/" + part.module));
    const modules = await Promise.all(first ? [first] : parts);
    const fit = modules.every((module, place) => module && fits(module, area, defaultsOf(area, place)));
    area.engine = fit ? here(modules, area) : onServer(prefix);
    return area;
  }

  const imported = (address) => import(address).catch(() => null);
  const defaultsOf = (area, place) => (area.parts ? area.parts[place].defaults : area.defaults);

  E.json = async function (address, options) {
    const answer = await fetch(address, options);
    const content = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(content.error || `the server answered ${answer.status}`);
    return content;
  };
  const send = (address, searches) => E.json(address, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ searches }),
  });

  // What an address asks for, as the server reads it: {plan, notes, model: where it is}.
  E.askPlan = (prefix, search) => send(prefix + "api/plan", [search.slice(0, E.LONGEST + 1)]);

  // The first run takes longest: it is made before anybody waits for it.
  function fits(module, area, defaults) {
    try {
      const levers = module.leverDefaults.length === area.levers.length;
      const run = module.run(Float64Array.from(defaults));
      return levers && run.length === area.years.length * area.series;
    } catch (_) { return false; }
  }

  function here(modules, area) {
    const part = (plan, place) => modules[place].run(E.row(plan, area, defaultsOf(area, place)));
    const all = (plan) => modules.map((_, place) => part(plan, place));
    const one = (plan) => (area.parts ? together(all(plan), area) : part(plan, 0));
    return { here: true, run: (plans) => plans.map(one) };
  }

  function onServer(prefix) {
    return {
      here: false,
      notes: [],
      async run(plans) {
        const answer = await send(prefix + "api/run", plans.map(E.searchOf));
        this.notes = answer.notes;
        return answer.runs.map((run) => Float64Array.from(run, (value) => (value === null ? NaN : value)));
      },
    };
  }

  // A total of areas: sums first, then shares from the sums, by the rules that dudley_dashboard.total tells.
  function together(runs, area) {
    const sums = runs[0].map((_, at) => runs.reduce((sum, run) => sum + run[at], 0));
    const found = sums.slice().fill(NaN);
    for (const { place, labels, rule } of Object.values(area.outputs)) {
      const width = Math.max(1, labels.length);
      const same = rule === "same" && alike(runs, area, place, width);
      const from = rule === "sum" ? sums : same ? runs[0] : null;
      for (let year = 0, at = place; year < area.years.length; year++, at += area.series) {
        if (rule.part) found[at] = share(sums, area, rule, year);
        else if (from) found.set(from.subarray(at, at + width), at);
      }
    }
    return found;
  }

  function share(sums, area, rule, year) {
    const [part, whole] = [rule.part, rule.whole].map((output) => {
      const { place, labels } = area.outputs[output], at = year * area.series + place;
      return sums.subarray(at, at + Math.max(1, labels.length)).reduce((sum, value) => sum + value, 0);
    });
    const ratio = whole === 0 ? rule.otherwise : part / whole, value = rule.rest ? 1 - ratio : ratio;
    return rule.least === null ? value : Math.max(rule.least, value);
  }

  const alike = (runs, area, place, width) => runs[0].every((value, at) => {
    const column = at % area.series;
    if (column < place || column >= place + width) return true;
    return runs.every((run) => Math.abs(value - run[at]) <= 1e-12 * Math.abs(run[at]));
  });
})();
