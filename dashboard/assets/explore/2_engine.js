// Running plans: in this browser where the model's module loads, else on the server.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  // Fetches what an area's model holds, and the model itself.
  E.loadArea = async function (prefix, footprint, addresses) {
    const where = addresses || (await json(prefix + "model/" + encodeURIComponent(footprint)));
    const module = where.mjs ? import(where.mjs).catch(() => null) : Promise.resolve(null);
    const area = E.indexPlaces(await json(where.json));
    area.footprint = footprint;
    const loaded = await module;
    area.engine = loaded && fits(loaded, area) ? here(loaded, area) : onServer(prefix);
    return area;
  };

  async function json(address, options) {
    const answer = await fetch(address, options);
    const content = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(content.error || `the server answered ${answer.status}`);
    return content;
  }

  // The first run takes longest: it is made before anybody waits for it.
  function fits(module, area) {
    try {
      return module.leverDefaults.length === area.levers.length && module.run(Float64Array.from(area.defaults)).length === area.years.length * area.series;
    } catch (_) { return false; }
  }

  function here(module, area) {
    return { here: true, run: (plans) => plans.map((plan) => module.run(E.row(plan, area))) };
  }

  function onServer(prefix) {
    return {
      here: false,
      async run(plans) {
        const searches = plans.map(E.searchOf);
        const answer = await json(prefix + "api/run", {
          method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ searches }),
        });
        return answer.runs.map((run) => Float64Array.from(run, (value) => (value === null ? NaN : value)));
      },
    };
  }

  // One output over the years, in the model's unit.
  E.series = function (run, area, output, element) {
    const { place, labels } = area.outputs[output], at = place + (element ? labels.indexOf(element) : 0);
    return Float64Array.from(area.years, (_, year) => run[year * area.series + at]);
  };
  E.atEnd = (run, area, output, element) => E.series(run, area, output, element)[area.years.length - 1];

  // First year from which on the system is no worse off, having been worse off; as dudley_sd.results.break_even has it.
  E.gain = (run, without, area) => {
    const ours = E.series(run, area, "system_balance"), theirs = E.series(without, area, "system_balance");
    return ours.map((value, year) => value - theirs[year]);
  };
  E.breakEven = function (gain, years) {
    let last = -1;
    gain.forEach((value, year) => { if (value < -0.5) last = year; });
    return last === -1 ? years[0] : last + 1 < years.length ? years[last + 1] : NaN;
  };
})();
