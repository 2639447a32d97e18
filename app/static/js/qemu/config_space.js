/**
 * A configuration space, decoded: which register each byte belongs to, what its value means, and the two chains of capabilities.
 * @module
 */

import { CAP_IDS, VIRTIO_CFG_TYPES, capabilityRegisters, isVirtioCapability } from "./pci_capabilities.js";
import { EXT_CAP_IDS, extendedRegisters } from "./pci_express.js";
import { PCI_CAPABILITY_LIST, PCI_CONFIG_SPACE_SIZE, headerRegisters, isBridge } from "./pci_header.js";
import { className, deviceName, vendorName } from "./pci_ids.js";
import { fieldsOf, hexNumber, read } from "./registers.js";

/** @typedef {import("./registers.js").RegisterInfo} RegisterInfo */
/** @typedef {import("./registers.js").FieldValue} FieldValue */

/**
 * A register at its place.
 * @typedef {object} Register
 * @property {number} at
 * @property {number} size
 * @property {string} name
 * @property {string} value in hexadecimal; of long registers the bytes
 * @property {string} meaning a name for the value, "" where it has none
 * @property {FieldValue[]} fields those that say something
 * @property {Capability | null} owner the capability it belongs to, null: the header
 */
/**
 * @typedef {object} Capability
 * @property {number} at
 * @property {number} size
 * @property {number} id
 * @property {string} name PCI_CAP_ID_… or PCI_EXT_CAP_ID_…
 * @property {number} next offset of the next one, 0 at the end
 * @property {boolean} extended it lies in the space of PCI Express, from 0x100 on
 * @property {Register[]} registers
 * @property {Target[]} targets where in the BARs it points to
 * @property {string} kind of a virtio capability: VIRTIO_PCI_CAP_…; else ""
 */
/**
 * A place in a BAR that a capability points to.
 * @typedef {object} Target
 * @property {string} label register that says so
 * @property {number} bar
 * @property {number} offset
 * @property {number} length 0 where the capability does not say
 */
/**
 * @typedef {object} ConfigSpace
 * @property {Register[]} registers in order of offset
 * @property {Capability[]} capabilities in chain order
 * @property {Capability[]} extended in chain order
 * @property {number} head what the pointer at 0x34 says, 0 where there is no list
 * @property {boolean} bridge
 * @property {(at: number) => Register | null} registerAt
 */

const STATUS_CAP_LIST = 0x10;
const EXP_VER1_SIZEOF = 0x14;
const MSIX_ENTRY_SIZE = 16;

/**
 * Decode a configuration space of 256 or 4096 bytes.
 * @param {Uint8Array} config
 * @returns {ConfigSpace}
 */
export function decodeConfig(config) {
  const capabilities = standardChain(config);
  const extended = extendedChain(config, capabilities);
  const registers = headerRegisters(config).map((info) => placed(config, info, 0, null));
  for (const capability of [...capabilities, ...extended]) registers.push(...capability.registers);
  registers.sort((a, b) => a.at - b.at);
  /** @type {(Register | undefined)[]} */
  const bytes = [];
  for (const register of registers) bytes.fill(register, register.at, register.at + register.size);
  for (const register of registers) for (let i = 0; i < register.size; i++) bytes[register.at + i] ??= register;
  return {
    registers,
    capabilities,
    extended,
    head: capabilities[0]?.at ?? 0,
    bridge: isBridge(config),
    registerAt: (at) => bytes[at] ?? null,
  };
}

/**
 * @param {Uint8Array} config
 * @param {RegisterInfo} info
 * @param {number} base
 * @param {Capability | null} owner
 * @returns {Register}
 */
function placed(config, info, base, owner) {
  const at = base + info.at;
  const long = info.kind === "bytes" || info.size > 4;
  const number = long ? 0 : read(config, at, info.size);
  return {
    at,
    size: info.size,
    name: info.name,
    value: long ? [...config.slice(at, at + info.size)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ") : hexNumber(number, info.size),
    meaning: long ? "" : meaningOf(config, info, number),
    fields: long ? [] : fieldsOf(info, number),
    owner,
  };
}

/**
 * @param {Uint8Array} config
 * @param {RegisterInfo} info
 * @param {number} value
 */
function meaningOf(config, info, value) {
  switch (info.name) {
    case "PCI_VENDOR_ID":
    case "PCI_SUBSYSTEM_VENDOR_ID":
    case "PCI_SSVID_VENDOR_ID":
      return vendorName(value);
    case "PCI_DEVICE_ID":
      return deviceName(read(config, 0, 2), value);
    case "PCI_CLASS_DEVICE": {
      const { name, words } = className(value);
      return words ? `${name} (${words})` : name;
    }
    case "PCI_CAP_LIST_ID":
      return CAP_IDS[value] ? `PCI_CAP_ID_${CAP_IDS[value]}` : "";
    case "virtio_pci_cap.bar":
      return `BAR ${value}`;
    default:
      return "";
  }
}

/**
 * The list that begins at 0x34, as the hardware would walk it: it ends at 0, and at an offset seen before.
 * @param {Uint8Array} config
 */
function standardChain(config) {
  /** @type {Capability[]} */
  const chain = [];
  if (!(read(config, 0x06, 2) & STATUS_CAP_LIST)) return chain;
  const seen = new Set();
  for (let at = config[PCI_CAPABILITY_LIST] & 0xfc; at >= 0x40 && !seen.has(at); at = config[at + 1] & 0xfc) {
    seen.add(at);
    chain.push(standardCapability(config, at));
  }
  return chain;
}

/**
 * @param {Uint8Array} config
 * @param {number} at
 * @returns {Capability}
 */
function standardCapability(config, at) {
  const id = config[at];
  const virtio = isVirtioCapability(config, at);
  /** @type {Capability} */
  const capability = {
    at,
    size: 0,
    id,
    name: CAP_IDS[id] ? `PCI_CAP_ID_${CAP_IDS[id]}` : hexNumber(id, 1),
    next: config[at + 1],
    extended: false,
    registers: [],
    targets: [],
    kind: virtio && VIRTIO_CFG_TYPES[config[at + 3]] ? `VIRTIO_PCI_CAP_${VIRTIO_CFG_TYPES[config[at + 3]]}` : "",
  };
  const oldExpress = id === 0x10 && (config[at + 2] & 0xf) === 1;
  const infos = capabilityRegisters(config, at).filter((info) => !oldExpress || info.at + info.size <= EXP_VER1_SIZEOF);
  capability.registers = infos.map((info) => placed(config, info, at, capability));
  capability.size = Math.max(...infos.map((info) => info.at + info.size));
  if (id === 0x09) capability.size = Math.max(3, config[at + 2]);
  if (virtio) capability.targets = virtioTargets(config, at);
  if (id === 0x11) capability.targets = msixTargets(config, at);
  return capability;
}

/**
 * @param {Uint8Array} config
 * @param {number} at
 * @returns {Target[]}
 */
function virtioTargets(config, at) {
  const length = read(config, at + 12, 4);
  if (length === 0) return [];
  return [{ label: "virtio_pci_cap.offset", bar: config[at + 4], offset: read(config, at + 8, 4), length }];
}

/**
 * @param {Uint8Array} config
 * @param {number} at
 * @returns {Target[]}
 */
function msixTargets(config, at) {
  const entries = (read(config, at + 2, 2) & 0x7ff) + 1;
  const table = read(config, at + 4, 4);
  const pba = read(config, at + 8, 4);
  return [
    { label: "PCI_MSIX_TABLE", bar: table & 7, offset: (table & 0xfffffff8) >>> 0, length: entries * MSIX_ENTRY_SIZE },
    { label: "PCI_MSIX_PBA", bar: pba & 7, offset: (pba & 0xfffffff8) >>> 0, length: Math.ceil(entries / 64) * 8 },
  ];
}

/**
 * @param {Uint8Array} config
 * @param {Capability[]} standard
 */
function extendedChain(config, standard) {
  /** @type {Capability[]} */
  const chain = [];
  if (config.length <= PCI_CONFIG_SPACE_SIZE) return chain;
  const express = standard.find((capability) => capability.id === 0x10);
  const portType = express ? (config[express.at + 2] & 0xf0) >> 4 : 0;
  const seen = new Set();
  for (let at = PCI_CONFIG_SPACE_SIZE; at >= PCI_CONFIG_SPACE_SIZE && !seen.has(at); ) {
    seen.add(at);
    const header = read(config, at, 4);
    if (header === 0 || header === 0xffffffff) break;
    const id = header & 0xffff;
    const next = (header >>> 20) & 0xffc;
    /** @type {Capability} */
    const capability = {
      at,
      size: 4,
      id,
      name: EXT_CAP_IDS[id] ? `PCI_EXT_CAP_ID_${EXT_CAP_IDS[id]}` : hexNumber(id, 2),
      next,
      extended: true,
      registers: [],
      targets: [],
      kind: "",
    };
    const infos = extendedRegisters(config, at, portType);
    capability.registers = infos.map((info) => placed(config, info, at, capability));
    capability.size = Math.max(...infos.map((info) => info.at + info.size));
    chain.push(capability);
    at = next;
  }
  return chain;
}
