// Numbers as they are written for readers and as Python writes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNumber, pythonNumber, tidy, whole } from "../../dashboard/dudley_dashboard/js/numbers.js";

test("numbers have separators, a true minus, no minus zero, a dash where there is none", () => {
  const cases = [[1234.5, 1, "1,234.5"], [-3, 0, "−3"], [-0.4, 0, "0"], [-0.04, 1, "0.0"], [NaN, 0, "–"],
    [Infinity, 2, "–"], [-1234, 0, "−1,234"]];
  for (const [value, decimals, text] of cases) assert.equal(formatNumber(value, decimals), text);
});

test("halves are rounded away from zero, and zero has no sign", () => {
  assert.deepEqual([0.5, -0.5, 2.5, -2.5, -0.4].map(whole), [1, -1, 3, -3, 0]);
  assert.ok(Object.is(whole(-0.4), 0));
  assert.ok(Number.isNaN(whole(NaN)));
});

test("the dust of binary arithmetic goes", () => {
  assert.equal(tidy(0.1 + 0.2), 0.3);
  assert.equal(tidy(1 / 3), 0.333333333333);
});

test("numbers are written as Python's repr writes floats", () => {
  const cases = [[0, "0.0"], [1, "1.0"], [-2, "-2.0"], [0.25, "0.25"], [0.0001, "0.0001"], [0.00001, "1e-05"],
    [1.5e-7, "1.5e-07"], [1e15, "1000000000000000.0"], [1e16, "1e+16"], [1.25e20, "1.25e+20"], [1e-100, "1e-100"]];
  for (const [value, text] of cases) assert.equal(pythonNumber(value), text);
});
