/** Phases, milestones, and the steps of the four levels. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { card } from "../fixtures/card.js";
import { randomLog } from "../fixtures/random.js";
import { messages, runOf, story } from "../run.js";

const run = runOf(card());
const name = (n) => run.functionOf(n - 1)?.name;

test("the phases of a card come in QEMU's order", () => {
  const phases = run.story.segments.map((segment) => segment.phase);
  assert.deepEqual(phases.filter((phase, i) => phases.indexOf(phase) === i), ["start", "types", "options", "machine", "classes", "backends", "board", "create", "properties", "realize"]);
  run.story.segments.reduce((end, { start, end: stop }) => (assert.equal(start, end), stop), 0);
});

test("every phase has a name in both languages", () => {
  for (const lang of ["en", "zh"]) for (const { id } of story().phases) assert.ok(messages(lang).has(`phase-${id}`), `${lang} ${id}`);
});

test("steps forwards and back stop at the same places at every level", () => {
  for (const run of [runOf(card()), runOf(card({ bad: true })), runOf(randomLog(5, 2000))]) {
    for (const level of ["phase", "milestone", "function", "event"]) {
      const places = [0];
      for (let n = 0; n < run.length; ) places.push((n = run.levels.next(level, n)));
      const back = [run.length];
      for (let n = run.length; n > 0; ) back.unshift((n = run.levels.previous(level, n)));
      assert.deepEqual(back, places, level);
    }
  }
});

test("into, over and out, both ways", () => {
  const { levels, calls } = run;
  const row = [...Array(calls.length).keys()].find((each) => run.functionName(calls.fn.at(each)) === "virtio_pci_dc_realize");
  const entered = calls.enter.at(row) + 1;
  const left = calls.exit.at(row) + 1;
  assert.equal(levels.over(entered), left);
  assert.equal(levels.overBack(left), entered);
  assert.equal(levels.out(entered + 3), levels.out(levels.out(entered + 3) - 1));
  assert.equal(name(levels.into(entered)), "pci_add_capability");
  assert.equal(levels.outBack(levels.into(entered)), entered);
});

test("the flip of DeviceClass.realize is a milestone", () => {
  const field = run.columns.fields.find("DeviceClass.realize");
  const seqs = [...run.story.milestones.data.subarray(0, run.story.milestones.length)];
  assert.ok(seqs.some((seq) => run.columns.kind.at(seq) === 4 && run.columns.field.at(seq) === field));
});

test("an error is a milestone once, where it arises", () => {
  const bad = runOf(card({ bad: true }));
  const seqs = [...bad.story.milestones.data.subarray(0, bad.story.milestones.length)];
  const failures = seqs.filter((seq) => bad.columns.kind.at(seq) === 1 && bad.columns.field.at(seq) === 1);
  assert.equal(failures.length, 1);
  assert.equal(bad.functionOf(failures[0]).name, "object_set_properties_from_keyval");
});
