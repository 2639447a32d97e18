/** View "types": registration, then the class, then instances; chains to choose from. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { markup } from "../dom.js";
import { frameOf } from "../run.js";
import { card } from "./card.js";

const { types } = await import("../../../app/static/js/views/types.js");
const { groupOf, groupsOf, typeRows } = await import("../../../app/static/js/views/types_model.js");
const { markdown } = await import("../../../app/static/js/views/textforms.js");

const { machine, stages } = card();
const run = machine.run();
const rows = (place, more = {}) => {
  const frame = frameOf(run, place, more);
  return typeRows(frame, groupOf(frame, groupsOf(frame)));
};
const row = (place, type) => rows(place).find((each) => each.type === type);

test("the two chains of the card with its sisters, as one tree", () => {
  assert.deepEqual(
    rows(run.length).map(({ type, level }) => `${level} ${type}`),
    [
      "0 object",
      "1 device",
      "2 pci-device",
      "3 virtio-pci",
      "4 virtio-net-pci-base",
      "5 virtio-net-pci",
      "5 virtio-net-pci-non-transitional",
      "5 virtio-net-pci-transitional",
      "2 virtio-device",
      "3 virtio-net-device",
    ],
  );
});

test("a type is registered, then gets its class, then instances", () => {
  const states = [1, stages.registered, stages.classes, run.length].map((place) => {
    const { registered, initialized, instances } = row(place, "virtio-net-pci");
    return [registered, initialized, instances.length];
  });
  assert.deepEqual(states, [[false, false, 0], [true, false, 0], [true, true, 0], [true, true, 1]]);
});

test("sizes, structs and functions are those of the TypeImpl and the class", () => {
  const { sizes, classStructs, structs, ownClass, ownStruct, entries, file } = row(run.length, "virtio-pci");
  assert.deepEqual([sizes, classStructs.at(-1), structs.at(-1), ownClass, ownStruct], [[248, 33744], "VirtioPCIClass", "VirtIOPCIProxy", true, true]);
  assert.deepEqual(entries.map(({ name, value }) => [name, value]), [["class_init", "virtio_pci_class_init"], ["instance_init", "NULL"]]);
  assert.equal(file, "hw/virtio/virtio-pci.c");
  assert.equal(row(run.length, "virtio-net-pci-transitional").structs.at(-1), "VirtIONetPCI");
});

test("realize is shown where it is written, and only there", () => {
  const written = (type) => row(run.length, type).written.map(({ slot, now }) => `${slot} = ${now}`);
  assert.deepEqual(written("virtio-pci"), ["DeviceClass.realize = virtio_pci_dc_realize", "PCIDeviceClass.realize = virtio_pci_realize", "VirtioPCIClass.parent_dc_realize = pci_qdev_realize"]);
  assert.deepEqual(written("virtio-net-pci"), []);
  assert.equal(row(stages.saved, "virtio-pci").written[0].now, null);
});

test("other chains can be chosen: by a tab, or by selecting a type", () => {
  assert.deepEqual(rows(run.length, { toggled: new Set(["types=bus#0"]) }).map(({ type }) => type), ["object", "bus", "PCI", "virtio-bus", "virtio-pci-bus"]);
  assert.ok(rows(run.length, { selection: { kind: "type", name: "e1000-base" } }).some(({ type }) => type === "e1000"));
});

test("Markdown has a row a type, Mermaid the inheritance", () => {
  const drawing = types.draw(frameOf(run));
  assert.match(markdown(drawing.table()), /virtio-pci \| pci-device \| VirtioPCIClass \| VirtIOPCIProxy \| 248 \/ 33744 \| yes \| virtio_pci_class_init/);
  assert.match(drawing.texts.mermaid(), /virtio_pci <\|-- virtio_net_pci_base/);
  assert.doesNotMatch(types.draw(frameOf(run, stages.registered)).texts.tree(), /realize =/);
});

test("wide and folded drawings hold every type", () => {
  for (const width of [500, 920, 1500]) {
    const text = markup(types.draw(frameOf(run, run.length, { box: { width, height: 700, top: 0 } })).svg);
    for (const { type } of rows(run.length)) assert.ok(text.includes(`type:${type}`), `${type} at ${width}`);
    assert.doesNotMatch(text, /NaN|undefined/);
  }
});
