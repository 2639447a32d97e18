import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { apply, revert, State } from "../../app/static/js/core/fold.js";
import { encode } from "../../app/static/js/core/values.js";

// The log of a real run, with states, may be given instead of the kept one: GOLDEN=FILE node --test tests/js/fold.test.js
const file = process.env.GOLDEN ?? new URL("fixtures/golden.json", import.meta.url);
const golden = JSON.parse(readFileSync(file, "utf8"));

/** A state in the form of ARCHITECTURE.md, "Events". */
function plain(state) {
  const objects = {};
  for (const object of state.all()) {
    const fields = {};
    for (const [name, value] of object.fields) fields[name] = encode(value);
    objects[object.id] = { type: object.type, structs: [...object.structs], freed: object.freed, fields };
  }
  return { objects, calls: [...state.calls], messages: state.messages.map((message) => [...message]) };
}

test("forwards, every state is the one that Python folds", () => {
  const state = new State();
  for (let n = 0; n <= golden.events.length; n++) {
    if (golden.states[n]) assert.deepEqual(plain(state), golden.states[n], `after ${n} events`);
    if (n < golden.events.length) apply(state, n, golden.events[n]);
  }
});

test("backwards, every state is the one that Python folds", () => {
  const state = new State();
  golden.events.forEach((event, n) => apply(state, n, event));
  for (let n = golden.events.length; n >= 0; n--) {
    if (golden.states[n]) assert.deepEqual(plain(state), golden.states[n], `after ${n} events`);
    if (n > 0) revert(state, n - 1, golden.events[n - 1]);
  }
});

test("a fork is not changed by what happens to its origin", () => {
  const state = new State();
  golden.events.slice(0, 40).forEach((event, n) => apply(state, n, event));
  const fork = state.fork();
  const before = plain(fork);
  golden.events.slice(40).forEach((event, n) => apply(state, n + 40, event));
  assert.deepEqual(plain(fork), before);
});
