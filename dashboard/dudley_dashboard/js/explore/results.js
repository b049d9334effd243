// Results of a run: one output over the years, what a plan gains, when it breaks even.

// One output over the years, in the model's unit.
export function seriesOf(run, area, output, element) {
  const { place, labels } = area.outputs[output], at = place + (element ? labels.indexOf(element) : 0);
  return Float64Array.from(area.years, (_, year) => run[year * area.series + at]);
}
export const lastValue = (run, area, output, element) =>
  seriesOf(run, area, output, element)[area.years.length - 1];

// Money of the system less what it would be if nothing were done in the same future.
export function gainOf(run, without, area) {
  const other = seriesOf(without, area, "system_balance");
  return seriesOf(run, area, "system_balance").map((value, year) => value - other[year]);
}
export const PROJECTED = 2018; // the futures leave the one history: dudley_sd.inputs.years

// First year from which on the system is no worse off, having been worse off: first_year_without_loss of
// dudley_sd.results.derived.
export function breakEven(gain, years) {
  const last = gain.findLastIndex((value) => value < -5e-7);
  return last === -1 ? PROJECTED : last + 1 < years.length ? years[last + 1] : NaN;
}

// Numbers of a line, in the chart's unit; null where nothing is to be drawn. run: plan, base or nothing.
export function lineValues(spec, line, results, area, run) {
  if (!results) return null;
  if (spec.gain) {
    if (run !== "plan") return new Float64Array(area.years.length);
    return gainOf(results.run, results.without, area).map((value) => value * spec.scale);
  }
  const values = seriesOf(results.run, area, line.output, line.element).map((value) => value * spec.scale);
  if (!spec.needs_shift) return values;
  const needed = seriesOf(results.run, area, "contacts_moved");
  return values.map((value, year) => (needed[year] > 0 ? value : NaN));
}
