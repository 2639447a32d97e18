/** Golden logs, written by tests/golden.py: both folds must give the states that stand in them. GOLDEN names one more. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { State, apply, revert } from "../../app/static/js/core/fold.js";
import { plain } from "./plain.js";

const FILES = [new URL("./fixtures/golden.json", import.meta.url), ...(process.env.GOLDEN ? [process.env.GOLDEN] : [])];

for (const file of FILES) {
  const { events, states } = JSON.parse(readFileSync(file, "utf8"));
  const places = Object.keys(states).map(Number).sort((a, b) => a - b);

  test(`${file}: applied`, () => {
    const state = new State();
    for (let n = 0; n <= events.length; n++) {
      if (states[n]) assert.deepEqual(plain(state), states[n], `after ${n} events`);
      if (n < events.length) apply(state, n, events[n]);
    }
    assert.ok(places.length > 1);
  });

  test(`${file}: reverted`, () => {
    const state = new State();
    events.forEach((event, seq) => apply(state, seq, event));
    for (let n = events.length; n >= 0; n--) {
      if (states[n]) assert.deepEqual(plain(state), states[n], `back to ${n} events`);
      if (n > 0) revert(state, n - 1, events[n - 1]);
    }
  });
}
