// Addresses, axes, diagrams, lines of text and the history of requests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { changedPairs, writeSearch } from "../../dashboard/dudley_dashboard/js/address.js";
import { course, edge } from "../../dashboard/dudley_dashboard/js/diagrams.js";
import { decimalsOf, nice } from "../../dashboard/dudley_dashboard/js/explore/axis.js";
import { makeHistory } from "../../dashboard/dudley_dashboard/js/explore/page.js";
import { defaultRequest } from "../../dashboard/dudley_dashboard/js/request.js";
import { wrap } from "../../dashboard/dudley_dashboard/js/text_width.js";

test("an address stays readable, and what could end a value does not stand in it", () => {
  assert.equal(writeSearch([]), "");
  assert.equal(writeSearch([["set", "a b[c]:1,2"], ["x&y", "1=2&3#+%"]]), "?set=a%20b[c]:1,2&x%26y=1%3D2%263%23%2B%25");
});

test("keys of an address are replaced, repeated, or left out", () => {
  const pairs = changedPairs("?v=1&year=2020&areas=a&areas=b", { areas: ["c", "d"], year: null, old: undefined, n: 0 });
  assert.deepEqual(pairs, [["v", "1"], ["areas", "c"], ["areas", "d"], ["n", "0"]]);
});

test("an axis reaches around its lines in round steps", () => {
  assert.deepEqual(nice(0, 97), [0, 100, 25]);
  assert.deepEqual(nice(-12, 31), [-20, 40, 20]);
  assert.deepEqual(nice(5, 5), [4, 6, 2]);
  for (const [least, most] of [[0, 0], [0.001, 0.0013], [-4e6, -3e6], [-0.5, 12345]]) {
    const [from, to, step] = nice(least, most);
    assert.ok(from <= least && to >= most && to > from && (to - from) / step <= 7, `${least} to ${most}`);
  }
});

test("numbers at an axis have as many decimals as its steps need", () => {
  assert.deepEqual([100, 25, 2.5, 0.25, 0.05, 0.0001].map(decimalsOf), [0, 0, 1, 2, 2, 3]);
});

test("an arrow leaves a box at its edge", () => {
  const box = { x: 10, y: 10, width: 20, height: 10 };
  assert.deepEqual(edge(box, [110, 10], 0), [20, 10]);
  assert.deepEqual(edge(box, [10, -90], 1), [10, 4]);
});

test("arrows are straight, or bend through their points, and there and back do not lie on each other", () => {
  const [from, to] = [{ x: 0, y: 0, width: 10, height: 10 }, { x: 100, y: 0, width: 10, height: 10 }];
  const picture = { width: 200, height: 200 }, arrow = { through: [] };
  assert.equal(course(arrow, from, to, picture, false).path, "M6,0 L90,0");
  assert.match(course(arrow, from, to, picture, true).path, /^M.* Q50,-14 /);
  assert.match(course(arrow, to, from, picture, true).path, /^M.* Q50,14 /);
  assert.match(course({ through: [[40, 50], [60, 50]] }, from, to, picture, false).path, / Q40,50 50,50 Q60,50 /);
  assert.match(course(arrow, from, to, { ...picture, bent: true }, false).path, /^M.* Q/);
});

test("text is parted at spaces, and a long word stays whole", () => {
  const letters = (text) => text.length;
  assert.deepEqual(wrap("one two  three\nfour", "", 8, letters), ["one two", "three", "four"]);
  assert.deepEqual(wrap("incomprehensibilities of it", "", 8, letters), ["incomprehensibilities", "of it"]);
  assert.deepEqual(wrap("10\u00a0GPs too few", "", 6, letters), ["10\u00a0GPs", "too", "few"]);
});

test("undo and redo lead back and forth; a new change forgets what was ahead", () => {
  const history = makeHistory(), at = (portfolio) => ({ ...defaultRequest(), portfolio });
  assert.equal(history.back(at("a")), null);
  history.add(at("a"));
  history.add(at("b"));
  assert.equal(history.last().portfolio, "b");
  assert.equal(history.back(at("c")).portfolio, "b");
  assert.deepEqual(history.can(), { undo: true, redo: true });
  assert.equal(history.forward(at("b")).portfolio, "c");
  history.back(at("c"));
  history.add(at("d"));
  assert.deepEqual(history.can(), { undo: true, redo: false });
});
