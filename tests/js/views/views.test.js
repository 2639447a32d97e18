/** Every view draws every place of a run: SVG, table and text forms. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { markup } from "../dom.js";
import { card } from "../fixtures/card.js";
import { frameOf, messages, runOf } from "../run.js";

const { VIEWS } = await import("../../../app/static/js/views/index.js");
const { markdown, tree } = await import("../../../app/static/js/views/textforms.js");
const { placeAt, scaleOf, xOf } = await import("../../../app/static/js/views/timeline.js");
const { lines } = await import("../../../app/static/js/views/calls.js");

for (const view of Object.values(VIEWS)) {
  test(`${view.id} draws every place, in both languages`, () => {
    for (const bad of [false, true]) {
      const run = runOf(card({ bad }));
      for (const lang of ["en", "zh"]) {
        assert.ok(messages(lang).has(`view-${view.id}`));
        for (let at = 0; at <= run.length; at += lang === "en" ? 1 : 9) {
          const drawing = view.draw(frameOf(run, at, { lang }));
          const text = markup(drawing.svg);
          assert.doesNotMatch(text, /NaN|undefined|\[object/);
          assert.ok(drawing.label && drawing.width > 0 && drawing.height >= 0);
          const table = drawing.table();
          assert.doesNotMatch(markdown(table) + tree(table), /undefined|\[object/);
          for (const form of Object.values(drawing.texts ?? {})) assert.equal(typeof form(), "string");
        }
      }
    }
  });
}

test("the timeline's scale goes there and back", () => {
  const run = runOf(card());
  const scale = scaleOf(run, 800);
  let last = -1;
  for (let n = 0; n <= run.length; n++) {
    const x = xOf(scale, n);
    assert.ok(x >= last && x <= 800.001);
    last = x;
    assert.equal(placeAt(scale, x), n);
  }
});

test("the call tree unfolds the path to the present and folds runs of the same call", () => {
  const run = runOf(card());
  const row = run.calls.innermost(run.history.field(9, "PCIDevice.config").at(-1) ?? run.length - 20);
  const path = run.calls.path(row);
  const shown = lines(run, path, new Set());
  for (const each of path) assert.ok(shown.some((line) => line.row === each));
  const folded = lines(run, [], new Set());
  assert.equal(folded.length, 1);
});

test("the copied tree is indented by depth", () => {
  const run = runOf(card());
  const text = VIEWS.calls.draw(frameOf(run, 5)).texts.tree();
  assert.equal(text, "qemu_init\n  qemu_init_subsystems\n    type_register_static\n");
});
