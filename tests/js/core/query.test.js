/** Search, breakpoints, history and what a step changed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { backward, compile, forward, search } from "../../../app/static/js/core/query.js";
import { card } from "../fixtures/card.js";
import { runOf } from "../run.js";

const { ids, ...log } = card();
const run = runOf(log);
const names = (text) => [...search(run, text)].map((seq) => run.functionOf(seq)?.name);

test("facets find functions, types, fields, objects, kinds and bytes", () => {
  assert.deepEqual(names("fn:virtio_pci_*init"), ["virtio_pci_class_init", "virtio_pci_generic_class_init"]);
  assert.equal(search(run, "field:DeviceClass.realize").length, 1);
  assert.equal(search(run, "field:realize kind:set").length, 1);
  assert.equal(search(run, "byte:0x34").length, 3);
  assert.equal(search(run, "byte:0x41").length, 1);
  assert.deepEqual(names("kind:new type:virtio-net-pci"), ["type_initialize", "qdev_new"]);
  assert.ok(search(run, "obj:nic0 kind:poke").length === 6);
  assert.equal(search(run, "phase:realize fn:pci_add_capability").length, 3);
  assert.equal(search(run, "").length, 0);
});

test("words look into every name", () => {
  assert.ok(names("capab").every((name) => name === "pci_add_capability"));
  assert.ok(search(run, "nonsense").length === 0);
});

test("breakpoints stop both ways", () => {
  const stop = [compile(run, "byte:0x34")];
  const places = [];
  for (let n = 0; (n = forward(run, stop, n)) !== -1; ) places.push(n);
  assert.equal(places.length, 3);
  assert.equal(backward(run, stop, places[2]), places[1]);
  assert.equal(forward(run, stop, places[2]), -1);
});

test("history names every write of a field and of a byte", () => {
  assert.equal(run.history.field(ids.card, "PCIDevice.config", 0x34).length, 4);
  assert.equal(run.history.field(ids.card, "PCIDevice.config", 0x40).length, 2);
  const [first] = run.history.field(ids.card, "DeviceState.realized");
  assert.equal(run.history.lastWrite(ids.card, "DeviceState.realized", first), -1);
  assert.equal(run.history.lastWrite(ids.card, "DeviceState.realized", first + 1), first);
  const writers = run.history.lastWriters(ids.card, "PCIDevice.config", 256, run.length);
  assert.equal(run.functionOf(writers[0x50]).name, "pci_add_capability");
  assert.equal(run.functionOf(writers[0xff]).name, "qdev_new");
});

test("a step's changes are those since the stop before", () => {
  const [flip] = run.history.field(ids["class virtio-pci"], "DeviceClass.realize");
  const changes = run.changes(flip + 1, "event");
  assert.ok(changes.field(ids["class virtio-pci"], "DeviceClass.realize"));
  assert.equal(changes.before(ids["class virtio-pci"], "DeviceClass.realize").name, "pci_qdev_realize");
  assert.ok(!changes.field(ids["class virtio-pci"], "VirtioPCIClass.parent_dc_realize"));
  const larger = run.changes(flip + 2, "function");
  assert.ok(larger.field(ids["class virtio-pci"], "VirtioPCIClass.parent_dc_realize"));
  const byte = run.changes(run.history.field(ids.card, "PCIDevice.config", 0x34)[1] + 1, "event");
  assert.ok(byte.field(ids.card, "PCIDevice.config", 0x34) && !byte.field(ids.card, "PCIDevice.config", 0x35));
});
