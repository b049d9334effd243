// What a run says: one output over the years, what a plan gains, when it has paid for itself.
(function () {
  "use strict";
  const E = (window.dudleyExplore = window.dudleyExplore || {});

  // One output over the years, in the model's unit.
  E.series = function (run, area, output, element) {
    const { place, labels } = area.outputs[output], at = place + (element ? labels.indexOf(element) : 0);
    return Float64Array.from(area.years, (_, year) => run[year * area.series + at]);
  };
  E.atEnd = (run, area, output, element) => E.series(run, area, output, element)[area.years.length - 1];

  // Money of the system less what it would be if nothing were done in the same future.
  E.gain = (run, without, area) => {
    const ours = E.series(run, area, "system_balance"), theirs = E.series(without, area, "system_balance");
    return ours.map((value, year) => value - theirs[year]);
  };
  // First year from which on the system is no worse off, having been worse off: dudley_sd.results.break_even.
  E.breakEven = function (gain, years) {
    let last = -1;
    gain.forEach((value, year) => { if (value < -0.5) last = year; });
    return last === -1 ? years[0] : last + 1 < years.length ? years[last + 1] : NaN;
  };

  // Numbers of a line, in the chart's unit; null where nothing is to be shown. run: plan, base or nothing.
  E.valuesOf = function (spec, line, results, area, run) {
    if (!results) return null;
    if (spec.gain) return gainOf(spec, results, area, run);
    const values = E.series(results.run, area, line.output, line.element).map((value) => value * spec.scale);
    if (!spec.needs_shift) return values;
    const needed = E.series(results.run, area, "community_contacts_needed");
    return values.map((value, year) => (needed[year] > 0 ? value : NaN));
  };
  function gainOf(spec, results, area, run) {
    if (run !== "plan") return new Float64Array(area.years.length);
    return E.gain(results.run, results.without, area).map((value) => value * spec.scale);
  }
})();
