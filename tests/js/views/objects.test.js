/** View "objects": memory, trees, network clients, fields. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { markup } from "../dom.js";
import { frameOf } from "../run.js";
import { card } from "./card.js";

const { objects } = await import("../../../app/static/js/views/objects.js");
const { memoryOf } = await import("../../../app/static/js/views/objects_memory.js");
const { busTree, qomTree } = await import("../../../app/static/js/views/objects_tree.js");
const { linksOf } = await import("../../../app/static/js/views/objects_net.js");
const { fieldLines } = await import("../../../app/static/js/views/objects_fields.js");

const { machine, stages, ids } = card();
const run = machine.run();

/** All cells, with their places. */
function cells(cell) {
  return [cell, ...cell.inside.flatMap(cells)];
}

test("VirtIONetPCI is VirtIOPCIProxy and, from 33744 on, VirtIONet: 43008 bytes", () => {
  const memory = memoryOf(frameOf(run), ids.proxy, false);
  assert.equal(memory.size, 43008);
  const at = (struct) => cells(memory).filter((cell) => cell.struct === struct).map(({ offset, size }) => [offset, size]);
  assert.deepEqual(at("VirtIOPCIProxy"), [[0, 33744]]);
  assert.deepEqual(at("VirtIONet"), [[33744, 9264]]);
  assert.deepEqual(at("VirtioBusState"), [[33608, 128]]);
  assert.deepEqual(at("Object"), [[0, 40], [33608, 40], [33744, 40]]);
});

test("cells fill their struct without gaps or overlaps", () => {
  for (const all of [false, true]) {
    for (const cell of cells(memoryOf(frameOf(run), ids.proxy, all))) {
      let end = cell.offset;
      for (const inner of cell.inside) {
        assert.equal(inner.offset, end);
        end += inner.size;
      }
      if (cell.inside.length) assert.equal(end, cell.offset + cell.size);
    }
  }
});

test("the bus tree goes from pci.0 through the card to the device on its virtio-bus", () => {
  const nodes = busTree(frameOf(run), ids.proxy);
  assert.deepEqual(nodes.map(({ level, kind, name }) => `${level} ${kind} ${name}`), ["0 bus pci.0", "1 device nic0", "2 bus virtio-bus", "3 device virtio-net-device"]);
  assert.equal(nodes[1].note, "02.0");
});

test("QOM's tree has virtio-backend under nic0 and folds what is not asked for", () => {
  const nodes = qomTree(frameOf(run), ids.proxy);
  assert.ok(nodes.some(({ name, level }) => name === "virtio-backend" && level === 3));
  assert.ok(nodes.some(({ kind, name }) => kind === "more" && name === "+ 1"));
});

test("card and backend are peers, card at the left", () => {
  const [link] = linksOf(frameOf(run));
  assert.deepEqual(link.ends.map(({ side, place }) => [side, place]), [["nic", 1], ["backend", 0]]);
  assert.match(markup(objects.draw(frameOf(run)).svg), /peer/);
});

test("the fields of the chosen object are shown, those of this step marked", () => {
  const frame = frameOf(run, stages.end, { selection: { kind: "object", id: ids.vdev } });
  assert.ok(fieldLines(frame, ids.vdev).some(({ text }) => text === "realized"));
  const place = run.history.field(ids.vdev, "DeviceState.realized").at(-1) + 1;
  const text = markup(objects.draw(frameOf(run, place, { selection: { kind: "object", id: ids.vdev } })).svg);
  assert.match(text, /changed-tint/);
});

test("text forms", () => {
  const { texts } = objects.draw(frameOf(run));
  assert.match(texts.tree(), /pci\.0 {2}PCI\n {2}nic0 {2}virtio-net-pci {2}02\.0\n/);
  assert.match(texts.mermaid(), /<-->\|peer\|/);
});
