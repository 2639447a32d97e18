import assert from "node:assert/strict";
import { test } from "node:test";
import "../dom.js";

const { assign } = await import("../../../app/static/js/page/lines.js");

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
