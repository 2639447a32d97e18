/** View "overrides": who stands in which slot, what was kept, and the order of calls. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { markup } from "../dom.js";
import { frameOf } from "../run.js";
import { card } from "./card.js";

const { overrides } = await import("../../../app/static/js/views/overrides.js");
const { tell } = await import("../../../app/static/js/views/overrides_story.js");
const { chosen, choice } = await import("../../../app/static/js/core/picks.js");

const { machine, stages, ids } = card();
const run = machine.run();
const at = (place, more = {}) => frameOf(run, place, more);
const chain = (place, part = "card") => tell(at(place)).chains.find((each) => each.part === part);
const held = (place, type) => Object.fromEntries(chain(place).rows.find((row) => row.type === type).slots.map(({ slot, name }) => [slot.key, name]));

test("device_class_set_parent_realize first keeps the old realize, then overwrites it", () => {
  assert.equal(held(stages.saved, "virtio-pci")["DeviceClass.realize"], "pci_qdev_realize");
  assert.equal(held(stages.saved, "virtio-pci")["VirtioPCIClass.parent_dc_realize"], "pci_qdev_realize");
  assert.deepEqual(held(stages.flipped, "virtio-pci"), {
    "DeviceClass.realize": "virtio_pci_dc_realize",
    "PCIDeviceClass.realize": "virtio_pci_realize",
    "VirtioPCIClass.parent_dc_realize": "pci_qdev_realize",
    "VirtioPCIClass.realize": null,
  });
  const [save] = chain(stages.flipped).rows.find((row) => row.type === "virtio-pci").saves;
  assert.deepEqual([save.from, save.to, save.by, save.done], ["DeviceClass.realize", "VirtioPCIClass.parent_dc_realize", "device_class_set_parent_realize", true]);
});

test("a slot says whether it was written here or copied, by whom, and instead of what", () => {
  const [virtio, base] = ["virtio-pci", "virtio-net-pci-base"].map((type) => chain(run.length).rows.find((row) => row.type === type));
  assert.deepEqual([virtio.slots[0].write.by, virtio.slots[0].write.via, virtio.slots[0].write.old], ["virtio_pci_class_init", "device_class_set_parent_realize", "pci_qdev_realize"]);
  assert.equal(base.slots[0].write, null);
  assert.equal(base.slots[3].write.by, "virtio_net_pci_class_init");
});

test("a class that does not have a struct has none of its slots", () => {
  assert.deepEqual(chain(run.length).rows[1].slots.map(({ has }) => has), ["here", "here", "none", "none"]);
});

test("the order of calls is the one of the run, and grows with it", () => {
  const { steps } = tell(at(run.length));
  assert.deepEqual(
    steps.map(({ name, slot, depth }) => `${depth} ${slot} ${name}`),
    [
      "0  device_set_realized",
      "1 DeviceClass.realize virtio_pci_dc_realize",
      "2 VirtioPCIClass.parent_dc_realize pci_qdev_realize",
      "3 PCIDeviceClass.realize virtio_pci_realize",
      "4 VirtioPCIClass.realize virtio_net_pci_realize",
      "5  device_set_realized",
      "6 DeviceClass.realize virtio_device_realize",
      "7 VirtioDeviceClass.realize virtio_net_device_realize",
      "7 VirtioBusClass.device_plugged virtio_pci_device_plugged",
    ],
  );
  assert.equal(steps.at(-1).via[0], "virtio_bus_device_plugged");
  assert.equal(chain(stages.created).stops.every(({ how }) => how === "ahead"), true);
  assert.equal(chain(stages.config).stops.filter(({ how }) => how === "open").length, 3);
  assert.equal(chain(run.length).stops.every(({ how }) => how === "done"), true);
});

test("the card beside it overrides nothing: its order follows from its slots", () => {
  const other = chain(run.length, "other");
  assert.equal(other.type, "e1000");
  assert.deepEqual(other.stops.map(({ name, how }) => [name, how]), [["device_set_realized", "would"], ["pci_qdev_realize", "would"], ["pci_e1000_realize", "would"]]);
});

test("text forms: the tree of calls, Mermaid, and a table with the events", () => {
  const drawing = overrides.draw(at(run.length));
  assert.match(drawing.texts.tree(), /^device_set_realized\n {2}virtio_pci_dc_realize {2}\(DeviceClass.realize\)\n {4}pci_qdev_realize/);
  assert.match(drawing.texts.mermaid(), /== "device_class_set_parent_realize keeps pci_qdev_realize" ==>/);
  const rows = drawing.table().rows.map(({ cells }) => cells.map((cell) => (typeof cell === "string" ? cell : cell.text)).join("|"));
  assert.ok(rows.some((row) => row.startsWith("virtio-pci|DeviceClass.realize|virtio_pci_dc_realize|pci_qdev_realize|virtio_pci_class_init|")));
});

test("narrow, middle and wide drawings hold the same functions", () => {
  for (const width of [480, 760, 1180, 1900]) {
    const text = markup(overrides.draw(at(run.length, { box: { width, height: 700, top: 0 } })).svg);
    for (const name of ["virtio_pci_dc_realize", "pci_qdev_realize", "virtio_net_pci_realize", "pci_e1000_realize", "virtio_pci_device_plugged"]) assert.ok(text.includes(name), `${name} at ${width}`);
    assert.ok(text.includes(`field:${ids.klass["virtio-pci"]}:DeviceClass.realize`));
  }
});

test("the layout does not move from step to step", () => {
  const size = (place) => {
    const { width, height } = overrides.draw(at(place));
    return `${width} ${height}`;
  };
  assert.equal(new Set([1, stages.saved, stages.created, stages.nic, run.length].map(size)).size, 1);
});

test("of several choices the latest counts", () => {
  const toggled = new Set();
  for (const value of ["a", "b", "a"]) toggled.add(choice(toggled, "card", value));
  assert.equal(chosen(toggled, "card"), "a");
  assert.equal(toggled.size, 3);
});
