import assert from "node:assert/strict";
import { test } from "node:test";
import "../dom.js";

const { assign, tabs } = await import("../../../app/static/js/page/lines.js");

/** The slots of rows after each of several drawings. */
function slotsAfter(...drawings) {
  let slots = new Map();
  return drawings.map((keys) => {
    slots = assign(slots, keys);
    assert.equal(new Set(slots.values()).size, keys.length, "no two rows have the same elements");
    return Object.fromEntries(slots);
  });
}

test("a row that comes into sight takes the elements of one that has left it", () => {
  const [, after] = slotsAfter(["a", "b", "c"], ["b", "c", "d"]);
  assert.deepEqual(after, { b: 1, c: 2, d: 0 });
});

test("rows that stay keep their elements, in whatever order they are", () => {
  const [before, after, back] = slotsAfter(["a", "b", "c", "d"], ["d", "x", "a"], ["a", "b", "c", "d"]);
  assert.deepEqual(before, { a: 0, b: 1, c: 2, d: 3 });
  assert.deepEqual(after, { a: 0, x: 1, d: 3 });
  assert.deepEqual(back, { a: 0, b: 1, c: 2, d: 3 });
});

test("tabs lead to a place that is a tab stop, past those that are too near", () => {
  const stops = { first: 9, every: 13 };
  assert.equal(tabs(9, 22, stops), 1);
  assert.equal(tabs(9, 48, stops), 3);
  assert.equal(tabs(9 + 11.4, 35, stops), 1, "22 is nearer than half a character");
  assert.equal(tabs(22, 22, stops), 0);
  assert.equal(tabs(9, 30, stops), -1, "no stop is there");
  assert.equal(tabs(40, 22, stops), -1, "it lies behind");
  assert.equal(tabs(0, 8.8, undefined), -1);
});
