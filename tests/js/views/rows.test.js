import assert from "node:assert/strict";
import { test } from "node:test";
import "../dom.js";

const { rows } = await import("../../../app/static/js/views/rows.js");

/** The slots of rows after each of several drawings. */
function slotsAfter(...drawings) {
  const { _$litDirective$: Rows } = rows([], (key) => key, () => "");
  const list = new Rows({ type: 2 });
  return drawings.map((keys) => {
    const [order, slot] = list.render(keys, (key) => key, () => "").values;
    assert.deepEqual(order.map(slot), order.map(slot).toSorted((a, b) => a - b), "elements stay where they are");
    return Object.fromEntries(order.map((i) => [keys[i], slot(i)]));
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
