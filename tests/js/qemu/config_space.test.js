/** Configuration spaces read from the real program (qemu-system-x86_64 7.2.22, port 0xcf8 and ECAM through qtest), decoded. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decodeConfig } from "../../../app/static/js/qemu/config_space.js";
import { barOffset } from "../../../app/static/js/qemu/pci_header.js";
import { realizeOrder } from "../../../app/static/js/qemu/dispatch.js";

const recorded = JSON.parse(readFileSync(new URL("../fixtures/config-spaces.json", import.meta.url), "utf8"));

/** @param {string} name */
function space(name) {
  const bytes = new Uint8Array(recorded[name].size);
  bytes.set(recorded[name].bytes.match(/../g).map((/** @type {string} */ hex) => parseInt(hex, 16)));
  return decodeConfig(bytes);
}

const chain = (/** @type {any} */ { capabilities }) => capabilities.map((/** @type {any} */ each) => [each.at, each.kind || each.name]);
const register = (/** @type {any} */ { registers }, /** @type {string} */ name) => registers.find((/** @type {any} */ each) => each.name === name);

test("virtio-net-pci: the chain runs 98, 84, 70, 60, 50, 40, and says where in the BARs the structures are", () => {
  const net = space("virtio-net-pci");
  assert.equal(net.head, 0x98);
  assert.deepEqual(chain(net), [
    [0x98, "PCI_CAP_ID_MSIX"],
    [0x84, "VIRTIO_PCI_CAP_PCI_CFG"],
    [0x70, "VIRTIO_PCI_CAP_NOTIFY_CFG"],
    [0x60, "VIRTIO_PCI_CAP_DEVICE_CFG"],
    [0x50, "VIRTIO_PCI_CAP_ISR_CFG"],
    [0x40, "VIRTIO_PCI_CAP_COMMON_CFG"],
  ]);
  assert.deepEqual(
    net.capabilities.map(({ targets }) => targets.map(({ bar, offset, length }) => [bar, offset, length])),
    [[[1, 0, 64], [1, 0x800, 8]], [], [[4, 0x3000, 0x1000]], [[4, 0x2000, 0x1000]], [[4, 0x1000, 0x1000]], [[4, 0, 0x1000]]],
  );
  assert.equal(register(net, "virtio_pci_notify_cap.notify_off_multiplier").value, "0x00000004");
});

test("virtio-net-pci: ids and base addresses are named", () => {
  const net = space("virtio-net-pci");
  assert.equal(register(net, "PCI_VENDOR_ID").meaning, "PCI_VENDOR_ID_REDHAT_QUMRANET");
  assert.equal(register(net, "PCI_DEVICE_ID").meaning, "PCI_DEVICE_ID_VIRTIO_NET");
  assert.match(register(net, "PCI_CLASS_DEVICE").meaning, /PCI_CLASS_NETWORK_ETHERNET .*Ethernet controller/);
  assert.deepEqual(register(net, "PCI_BASE_ADDRESS_0").fields.map((/** @type {any} */ field) => field.name), ["PCI_BASE_ADDRESS_SPACE_IO"]);
  assert.ok(register(net, "PCI_BASE_ADDRESS_4").fields.some((/** @type {any} */ field) => field.text === "PCI_BASE_ADDRESS_MEM_TYPE_64"));
  assert.ok(register(net, "PCI_BASE_ADDRESS_5 (63:32)"));
  assert.equal(register(net, "PCI_INTERRUPT_PIN").fields[0].text, "INTA#");
});

test("behind a root port: device id 0x1041, PCI Express, and the extended chain", () => {
  const net = space("virtio-net-pci behind a root port");
  assert.equal(register(net, "PCI_DEVICE_ID").meaning, "PCI_DEVICE_ID_VIRTIO_10_BASE + 1");
  assert.deepEqual(chain(net).slice(-2), [[0x7c, "PCI_CAP_ID_PM"], [0x40, "PCI_CAP_ID_EXP"]]);
  assert.deepEqual(net.extended.map(({ at, name, size }) => [at, name, size]), [[0x100, "PCI_EXT_CAP_ID_ERR", 0x48], [0x148, "PCI_EXT_CAP_ID_ATS", 8]]);
  assert.ok(register(net, "PCI_EXP_DEVCAP").fields.some((/** @type {any} */ field) => field.name === "PCI_EXP_DEVCAP_FLR"));
  const pba = register(net, "PCI_MSIX_PBA").fields;
  assert.deepEqual(pba.map((/** @type {any} */ field) => field.text), ["BAR 1", "0x800"]);
});

test("a root port has a header of type 1", () => {
  const port = space("pcie-root-port");
  assert.equal(port.bridge, true);
  assert.equal(register(port, "PCI_SECONDARY_BUS").value, "0x01");
  assert.equal(register(port, "PCI_BASE_ADDRESS_2"), undefined);
  assert.equal(barOffset(6, true), 0x38);
  assert.ok(register(port, "PCI_EXP_FLAGS").fields.some((/** @type {any} */ field) => field.text === "PCI_EXP_TYPE_ROOT_PORT"));
  assert.deepEqual(chain(port).map(([, name]) => name), ["PCI_CAP_ID_EXP", "PCI_CAP_ID_MSIX", "PCI_CAP_ID_SSVID"]);
});

test("e1000e has MSI, e1000 no capability at all", () => {
  const msi = space("e1000e").capabilities.find(({ name }) => name === "PCI_CAP_ID_MSI");
  assert.ok(msi?.registers.some(({ name }) => name === "PCI_MSI_ADDRESS_HI"));
  assert.deepEqual(chain(space("e1000")), []);
  assert.equal(space("e1000").head, 0);
});

test("every byte of every header belongs to a register, but for the reserved ones", () => {
  for (const name of Object.keys(recorded)) {
    const { registerAt, bridge } = space(name);
    for (let at = 0; at < 0x40; at++) {
      const reserved = bridge ? (at >= 0x35 && at <= 0x37) : at >= 0x35 && at <= 0x3b;
      assert.equal(registerAt(at) !== null, !reserved, `${name} ${at.toString(16)}`);
    }
    for (const register of space(name).registers) for (let i = 0; i < register.size; i++) assert.ok(registerAt(register.at + i));
  }
});

test("a chain that turns in a circle ends", () => {
  const bytes = new Uint8Array(256);
  bytes[0x06] = 0x10;
  bytes[0x34] = 0x40;
  bytes.set([0x09, 0x50], 0x40);
  bytes.set([0x09, 0x40], 0x50);
  assert.deepEqual(decodeConfig(bytes).capabilities.map(({ at }) => at), [0x40, 0x50]);
});

test("the order that slots give: straight for e1000, through the kept one for virtio", () => {
  const order = (/** @type {Record<string, string>} */ slots) => realizeOrder((slot) => slots[slot] ?? null).map(({ name }) => name);
  assert.deepEqual(order({ "DeviceClass.realize": "pci_qdev_realize", "PCIDeviceClass.realize": "pci_e1000_realize" }), ["pci_qdev_realize", "pci_e1000_realize"]);
  assert.deepEqual(
    order({
      "DeviceClass.realize": "virtio_pci_dc_realize",
      "VirtioPCIClass.parent_dc_realize": "pci_qdev_realize",
      "PCIDeviceClass.realize": "virtio_pci_realize",
      "VirtioPCIClass.realize": "virtio_net_pci_realize",
    }),
    ["virtio_pci_dc_realize", "pci_qdev_realize", "virtio_pci_realize", "virtio_net_pci_realize"],
  );
});
