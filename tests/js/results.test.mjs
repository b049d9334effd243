// Results of a run by output and year, what a plan gains, when it breaks even.

import assert from "node:assert/strict";
import { test } from "node:test";
import { breakEven, gainOf, lastValue, lineValues, seriesOf } from "../../dashboard/dudley_dashboard/js/explore/results.js";
import { makeArea } from "./area.mjs";

const area = makeArea();
area.outputs.contacts_moved = area.outputs.needed;
const run = Float64Array.from({ length: 27 }, (_, at) => at);
const nothing = run.map((value) => value - 2);

test("an output is found by its place, an element by its label", () => {
  assert.deepEqual([...seriesOf(run, area, "gp_gap")], [0, 9, 18]);
  assert.deepEqual([...seriesOf(run, area, "margin", "Commissioner")], [6, 15, 24]);
  assert.equal(lastValue(run, area, "margin", "Commissioner"), 24);
});

test("a plan breaks even from the year after the last in which it was worse off", () => {
  const years = [2017, 2018, 2019, 2020, 2021];
  assert.equal(breakEven([0, 0, -4e-7, 1, 2], years), 2018);
  assert.equal(breakEven([0, 0, -3, 5, 2], years), 2020);
  assert.equal(breakEven([0, 0, 4, -3, 2], years), 2021);
  assert.ok(Number.isNaN(breakEven([0, 0, -1, -2, -3], years)));
});

test("lines are in the unit of the chart; gains are over do nothing", () => {
  const line = { output: "gp_gap", element: null }, found = { run, without: nothing };
  assert.deepEqual([...lineValues({ scale: 100 }, line, found, area, "plan")], [0, 900, 1800]);
  assert.deepEqual([...gainOf(run, nothing, area)], [2, 2, 2]);
  assert.deepEqual([...lineValues({ gain: true, scale: 2 }, line, found, area, "plan")], [4, 4, 4]);
  assert.deepEqual([...lineValues({ gain: true, scale: 2 }, line, found, area, "nothing")], [0, 0, 0]);
  assert.equal(lineValues({ scale: 1 }, line, null, area, "base"), null);
});

test("a share of the shift is not drawn where no shift is needed", () => {
  const without = run.slice();
  without[11] = 0;
  const values = lineValues({ scale: 1, needs_shift: true }, { output: "landed" }, { run: without }, area, "plan");
  assert.deepEqual([...values], [3, NaN, 21]);
});
