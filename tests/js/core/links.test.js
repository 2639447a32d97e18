/** Links: stable keys of events, the whole view in the address, selections by stable names. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { keyAt, placeOf } from "../../../app/static/js/core/keys.js";
import { fromLink, fromToken, toLink, token } from "../../../app/static/js/core/selection.js";
import { EMPTY, read, write } from "../../../app/static/js/core/url.js";
import { card } from "../fixtures/card.js";
import { randomLog } from "../fixtures/random.js";
import { runOf } from "../run.js";

test("the key of every place leads back to it", () => {
  for (const run of [runOf(card()), runOf(randomLog(3, 400))]) {
    for (let n = 0; n <= run.length; n++) assert.deepEqual(placeOf(run, keyAt(run, n)), { at: n, exact: true });
  }
});

test("a key that is gone leads to the nearest", () => {
  const run = runOf(card());
  const key = keyAt(run, run.levels.into(40));
  const moved = placeOf(run, key.replace(/\d+$/, "99"));
  assert.equal(moved.exact, false);
  assert.equal(run.functionOf(moved.at - 1).name, key.split(".")[2]);
  assert.equal(placeOf(run, "E.realize.no_such_function.0").at, -1);
});

test("the address holds the whole view", () => {
  const view = { ...EMPTY, argv: '-M pc -device {"driver":"e1000"}', version: "7.2", at: "E.realize.f.0", selection: "field:virtio-net-pci:DeviceState.realized", layout: "types", level: "phase", query: "fn:virtio_*", breakpoints: ["byte:0x34", "type:e1000"], lang: "zh", theme: "dark" };
  assert.deepEqual(read(`#${write(view)}`), view);
  assert.deepEqual(read(""), EMPTY);
});

// Links that were once given out. They are never to be changed; a new form of the address is upgraded to.
const GIVEN_OUT = {
  "#v=1&argv=-nodefaults+-M+pc&qemu=7.2&at=E.realize.virtio_pci_realize.0&sel=field:virtio-net-pci:DeviceState.realized&show=realize&by=function&lang=zh&theme=dark":
    { argv: "-nodefaults -M pc", version: "7.2", at: "E.realize.virtio_pci_realize.0", selection: "field:virtio-net-pci:DeviceState.realized", layout: "realize", level: "function", lang: "zh", theme: "dark" },
};
for (const [link, view] of Object.entries(GIVEN_OUT)) {
  test(`an old link still works: ${link.slice(0, 40)}…`, () => assert.deepEqual(read(link), { ...EMPTY, ...view }));
}

test("upgrades are applied in turn", () => {
  const steps = [(params) => params.set("by", params.get("level")), (params) => params.set("by", `${params.get("by")}!`)];
  assert.equal(read("#v=1&level=phase", steps).level, "phase!");
  assert.equal(read("#v=2&by=phase", steps).level, "phase!");
});

test("selections keep their object when ids move", () => {
  const { ids, ...log } = card();
  const run = runOf(log);
  for (const text of [`object:${ids["class virtio-pci"]}`, `field:${ids.card}:DeviceState.realized`, `byte:${ids.card}:PCIDevice.config:52:1`, "call:3", "function:virtio_pci_realize", "type:virtio-net-pci"]) {
    const selection = fromToken(text);
    assert.equal(token(selection), text);
    assert.deepEqual(fromLink(run, toLink(run, selection)), selection);
  }
  assert.equal(toLink(run, fromToken(`object:${ids["class virtio-pci"]}`)), "object:class%20virtio-pci");
  assert.equal(fromLink(run, "object:no-such-thing"), null);
  assert.equal(fromToken("rubbish"), null);
});
