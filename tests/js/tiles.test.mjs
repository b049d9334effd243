// The five tiles: what they say of a single run and of many.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gainText, gapText, moneyText, spreadText, stateText } from "../../dashboard/dudley_dashboard/js/explore/tile_text.js";
import { compared, describeTiles } from "../../dashboard/dudley_dashboard/js/explore/tiles.js";
import { defaultRequest } from "../../dashboard/dudley_dashboard/js/request.js";
import { makeArea } from "./area.mjs";

const area = makeArea();
Object.assign(area.outputs, {
  community_contacts_needed: area.outputs.needed, occupancy: area.outputs.wait,
});
const tiles = Object.fromEntries(describeTiles(area).map((tile) => [tile.key, tile]));

// A run whose last year is: GP gap, balance, needed, -, landed share, -, commissioner, -, occupancy.
function run(gap, balance, share, commissioner, occupancy, needed = 10) {
  const values = new Float64Array(27);
  values.set([gap, balance, needed, 0, share, 0, commissioner, 0, occupancy], 18);
  return values;
}
const found = (more) => ({
  request: defaultRequest(), run: run(17.6, 3e6, 0.6, -4e6, 0.905), without: run(20.4, 1e6, 0, -5e6, 0.95),
  base: { run: run(30, 0, 0, 0, 1) }, apart: false, nothing: false, ...more,
});
const state = compared(found());

test("differences are between the numbers that are shown", () => {
  assert.deepEqual(tiles.gp_gap.single(state),
    { value: "18", unit: "short", side: "bad", mood: "good", words: "gap 2 GPs smaller than doing nothing" });
  const { value, words } = tiles.occupancy.single(state);
  assert.deepEqual([value, words], ["91", "4 fewer than doing nothing"]);
});

test("money is a surplus or a deficit in million pounds", () => {
  assert.deepEqual(tiles.commissioner.single(state),
    { value: "£4m", unit: "deficit", side: "bad", mood: "good", words: "£1m better than doing nothing" });
  assert.equal(tiles.gain.single(state).value, "from the start");
  assert.equal(tiles.gain.single(state).words, "£2m better off by 2033 than doing nothing");
  assert.deepEqual([gainText(-3e6), gainText(2e5), moneyText(4e5)], ["£3m worse", "£0m", "£0m"]);
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
