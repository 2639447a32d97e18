/** View "config": the chain grows at its head, regions appear as they are added, bytes lead to their events. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { markup } from "../dom.js";
import { frameOf } from "../run.js";
import { card } from "./card.js";

const { config } = await import("../../../app/static/js/views/config.js");
const { modelOf } = await import("../../../app/static/js/views/config_model.js");
const { focusOf, writersOf } = await import("../../../app/static/js/views/config_panel.js");

const { machine, stages, ids } = card();
const run = machine.run();
const model = (place, more) => modelOf(frameOf(run, place, more));

test("each capability goes to the head of the chain", () => {
  const chains = stages.regions.map((place) => model(place).space.capabilities.map(({ at }) => at));
  assert.deepEqual(chains, [[0x40], [0x50, 0x40], [0x60, 0x50, 0x40], [0x70, 0x60, 0x50, 0x40]]);
  assert.deepEqual(model(1).finally.capabilities.map(({ at }) => at), [0x98, 0x84, 0x70, 0x60, 0x50, 0x40]);
});

test("the regions of BAR 4 are made, then mapped; the BAR is registered last", () => {
  const regions = (place) => model(place).bars.find(({ number }) => number === 4).region.parts.map(({ how }) => how).join(" ");
  assert.equal(regions(stages.nic), "ahead ahead ahead ahead");
  assert.equal(regions(stages.regions[0]), "mapped made made made");
  assert.equal(regions(stages.regions[3]), "mapped mapped mapped mapped");
  assert.equal(model(stages.regions[3]).bars.find(({ number }) => number === 4).registered, false);
  assert.deepEqual(model(run.length).bars.map(({ number, size, registered }) => [number, size, registered]), [[0, 32, true], [1, 0x1000, true], [4, 0x4000, true], [6, 0x40000, true]]);
});

test("the pointer at 0x34 leads to the six events that moved it", () => {
  const frame = frameOf(run, run.length, { selection: { kind: "byte", id: ids.proxy, field: "PCIDevice.config", at: 0x34, size: 1 } });
  const focus = focusOf(frame, modelOf(frame));
  assert.equal(focus.register.name, "PCI_CAPABILITY_LIST");
  const writers = writersOf(frame, modelOf(frame), 0x34, 1, "PCIDevice.config");
  assert.deepEqual(writers.map(({ value }) => value), ["0x00", "0x40", "0x50", "0x60", "0x70", "0x84", "0x98"]);
  assert.deepEqual(new Set(writers.slice(1).map(({ name }) => name)), new Set(["pci_add_capability"]));
  assert.match(markup(config.draw(frame).svg), new RegExp(`data-go="${writers[1].seq + 1}"`));
});

test("a byte says which register it belongs to; each can be selected", () => {
  const text = markup(config.draw(frameOf(run)).svg);
  for (let at = 0; at < 256; at++) assert.ok(text.includes(`byte:${ids.proxy}:PCIDevice.config:${at}:1`));
  assert.match(text, /0x70 {2}PCI_CAP_LIST_ID|PCI_CAP_ID_VNDR/);
});

test("the masks can be shown instead", () => {
  const frame = frameOf(run, run.length, { toggled: new Set(["config-bytes=wmask#0"]) });
  assert.equal(modelOf(frame).shown, "wmask");
  assert.ok(markup(config.draw(frame).svg).includes(`byte:${ids.proxy}:PCIDevice.wmask:4:1`));
});

test("text forms: the chain as a tree, Mermaid, bytes as lspci prints them", () => {
  const { texts, table } = config.draw(frameOf(run));
  assert.match(texts.tree(), /0x98 PCI_CAP_ID_MSIX\n {4}vectors 4\n {4}table BAR 1 \+ 0x0/);
  assert.match(texts.mermaid(), /ptr --> cap98\n/);
  assert.match(texts.hex(), /^00: f4 1a 00 10 /);
  const row = table().rows.find(({ cells }) => cells[1] === "virtio_pci_notify_cap.notify_off_multiplier");
  assert.equal(row.cells[2].text, "0x00000004");
});

test("before the space is allocated there is nothing to read, and no error", () => {
  const drawing = config.draw(frameOf(run, stages.created));
  assert.equal(model(stages.created).config, null);
  assert.doesNotMatch(markup(drawing.svg), /NaN|undefined/);
  assert.ok(drawing.texts.hex().length < 3);
});
