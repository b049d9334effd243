// Requests in addresses and on the command line, as Python reads and writes them, and what a run of one sets.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressPairs, commandLine, copyRequest, defaultRequest, doNothing, LONGEST, readRequest, referenceCase, sameRequest,
  searchOf, settingValues, startValue, withSetting,
} from "../../dashboard/dudley_dashboard/js/request.js";
import { makeArea } from "./area.mjs";

const area = makeArea();
const MDT = "coverage[MDT]", CARE_HOME = "coverage[CareHome]";
const withLevers = (levers, more = {}) => ({ ...defaultRequest(), ...more, levers });

test("the usual request has an empty address, and an empty address is the usual request", () => {
  assert.deepEqual(addressPairs(defaultRequest()), []);
  assert.equal(searchOf(defaultRequest()), "");
  assert.deepEqual(readRequest("", area), defaultRequest());
});

test("an address is read as it is written", () => {
  const requests = [
    withLevers({ [MDT]: 0.25, "GDP growth": -0.01 }, { scenario: "state_supreme", portfolio: "none" }),
    withLevers({ [MDT]: 0.4, [CARE_HOME]: 0.4 }),
    withLevers({ "GDP growth": 0.00005 }),
  ];
  for (const request of requests) assert.deepEqual(readRequest(searchOf(request), area), request);
});

test("an address stays readable, and names stand in the order of the alphabet", () => {
  const request = withLevers({ "GDP growth": 0.03, [MDT]: 1 }, { scenario: "state_supreme" });
  assert.equal(searchOf(request), "?v=1&scenario=state_supreme&set=GDP%20growth:0.03&set=coverage[MDT]:1.0");
});

test("elements that agree are one setting in the address", () => {
  assert.equal(searchOf(withLevers({ [MDT]: 0.4, [CARE_HOME]: 0.4 })), "?v=1&set=coverage:0.4");
  assert.equal(searchOf(withLevers({ [MDT]: 0.4 })), "?v=1&set=coverage[MDT]:0.4");
});

test("keys of other pages do not matter", () => {
  assert.deepEqual(readRequest("?v=1&portfolio=none&year=2028", area), { ...defaultRequest(), portfolio: "none" });
});

const FOR_THE_SERVER = {
  "a future that is not there": "?v=1&scenario=nowhere",
  "another area": "?v=1&footprint=walsall",
  "another projection": "?v=1&projection=2018",
  "a setting that is not there": "?v=1&set=sunshine:1.0",
  "a value beyond the limits": "?v=1&set=coverage[MDT]:0.95",
  "no number": "?v=1&set=coverage[MDT]:much",
  "a number that is written in another way": "?v=1&set=coverage[MDT]:.5",
  "another order": "?v=1&set=coverage[MDT]:0.5&portfolio=none",
  "the usual, written out": "?v=1&scenario=official_future",
  "no version": "?portfolio=none",
  "too much of it": "?v=1&portfolio=none&x=" + "x".repeat(LONGEST),
  "a thousand settings": "?v=1" + "&set=coverage[MDT]:0.5".repeat(1000).slice(0, LONGEST - 10),
};
for (const [what, search] of Object.entries(FOR_THE_SERVER)) {
  test(`an address with ${what} is left to the server`, () => assert.equal(readRequest(search, area), null));
}

test("settings: the area's own, then future and portfolio, then the user's, which win", () => {
  assert.deepEqual([...settingValues(defaultRequest(), area)], [0.8, 0.5, 0.02, 700]);
  const request = withLevers({ [MDT]: 0.1 }, { scenario: "state_supreme" });
  assert.deepEqual([...settingValues(request, area)], [0.1, 0.5, 0.01, 700]);
  assert.deepEqual([...settingValues(withLevers({}, { portfolio: "none" }), area, [1, 2, 3, 4])], [1, 2, 3, 4]);
});

test("a setting that is put where it starts is not set", () => {
  const moved = withSetting(defaultRequest(), MDT, 0.1, area);
  assert.deepEqual(moved.levers, { [MDT]: 0.1 });
  assert.deepEqual(withSetting(moved, MDT, 0.8, area).levers, {});
  assert.deepEqual(withSetting(moved, MDT, null, area).levers, {});
  assert.equal(startValue(moved, MDT, area), 0.8);
});

test("a setting without its element sets all its elements", () => {
  assert.deepEqual(withSetting(defaultRequest(), "coverage", 0.3, area).levers, { [MDT]: 0.3, [CARE_HOME]: 0.3 });
  assert.deepEqual(withSetting(defaultRequest(), "coverage", 0.5, area).levers, { [MDT]: 0.5 });
});

test("do nothing keeps the future and the outside world, the reference case keeps the area", () => {
  const request = withLevers({ [MDT]: 0.1, "GDP growth": 0.01 }, { scenario: "state_supreme" });
  const nothing = withLevers({ "GDP growth": 0.01 }, { scenario: "state_supreme", portfolio: "none" });
  assert.deepEqual(doNothing(request, area), nothing);
  assert.deepEqual(referenceCase(request), withLevers({}, { portfolio: "none" }));
  assert.equal(referenceCase({ ...request, footprint: "walsall" }).footprint, "walsall");
});

test("a copy does not change with its original", () => {
  const original = withLevers({ [MDT]: 0.1 }), copy = copyRequest(original);
  original.levers[MDT] = 0.2;
  assert.equal(copy.levers[MDT], 0.1);
  assert.equal(sameRequest(original, copy), false);
  assert.equal(sameRequest(copyRequest(original), original), true);
});

test("of a total no size can be set", () => {
  const total = makeArea({ parts: [{}, {}] });
  assert.equal(total.placesOf.has("beds in 2018"), false);
  assert.deepEqual(total.sliders, [{ address: MDT }]);
  assert.equal(readRequest("?v=1&set=beds%20in%202018:700.0", total), null);
  makeArea();
});

test("a command line is quoted for a shell", () => {
  const request = withLevers({ "GDP growth": 0.03, [MDT]: 0.1 }, { projection: "2018" });
  assert.equal(commandLine(request),
    "dudley-sd run official_future --portfolio as_evidenced --contract as_now --footprint dudley " +
    "--projection 2018 --lever 'GDP growth=0.03' --lever 'coverage[MDT]=0.1'");
  assert.match(commandLine({ ...request, projection: "it's" }), / --projection 'it'"'"'s' /);
});
