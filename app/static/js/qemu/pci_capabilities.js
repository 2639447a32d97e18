/**
 * Capabilities in the first 256 bytes of a configuration space (include/standard-headers/linux/pci_regs.h,
 * include/standard-headers/linux/virtio_pci.h). Where the layout depends on the capability's own bytes, it is a function of them.
 * @module
 */

import { EXPRESS } from "./pci_express.js";
import { bits, read, register } from "./registers.js";

/** @typedef {import("./registers.js").RegisterInfo} RegisterInfo */

/** PCI_CAP_ID_*. @type {Record<number, string>} */
export const CAP_IDS = {
  0x01: "PM",
  0x02: "AGP",
  0x03: "VPD",
  0x04: "SLOTID",
  0x05: "MSI",
  0x06: "CHSWP",
  0x07: "PCIX",
  0x08: "HT",
  0x09: "VNDR",
  0x0a: "DBG",
  0x0b: "CCRC",
  0x0c: "SHPC",
  0x0d: "SSVID",
  0x0e: "AGP3",
  0x0f: "SECDEV",
  0x10: "EXP",
  0x11: "MSIX",
  0x12: "SATA",
  0x13: "AF",
  0x14: "EA",
};

/** VIRTIO_PCI_CAP_*. @type {Record<number, string>} */
export const VIRTIO_CFG_TYPES = {
  1: "COMMON_CFG",
  2: "NOTIFY_CFG",
  3: "ISR_CFG",
  4: "DEVICE_CFG",
  5: "PCI_CFG",
  8: "SHARED_MEMORY_CFG",
};

const VIRTIO_VENDOR = 0x1af4;

/** The two bytes that every capability begins with. @type {RegisterInfo[]} */
const HEAD = [register(0, 1, "PCI_CAP_LIST_ID", [], "id"), register(1, 1, "PCI_CAP_LIST_NEXT", [], "pointer")];

const PM = [
  register(2, 2, "PCI_PM_PMC", [
    ...bits("PCI_PM_CAP_", { VER_MASK: 0x7, PME_CLOCK: 0x8, DSI: 0x20, AUX_POWER: 0x1c0, D1: 0x200, D2: 0x400 }),
    ...bits("PCI_PM_CAP_PME_", { D0: 0x800, D1: 0x1000, D2: 0x2000, D3hot: 0x4000, D3cold: 0x8000 }),
  ]),
  register(
    4,
    2,
    "PCI_PM_CTRL",
    bits(
      "PCI_PM_CTRL_",
      { STATE_MASK: 0x3, NO_SOFT_RESET: 0x8, PME_ENABLE: 0x100, DATA_SEL_MASK: 0x1e00, DATA_SCALE_MASK: 0x6000, PME_STATUS: 0x8000 },
      { STATE_MASK: ["D0", "D1", "D2", "D3"] },
    ),
  ),
  register(6, 1, "PCI_PM_PPB_EXTENSIONS", bits("PCI_PM_", { PPB_B2_B3: 0x40, BPCC_ENABLE: 0x80 })),
  register(7, 1, "PCI_PM_DATA_REGISTER"),
];

const MSI_FLAGS = bits("PCI_MSI_FLAGS_", { ENABLE: 0x1, QMASK: 0xe, QSIZE: 0x70, "64BIT": 0x80, MASKBIT: 0x100 });
const BIR = ["BAR 0", "BAR 1", "BAR 2", "BAR 3", "BAR 4", "BAR 5"];

const MSIX = [
  register(2, 2, "PCI_MSIX_FLAGS", bits("PCI_MSIX_FLAGS_", { QSIZE: 0x7ff, MASKALL: 0x4000, ENABLE: 0x8000 })),
  register(4, 4, "PCI_MSIX_TABLE", bits("PCI_MSIX_TABLE_", { BIR: 0x7, OFFSET: 0xfffffff8 }, { BIR })),
  register(8, 4, "PCI_MSIX_PBA", bits("PCI_MSIX_PBA_", { BIR: 0x7, OFFSET: 0xfffffff8 }, { BIR })),
];

/** @param {number} flags @returns {RegisterInfo[]} */
function msi(flags) {
  const wide = Boolean(flags & 0x80);
  const maskable = Boolean(flags & 0x100);
  const rest = wide ? 0xc : 0x8;
  const bitness = wide ? "64" : "32";
  return [
    register(2, 2, "PCI_MSI_FLAGS", MSI_FLAGS),
    register(4, 4, "PCI_MSI_ADDRESS_LO", [], "address"),
    ...(wide ? [register(8, 4, "PCI_MSI_ADDRESS_HI", [], "address")] : []),
    register(rest, 2, `PCI_MSI_DATA_${bitness}`),
    ...(maskable ? [register(rest + 4, 4, `PCI_MSI_MASK_${bitness}`), register(rest + 8, 4, `PCI_MSI_PENDING_${bitness}`)] : []),
  ];
}

/** @type {(string | undefined)[]} */
const CFG_TYPE_NAMES = [];
for (const [value, name] of Object.entries(VIRTIO_CFG_TYPES)) CFG_TYPE_NAMES[Number(value)] = `VIRTIO_PCI_CAP_${name}`;

/** `struct virtio_pci_cap`. */
const VIRTIO = [
  register(2, 1, "virtio_pci_cap.cap_len"),
  register(3, 1, "virtio_pci_cap.cfg_type", bits("VIRTIO_PCI_CAP_CFG_TYPE", { "": 0xff }, { "": CFG_TYPE_NAMES })),
  register(4, 1, "virtio_pci_cap.bar", [], "id"),
  register(5, 1, "virtio_pci_cap.id"),
  register(6, 2, "virtio_pci_cap.padding"),
  register(8, 4, "virtio_pci_cap.offset", [], "address"),
  register(12, 4, "virtio_pci_cap.length", [], "address"),
];

/** What follows `struct virtio_pci_cap`, by cfg_type. @type {Record<number, RegisterInfo[]>} */
const VIRTIO_REST = {
  2: [register(16, 4, "virtio_pci_notify_cap.notify_off_multiplier")],
  5: [register(16, 4, "virtio_pci_cfg_cap.pci_cfg_data", [], "bytes")],
  8: [register(16, 4, "virtio_pci_cap64.offset_hi", [], "address"), register(20, 4, "virtio_pci_cap64.length_hi", [], "address")],
};

/** Layouts that do not depend on their bytes, without the head. @type {Record<number, RegisterInfo[]>} */
const FIXED = {
  0x01: PM,
  0x03: [register(2, 2, "PCI_VPD_ADDR", bits("PCI_VPD_ADDR_", { MASK: 0x7fff, F: 0x8000 })), register(4, 4, "PCI_VPD_DATA", [], "bytes")],
  0x04: [
    register(2, 1, "PCI_SID_ESR", bits("PCI_SID_ESR_", { NSLOTS: 0x1f, FIC: 0x20 })),
    register(3, 1, "PCI_SID_CHASSIS_NR"),
  ],
  0x0c: [
    register(2, 1, "SHPC_CAP_DWORD_SELECT"),
    register(3, 1, "SHPC_CAP_CxP", bits("SHPC_CAP_", { CSP_MASK: 0x4, CIP_MASK: 0x8 })),
    register(4, 4, "SHPC_CAP_DWORD_DATA", [], "bytes"),
  ],
  0x0d: [register(4, 2, "PCI_SSVID_VENDOR_ID", [], "id"), register(6, 2, "PCI_SSVID_DEVICE_ID", [], "id")],
  0x10: EXPRESS,
  0x11: MSIX,
  0x12: [register(2, 2, "PCI_CAP_FLAGS"), register(4, 4, "PCI_SATA_REGS", bits("PCI_SATA_REGS_", { MASK: 0xf }))],
  0x13: [
    register(2, 1, "PCI_AF_LENGTH"),
    register(3, 1, "PCI_AF_CAP", bits("PCI_AF_CAP_", { TP: 0x1, FLR: 0x2 })),
    register(4, 1, "PCI_AF_CTRL", bits("PCI_AF_CTRL_", { FLR: 0x1 })),
    register(5, 1, "PCI_AF_STATUS", bits("PCI_AF_STATUS_", { TP: 0x1 })),
  ],
};

/**
 * The registers of the capability at `at`, head included; offsets count from there.
 * @param {Uint8Array} config
 * @param {number} at
 * @returns {RegisterInfo[]}
 */
export function capabilityRegisters(config, at) {
  const id = config[at];
  if (id === 0x05) return [...HEAD, ...msi(read(config, at + 2, 2))];
  if (id === 0x09) {
    if (read(config, 0, 2) !== VIRTIO_VENDOR) return [...HEAD, register(2, 1, "cap_len")];
    return [...HEAD, ...VIRTIO, ...(VIRTIO_REST[config[at + 3]] ?? [])];
  }
  return [...HEAD, ...(FIXED[id] ?? [])];
}

/**
 * Whether a vendor-specific capability is one of virtio's.
 * @param {Uint8Array} config
 * @param {number} at
 */
export function isVirtioCapability(config, at) {
  return config[at] === 0x09 && read(config, 0, 2) === VIRTIO_VENDOR;
}
