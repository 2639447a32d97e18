/** Going to any place gives the state of folding up to there; quickly. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { State, apply } from "../../../app/static/js/core/fold.js";
import { random, randomLog } from "../fixtures/random.js";
import { runOf } from "../run.js";
import { plain } from "../plain.js";

test("seeking to and fro gives the folded state", () => {
  const log = randomLog(7, 20_000);
  const run = runOf(log, 1000);
  const next = random(3);
  for (let i = 0; i < 40; i++) {
    const n = i === 0 ? 0 : i === 1 ? log.events.length : Math.floor(next() * (log.events.length + 1));
    const state = new State();
    for (let seq = 0; seq < n; seq++) apply(state, seq, log.events[seq]);
    assert.deepEqual(plain(run.timeline.seek(n)), plain(state));
  }
});

test("a seek in a log of 200,000 events stays far under a tenth of a second", () => {
  const run = runOf(randomLog(9, 200_000));
  const next = random(5);
  const times = [];
  for (let i = 0; i < 31; i++) {
    const begun = performance.now();
    run.timeline.seek(Math.floor(next() * run.length));
    times.push(performance.now() - begun);
  }
  // The middle one: a busy machine may hold up any single one.
  assert.ok(times.sort((a, b) => a - b)[15] < 100, `${times[15]} ms`);
});

test("chunks that overlap are cut, a gap is refused", () => {
  const { header, events } = randomLog(4, 100);
  const run = runOf({ header, events: events.slice(0, 60) }, 25);
  const late = events.slice(50);
  run.append(50, JSON.stringify(late), late);
  assert.equal(run.length, events.length);
  assert.deepEqual(run.log.at(60), events[60]);
  assert.throws(() => run.append(run.length + 5, "[]", [events[0]]), RangeError);
});
