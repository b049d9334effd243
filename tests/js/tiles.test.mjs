// The five tiles: what they say of a single run and of many.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gainText, gapText, moneyText, spreadText, stateText } from "../../dashboard/dudley_dashboard/js/explore/tile_text.js";
import { compared, describeTiles } from "../../dashboard/dudley_dashboard/js/explore/tiles.js";
import { defaultRequest } from "../../dashboard/dudley_dashboard/js/request.js";
import { makeArea } from "./area.mjs";

const area = makeArea();
Object.assign(area.outputs, {
  contacts_moved: area.outputs.needed, pressure_on_beds: area.outputs.wait,
  system_shortfall: { place: 6, labels: [], rule: "sum" },
});
const tiles = Object.fromEntries(describeTiles(area).map((tile) => [tile.key, tile]));

// A run whose last year is: GP gap, balance, contacts moved, -, landed share, -, shortfall, -, pressure on beds.
function run(gap, balance, share, shortfall, pressure, moved = 10) {
  const values = new Float64Array(27);
  values.set([gap, balance, moved, 0, share, 0, shortfall, 0, pressure], 18);
  return values;
}
const found = (more) => ({
  request: defaultRequest(), run: run(17.6, 3, 0.6, 0.081, 0.905), without: run(20.4, 1, 0, 0.0933, 0.95),
  base: { run: run(30, 0, 0, 0, 1) }, apart: false, nothing: false, ...more,
});
const state = compared(found());

test("differences are between the numbers that are shown", () => {
  assert.deepEqual(tiles.gp_gap.single(state),
    { value: "18", unit: "short", side: "bad", mood: "good", words: "gap 2 GPs smaller than doing nothing" });
  const { value, words } = tiles.occupancy.single(state);
  assert.deepEqual([value, words], ["91", "4 fewer than doing nothing"]);
});

test("money is in million pounds, what is missing a share of funding", () => {
  assert.deepEqual(tiles.shortfall.single(state),
    { value: "8.1%", unit: "of funding", mood: "good", words: "1.2 points lower than doing nothing" });
  const most = tiles.shortfall.most({ run: [0.05, 0.01, 0.1], difference: [0.002, 0, 1] }, state);
  assert.deepEqual([most.value, most.mood, most.words, most.spread],
    ["5.0%", "bad", "0.2 points higher than doing nothing", "8 in 10 runs: from 1.0% to 10.0%"]);
  assert.equal(tiles.gain.single(state).value, "from the start");
  assert.equal(tiles.gain.single(state).words, "£2m better off by 2033 than doing nothing");
  assert.deepEqual([gainText(-3), gainText(0.2)], ["£3m worse", "£0m"]);
});

test("what doing nothing assumes about money is worked out from its run", () => {
  const here = makeArea(), places = ["commissioner_funding", "council_funding", "system_money_missing",
    "hospital_margin_share", "unmet_social_care_share"];
  places.forEach((name, place) => { here.outputs[name] = { place, labels: [], rule: "sum" }; });
  const values = new Float64Array(27), pace = (rate) => (1 + rate) ** 15;
  values.set([80, 20, 0, -0.03, 0.1], 0);
  values.set([80 * pace(0.017), 20 * pace(0.017), 100 * (pace(0.021) - pace(0.017)), -0.067, 0.25], 18);
  assert.equal(moneyText(values, here, "Official Future"), "If nothing is done, Official Future gives care 1.7% a " +
    "year more money from 2018 to 2033 while 2.1% more is asked. In 2033 the hospital runs 7% behind its income, " +
    "25% of social care goes unmet, and nobody is assumed to fill either.");
  values[21] = NaN;
  assert.equal(moneyText(values, here, "Official Future"), "");
});

test("the shift that lands, stays, or is none", () => {
  assert.deepEqual(tiles.landed.single(state),
    { value: "60%", unit: "", mood: "bad", words: "40% stays in hospital: too few community staff" });
  const none = (request) => tiles.landed.single(compared(found({ request, run: run(0, 0, 1, 0, 0, 0) })));
  assert.match(none(defaultRequest()).words, /^No shift expected/);
  assert.equal(none({ ...defaultRequest(), portfolio: "none" }).value, "none planned");
});

test("do nothing is compared with the reference case where that is another run", () => {
  assert.equal(compared(found({ nothing: true })).against, "doing nothing");
  const other = compared(found({ nothing: true, apart: true }));
  assert.deepEqual([other.against, other.without[18]], ["the reference case", 30]);
  assert.equal(tiles.gain.single(other).value, "nothing to pay");
});

test("of many runs the median stands there, with 8 in 10 of them", () => {
  const gap = tiles.gp_gap.most({ run: [18.2, -44.4, 59.6], difference: [-1, -3, 2] }, state);
  assert.deepEqual([gap.value, gap.unit, gap.spread], ["18", "short", "8 in 10 runs: from 44 more to 60 short"]);
  assert.equal(gap.words, "gap 1 GP smaller than doing nothing");
  const landed = tiles.landed.most({ run: [1, 1, 1] }, state);
  assert.deepEqual([landed.words, landed.spread], ["All of it finds staff", "8 in 10 runs: 100%"]);
  assert.equal(tiles.gain.most({ difference: null }, state), null);
  assert.equal(tiles.gp_gap.most({ run: [0, 0, 0], difference: null }, state).words, "This is do nothing");
});

test("a gap is short, more than needed or none, and equal runs are alike", () => {
  assert.deepEqual([gapText(3), gapText(-3), gapText(0.2)], ["3 short", "3 more", "none"]);
  assert.equal(tiles.gp_gap.single(compared(found({ run: found().without }))).words, "As doing nothing");
  assert.equal(spreadText([0, 1, 2], String), "8 in 10 runs: from 1 to 2");
  assert.equal(stateText("working"), "Single run at central values. Median: being worked out.");
});
