/**
 * The first 64 bytes of a configuration space, for normal devices (type 0) and bridges (type 1)
 * (include/standard-headers/linux/pci_regs.h, include/hw/pci/pci.h).
 * @module
 */

import { bits, register } from "./registers.js";

/** @typedef {import("./registers.js").RegisterInfo} RegisterInfo */

export const PCI_CONFIG_SPACE_SIZE = 0x100;
export const PCI_HEADER_TYPE_BRIDGE = 1;
export const PCI_CAPABILITY_LIST = 0x34;

const COMMAND = bits("PCI_COMMAND_", {
  IO: 0x1,
  MEMORY: 0x2,
  MASTER: 0x4,
  SPECIAL: 0x8,
  INVALIDATE: 0x10,
  VGA_PALETTE: 0x20,
  PARITY: 0x40,
  WAIT: 0x80,
  SERR: 0x100,
  FAST_BACK: 0x200,
  INTX_DISABLE: 0x400,
});

const STATUS = bits(
  "PCI_STATUS_",
  {
    IMM_READY: 0x1,
    INTERRUPT: 0x8,
    CAP_LIST: 0x10,
    "66MHZ": 0x20,
    UDF: 0x40,
    FAST_BACK: 0x80,
    PARITY: 0x100,
    DEVSEL_MASK: 0x600,
    SIG_TARGET_ABORT: 0x800,
    REC_TARGET_ABORT: 0x1000,
    REC_MASTER_ABORT: 0x2000,
    SIG_SYSTEM_ERROR: 0x4000,
    DETECTED_PARITY: 0x8000,
  },
  { DEVSEL_MASK: [undefined, "PCI_STATUS_DEVSEL_MEDIUM", "PCI_STATUS_DEVSEL_SLOW"] },
);

const HEADER_TYPE = bits(
  "PCI_HEADER_TYPE_",
  { MASK: 0x7f, MULTI_FUNCTION: 0x80 },
  { MASK: ["PCI_HEADER_TYPE_NORMAL", "PCI_HEADER_TYPE_BRIDGE", "PCI_HEADER_TYPE_CARDBUS"] },
);

const BIST = bits("PCI_BIST_", { CODE_MASK: 0x0f, START: 0x40, CAPABLE: 0x80 });

const MEMORY_BAR = bits(
  "PCI_BASE_ADDRESS_",
  { MEM_TYPE_MASK: 0x06, MEM_PREFETCH: 0x08 },
  { MEM_TYPE_MASK: ["PCI_BASE_ADDRESS_MEM_TYPE_32", "PCI_BASE_ADDRESS_MEM_TYPE_1M", "PCI_BASE_ADDRESS_MEM_TYPE_64"] },
);
const IO_BAR = bits("PCI_BASE_ADDRESS_", { SPACE_IO: 0x01 });

const ROM = bits("PCI_ROM_ADDRESS_", { ENABLE: 0x01 });

const BRIDGE_CONTROL = bits("PCI_BRIDGE_CTL_", {
  PARITY: 0x01,
  SERR: 0x02,
  ISA: 0x04,
  VGA: 0x08,
  MASTER_ABORT: 0x20,
  BUS_RESET: 0x40,
  FAST_BACK: 0x80,
});

/** @type {RegisterInfo[]} */
const COMMON = [
  register(0x00, 2, "PCI_VENDOR_ID", [], "id"),
  register(0x02, 2, "PCI_DEVICE_ID", [], "id"),
  register(0x04, 2, "PCI_COMMAND", COMMAND),
  register(0x06, 2, "PCI_STATUS", STATUS),
  register(0x08, 1, "PCI_REVISION_ID"),
  register(0x09, 1, "PCI_CLASS_PROG"),
  register(0x0a, 2, "PCI_CLASS_DEVICE", [], "id"),
  register(0x0c, 1, "PCI_CACHE_LINE_SIZE"),
  register(0x0d, 1, "PCI_LATENCY_TIMER"),
  register(0x0e, 1, "PCI_HEADER_TYPE", HEADER_TYPE),
  register(0x0f, 1, "PCI_BIST", BIST),
];

const INTERRUPT_PIN = bits("PCI_INTERRUPT_PIN", { "": 0x07 }, { "": [undefined, "INTA#", "INTB#", "INTC#", "INTD#"] });

/** @type {RegisterInfo[]} */
const INTERRUPT = [register(0x3c, 1, "PCI_INTERRUPT_LINE"), register(0x3d, 1, "PCI_INTERRUPT_PIN", INTERRUPT_PIN)];

/** Type 0, without the base addresses. @type {RegisterInfo[]} */
const NORMAL = [
  ...COMMON,
  register(0x28, 4, "PCI_CARDBUS_CIS"),
  register(0x2c, 2, "PCI_SUBSYSTEM_VENDOR_ID", [], "id"),
  register(0x2e, 2, "PCI_SUBSYSTEM_ID", [], "id"),
  register(0x30, 4, "PCI_ROM_ADDRESS", ROM, "address"),
  register(0x34, 1, "PCI_CAPABILITY_LIST", [], "pointer"),
  ...INTERRUPT,
  register(0x3e, 1, "PCI_MIN_GNT"),
  register(0x3f, 1, "PCI_MAX_LAT"),
];

const IO_RANGE = bits("PCI_IO_RANGE_", { TYPE_MASK: 0x0f }, { TYPE_MASK: ["PCI_IO_RANGE_TYPE_16", "PCI_IO_RANGE_TYPE_32"] });
const PREF_RANGE = bits("PCI_PREF_RANGE_", { TYPE_MASK: 0x0f }, { TYPE_MASK: ["PCI_PREF_RANGE_TYPE_32", "PCI_PREF_RANGE_TYPE_64"] });

/** Type 1, without the base addresses. @type {RegisterInfo[]} */
const BRIDGE = [
  ...COMMON,
  register(0x18, 1, "PCI_PRIMARY_BUS"),
  register(0x19, 1, "PCI_SECONDARY_BUS"),
  register(0x1a, 1, "PCI_SUBORDINATE_BUS"),
  register(0x1b, 1, "PCI_SEC_LATENCY_TIMER"),
  register(0x1c, 1, "PCI_IO_BASE", IO_RANGE),
  register(0x1d, 1, "PCI_IO_LIMIT", IO_RANGE),
  register(0x1e, 2, "PCI_SEC_STATUS", STATUS),
  register(0x20, 2, "PCI_MEMORY_BASE"),
  register(0x22, 2, "PCI_MEMORY_LIMIT"),
  register(0x24, 2, "PCI_PREF_MEMORY_BASE", PREF_RANGE),
  register(0x26, 2, "PCI_PREF_MEMORY_LIMIT", PREF_RANGE),
  register(0x28, 4, "PCI_PREF_BASE_UPPER32"),
  register(0x2c, 4, "PCI_PREF_LIMIT_UPPER32"),
  register(0x30, 2, "PCI_IO_BASE_UPPER16"),
  register(0x32, 2, "PCI_IO_LIMIT_UPPER16"),
  register(0x34, 1, "PCI_CAPABILITY_LIST", [], "pointer"),
  register(0x38, 4, "PCI_ROM_ADDRESS1", ROM, "address"),
  ...INTERRUPT,
  register(0x3e, 2, "PCI_BRIDGE_CONTROL", BRIDGE_CONTROL),
];

/**
 * The registers of a header, in order. Which kind it is stands in the header itself; so does what a base address is.
 * @param {Uint8Array} config
 * @returns {RegisterInfo[]}
 */
export function headerRegisters(config) {
  const bridge = isBridge(config);
  const rest = bridge ? BRIDGE : NORMAL;
  return [...rest, ...barRegisters(config, bridge ? 2 : 6)].sort((a, b) => a.at - b.at);
}

/** @param {Uint8Array} config */
export function isBridge(config) {
  return (config[0x0e] & 0x7f) === PCI_HEADER_TYPE_BRIDGE;
}

/**
 * @param {Uint8Array} config
 * @param {number} count
 * @returns {RegisterInfo[]}
 */
function barRegisters(config, count) {
  /** @type {RegisterInfo[]} */
  const found = [];
  let upper = false;
  for (let i = 0; i < count; i++) {
    const at = 0x10 + 4 * i;
    const fields = upper ? [] : config[at] & 1 ? IO_BAR : MEMORY_BAR;
    found.push(register(at, 4, upper ? `PCI_BASE_ADDRESS_${i} (63:32)` : `PCI_BASE_ADDRESS_${i}`, fields, "address"));
    upper = !upper && is64(config[at]);
  }
  return found;
}

/** @param {number} low the lowest byte of a base address */
function is64(low) {
  return (low & 1) === 0 && (low & 6) === 4;
}

/**
 * The offset of the register of a region, as `pci_bar` reckons it (hw/pci/pci.c); region 6 is the ROM.
 * @param {number} region
 * @param {boolean} bridge
 */
export function barOffset(region, bridge) {
  return region === 6 ? (bridge ? 0x38 : 0x30) : 0x10 + 4 * region;
}
