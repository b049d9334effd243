// Loading an area, running requests here, and totals of areas.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadArea, totalOf } from "../../dashboard/dudley_dashboard/js/engine.js";
import { defaultRequest } from "../../dashboard/dudley_dashboard/js/request.js";
import { makeArea } from "./area.mjs";

const asJson = (content) => "data:application/json," + encodeURIComponent(JSON.stringify(content));
const asModule = (text) => "data:text/javascript," + encodeURIComponent(text);
// A module like those that the compiler writes: its outputs are the first setting times the year's number.
const MODEL = `export const leverDefaults = [0, 0, 0, 0];
  export const run = (levers) => Float64Array.from({ length: 27 }, (_, at) => levers[0] * Math.floor(at / 9));`;

test("an area runs here once its module is loaded, and is loaded once", async () => {
  const addresses = { json: asJson(makeArea()), mjs: asModule(MODEL) };
  const area = await loadArea("/", "dudley", addresses);
  assert.equal(area.engine.here, true);
  const [run, other] = area.engine.run([defaultRequest(), { ...defaultRequest(), portfolio: "none" }]);
  assert.deepEqual([run[0], run[9], run[18], other[18]], [0, 0.8, 1.6, 0]);
  assert.equal(await loadArea("/", "dudley", addresses), area);
});

const UNFIT = {
  "of another model": MODEL.replace("[0, 0, 0, 0]", "[0]"),
  "of other outputs": MODEL.replace("27", "26"),
  "that fails": "export const leverDefaults = [0, 0, 0, 0]; export const run = () => { throw Error('no'); };",
  "that is none": "this is no JavaScript",
};
for (const [what, text] of Object.entries(UNFIT)) {
  test(`with a module ${what} the server runs`, async () => {
    const area = await loadArea("/", "dudley", { json: asJson(makeArea()), mjs: asModule(text) });
    assert.equal(area.engine.here, false);
  });
}

test("a total is run in its parts, each with its own settings", async () => {
  const text = "\n" + MODEL.replace("levers[0] *", "levers[3] *");
  const parts = [700, 300].map((beds) =>
    ({ module: encodeURIComponent(`${text} // ${beds}`), defaults: [0, 0, 0.02, beds] }));
  const total = await loadArea(asModule("//"), "black_country", { json: asJson({ ...makeArea(), parts }) });
  assert.equal(total.engine.here, true);
  assert.equal(total.engine.run([defaultRequest()])[0][9], 1000);
});

test("sums are added up, shares are taken of sums, what cannot be told of a sum is not", () => {
  const area = makeArea();
  const row = ({ gap, needed, landed, price }) => [gap, 0, needed, landed, 0.5, 1, 2, price, 7];
  const run = (year) => Float64Array.from([year, year, year].flatMap(row));
  const total = totalOf([run({ gap: 3, needed: 10, landed: 9, price: 5 }),
    run({ gap: -1, needed: 30, landed: 11, price: 5 })], area);
  assert.deepEqual(Array.from(total.subarray(0, 9)), [2, 0, 40, 20, 0.5, 2, 4, 5, NaN]);
});

test("what is to be alike in all areas is not told where it is not", () => {
  const area = makeArea(), run = new Float64Array(27).fill(1), other = run.slice();
  other[16] = 1 + 1e-9;
  const total = totalOf([run, other], area);
  assert.ok([7, 16, 25].every((at) => Number.isNaN(total[at])));
});

test("shares are taken by element, and of sums of outputs", () => {
  const area = makeArea(), run = Float64Array.from({ length: 27 }, (_, at) => at % 9 + 1);
  area.outputs.margin.rule = { part: "costs", whole: "landed + needed", otherwise: 0, rest: false, least: null };
  area.outputs.costs = { place: 0, labels: ["Provider", "Commissioner"], rule: "none" };
  assert.deepEqual([...totalOf([run, run], area).subarray(5, 7)], [1 / 7, 2 / 7]);
});

test("shares of nothing, what is left of a share, and its least", () => {
  const rule = (more) => ({ part: "landed", whole: "needed", otherwise: 1, rest: false, least: null, ...more });
  const totalShare = (more, landed, needed) => {
    const area = makeArea();
    area.outputs.landed_share.rule = rule(more);
    const run = new Float64Array(27);
    [run[2], run[3]] = [needed, landed];
    return totalOf([run, run], area)[4];
  };
  assert.equal(totalShare({}, 0, 0), 1);
  assert.equal(totalShare({ rest: true }, 2, 8), 0.75);
  assert.equal(totalShare({ least: 0 }, -2, 8), 0);
});
