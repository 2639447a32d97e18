/**
 * Registers of PCI Express: the capability PCI_CAP_ID_EXP and the extended capabilities from 0x100 on
 * (include/standard-headers/linux/pci_regs.h).
 * @module
 */

import { bits, read, register } from "./registers.js";

/** @typedef {import("./registers.js").RegisterInfo} RegisterInfo */

const PORT_TYPES = [
  "PCI_EXP_TYPE_ENDPOINT",
  "PCI_EXP_TYPE_LEG_END",
  undefined,
  undefined,
  "PCI_EXP_TYPE_ROOT_PORT",
  "PCI_EXP_TYPE_UPSTREAM",
  "PCI_EXP_TYPE_DOWNSTREAM",
  "PCI_EXP_TYPE_PCI_BRIDGE",
  "PCI_EXP_TYPE_PCIE_BRIDGE",
  "PCI_EXP_TYPE_RC_END",
  "PCI_EXP_TYPE_RC_EC",
];
const SPEEDS = [undefined, "2.5 GT/s", "5 GT/s", "8 GT/s", "16 GT/s", "32 GT/s", "64 GT/s"];
const SIZES = ["128 B", "256 B", "512 B", "1024 B", "2048 B", "4096 B"];

/** The registers of PCI_CAP_ID_EXP, without the head. @type {RegisterInfo[]} */
export const EXPRESS = [
  register(0x02, 2, "PCI_EXP_FLAGS", bits("PCI_EXP_FLAGS_", { VERS: 0xf, TYPE: 0xf0, SLOT: 0x100, IRQ: 0x3e00 }, { TYPE: PORT_TYPES })),
  register(
    0x04,
    4,
    "PCI_EXP_DEVCAP",
    bits(
      "PCI_EXP_DEVCAP_",
      {
        PAYLOAD: 0x7,
        PHANTOM: 0x18,
        EXT_TAG: 0x20,
        L0S: 0x1c0,
        L1: 0xe00,
        ATN_BUT: 0x1000,
        ATN_IND: 0x2000,
        PWR_IND: 0x4000,
        RBER: 0x8000,
        PWR_VAL: 0x3fc0000,
        PWR_SCL: 0xc000000,
        FLR: 0x10000000,
      },
      { PAYLOAD: SIZES },
    ),
  ),
  register(
    0x08,
    2,
    "PCI_EXP_DEVCTL",
    bits(
      "PCI_EXP_DEVCTL_",
      {
        CERE: 0x1,
        NFERE: 0x2,
        FERE: 0x4,
        URRE: 0x8,
        RELAX_EN: 0x10,
        PAYLOAD: 0xe0,
        EXT_TAG: 0x100,
        PHANTOM: 0x200,
        AUX_PME: 0x400,
        NOSNOOP_EN: 0x800,
        READRQ: 0x7000,
        BCR_FLR: 0x8000,
      },
      { PAYLOAD: SIZES, READRQ: SIZES },
    ),
  ),
  register(0x0a, 2, "PCI_EXP_DEVSTA", bits("PCI_EXP_DEVSTA_", { CED: 0x1, NFED: 0x2, FED: 0x4, URD: 0x8, AUXPD: 0x10, TRPND: 0x20 })),
  register(
    0x0c,
    4,
    "PCI_EXP_LNKCAP",
    bits(
      "PCI_EXP_LNKCAP_",
      {
        SLS: 0xf,
        MLW: 0x3f0,
        ASPMS: 0xc00,
        L0SEL: 0x7000,
        L1EL: 0x38000,
        CLKPM: 0x40000,
        SDERC: 0x80000,
        DLLLARC: 0x100000,
        LBNC: 0x200000,
        PN: 0xff000000,
      },
      { SLS: SPEEDS },
    ),
  ),
  register(
    0x10,
    2,
    "PCI_EXP_LNKCTL",
    bits("PCI_EXP_LNKCTL_", {
      ASPMC: 0x3,
      RCB: 0x8,
      LD: 0x10,
      RL: 0x20,
      CCC: 0x40,
      ES: 0x80,
      CLKREQ_EN: 0x100,
      HAWD: 0x200,
      LBMIE: 0x400,
      LABIE: 0x800,
    }),
  ),
  register(
    0x12,
    2,
    "PCI_EXP_LNKSTA",
    bits("PCI_EXP_LNKSTA_", { CLS: 0xf, NLW: 0x3f0, LT: 0x800, SLC: 0x1000, DLLLA: 0x2000, LBMS: 0x4000, LABS: 0x8000 }, { CLS: SPEEDS }),
  ),
  register(
    0x14,
    4,
    "PCI_EXP_SLTCAP",
    bits("PCI_EXP_SLTCAP_", {
      ABP: 0x1,
      PCP: 0x2,
      MRLSP: 0x4,
      AIP: 0x8,
      PIP: 0x10,
      HPS: 0x20,
      HPC: 0x40,
      SPLV: 0x7f80,
      SPLS: 0x18000,
      EIP: 0x20000,
      NCCS: 0x40000,
      PSN: 0xfff80000,
    }),
  ),
  register(
    0x18,
    2,
    "PCI_EXP_SLTCTL",
    bits("PCI_EXP_SLTCTL_", {
      ABPE: 0x1,
      PFDE: 0x2,
      MRLSCE: 0x4,
      PDCE: 0x8,
      CCIE: 0x10,
      HPIE: 0x20,
      AIC: 0xc0,
      PIC: 0x300,
      PCC: 0x400,
      EIC: 0x800,
      DLLSCE: 0x1000,
    }),
  ),
  register(
    0x1a,
    2,
    "PCI_EXP_SLTSTA",
    bits("PCI_EXP_SLTSTA_", { ABP: 0x1, PFD: 0x2, MRLSC: 0x4, PDC: 0x8, CC: 0x10, MRLSS: 0x20, PDS: 0x40, EIS: 0x80, DLLSC: 0x100 }),
  ),
  register(0x1c, 2, "PCI_EXP_RTCTL", bits("PCI_EXP_RTCTL_", { SECEE: 0x1, SENFEE: 0x2, SEFEE: 0x4, PMEIE: 0x8, CRSSVE: 0x10 })),
  register(0x1e, 2, "PCI_EXP_RTCAP", bits("PCI_EXP_RTCAP_", { CRSVIS: 0x1 })),
  register(0x20, 4, "PCI_EXP_RTSTA", bits("PCI_EXP_RTSTA_", { PME: 0x10000, PENDING: 0x20000 })),
  register(
    0x24,
    4,
    "PCI_EXP_DEVCAP2",
    bits("PCI_EXP_DEVCAP2_", { COMP_TMOUT_DIS: 0x10, ARI: 0x20, ATOMIC_ROUTE: 0x40, LTR: 0x800, OBFF_MASK: 0xc0000, EE_PREFIX: 0x200000 }),
  ),
  register(
    0x28,
    2,
    "PCI_EXP_DEVCTL2",
    bits("PCI_EXP_DEVCTL2_", {
      COMP_TIMEOUT: 0xf,
      COMP_TMOUT_DIS: 0x10,
      ARI: 0x20,
      ATOMIC_REQ: 0x40,
      ATOMIC_EGRESS_BLOCK: 0x80,
      IDO_REQ_EN: 0x100,
      IDO_CMP_EN: 0x200,
      LTR_EN: 0x400,
    }),
  ),
  register(0x2a, 2, "PCI_EXP_DEVSTA2"),
  register(
    0x2c,
    4,
    "PCI_EXP_LNKCAP2",
    bits("PCI_EXP_LNKCAP2_", { SLS_2_5GB: 0x2, SLS_5_0GB: 0x4, SLS_8_0GB: 0x8, SLS_16_0GB: 0x10, SLS_32_0GB: 0x20, SLS_64_0GB: 0x40, CROSSLINK: 0x100 }),
  ),
  register(
    0x30,
    2,
    "PCI_EXP_LNKCTL2",
    bits("PCI_EXP_LNKCTL2_", { TLS: 0xf, ENTER_COMP: 0x10, HASD: 0x20, TX_MARGIN: 0x380 }, { TLS: SPEEDS }),
  ),
  register(0x32, 2, "PCI_EXP_LNKSTA2"),
  register(0x34, 4, "PCI_EXP_SLTCAP2", bits("PCI_EXP_SLTCAP2_", { IBPD: 0x1 })),
  register(0x38, 2, "PCI_EXP_SLTCTL2"),
  register(0x3a, 2, "PCI_EXP_SLTSTA2"),
];

/** PCI_EXT_CAP_ID_*. @type {Record<number, string>} */
export const EXT_CAP_IDS = {
  0x01: "ERR",
  0x02: "VC",
  0x03: "DSN",
  0x04: "PWR",
  0x05: "RCLD",
  0x06: "RCILC",
  0x07: "RCEC",
  0x08: "MFVC",
  0x09: "VC9",
  0x0a: "RCRB",
  0x0b: "VNDR",
  0x0c: "CAC",
  0x0d: "ACS",
  0x0e: "ARI",
  0x0f: "ATS",
  0x10: "SRIOV",
  0x11: "MRIOV",
  0x12: "MCAST",
  0x13: "PRI",
  0x14: "AMD_XXX",
  0x15: "REBAR",
  0x16: "DPA",
  0x17: "TPH",
  0x18: "LTR",
  0x19: "SECPCI",
  0x1a: "PMUX",
  0x1b: "PASID",
  0x1d: "DPC",
  0x1e: "L1SS",
  0x1f: "PTM",
  0x23: "DVSEC",
  0x25: "DLF",
  0x26: "PL_16GT",
  0x2e: "DOE",
};

const UNCORRECTABLE = bits("PCI_ERR_UNC_", {
  UND: 0x1,
  DLP: 0x10,
  SURPDN: 0x20,
  POISON_TLP: 0x1000,
  FCP: 0x2000,
  COMP_TIME: 0x4000,
  COMP_ABORT: 0x8000,
  UNX_COMP: 0x10000,
  RX_OVER: 0x20000,
  MALF_TLP: 0x40000,
  ECRC: 0x80000,
  UNSUP: 0x100000,
  ACSV: 0x200000,
  INTN: 0x400000,
  MCBTLP: 0x800000,
  ATOMEG: 0x1000000,
  TLPPRE: 0x2000000,
});
const CORRECTABLE = bits("PCI_ERR_COR_", {
  RCVR: 0x1,
  BAD_TLP: 0x40,
  BAD_DLLP: 0x80,
  REP_ROLL: 0x100,
  REP_TIMER: 0x1000,
  ADV_NFAT: 0x2000,
  INTERNAL: 0x4000,
  LOG_OVER: 0x8000,
});
const ACS = { SV: 0x1, TB: 0x2, RR: 0x4, CR: 0x8, UF: 0x10, EC: 0x20, DT: 0x40 };

/** The first four bytes of every extended capability. */
const HEAD = register(0, 4, "PCI_EXT_CAP_HEADER", bits("PCI_EXT_CAP_", { ID: 0xffff, VER: 0xf0000, NEXT: 0xfff00000 }));

const AER = [
  register(0x04, 4, "PCI_ERR_UNCOR_STATUS", UNCORRECTABLE),
  register(0x08, 4, "PCI_ERR_UNCOR_MASK", UNCORRECTABLE),
  register(0x0c, 4, "PCI_ERR_UNCOR_SEVER", UNCORRECTABLE),
  register(0x10, 4, "PCI_ERR_COR_STATUS", CORRECTABLE),
  register(0x14, 4, "PCI_ERR_COR_MASK", CORRECTABLE),
  register(0x18, 4, "PCI_ERR_CAP", bits("PCI_ERR_CAP_", { FEP: 0x1f, ECRC_GENC: 0x20, ECRC_GENE: 0x40, ECRC_CHKC: 0x80, ECRC_CHKE: 0x100 })),
  register(0x1c, 16, "PCI_ERR_HEADER_LOG", [], "bytes"),
  register(0x2c, 4, "PCI_ERR_ROOT_COMMAND", bits("PCI_ERR_ROOT_CMD_", { COR_EN: 0x1, NONFATAL_EN: 0x2, FATAL_EN: 0x4 })),
  register(
    0x30,
    4,
    "PCI_ERR_ROOT_STATUS",
    bits("PCI_ERR_ROOT_", {
      COR_RCV: 0x1,
      MULTI_COR_RCV: 0x2,
      UNCOR_RCV: 0x4,
      MULTI_UNCOR_RCV: 0x8,
      FIRST_FATAL: 0x10,
      NONFATAL_RCV: 0x20,
      FATAL_RCV: 0x40,
      AER_IRQ: 0xf8000000,
    }),
  ),
  register(0x34, 4, "PCI_ERR_ROOT_ERR_SRC"),
  register(0x38, 16, "PCI_ERR_TLP_PREFIX_LOG", [], "bytes"),
];

/** Registers of extended capabilities, without the head. @type {Record<number, RegisterInfo[]>} */
const EXTENDED = {
  0x01: AER,
  0x03: [register(4, 8, "PCI_EXT_CAP_DSN", [], "bytes")],
  0x0d: [register(4, 2, "PCI_ACS_CAP", bits("PCI_ACS_", ACS)), register(6, 2, "PCI_ACS_CTRL", bits("PCI_ACS_", ACS))],
  0x0e: [
    register(4, 2, "PCI_ARI_CAP", bits("PCI_ARI_CAP_", { MFVC: 0x1, ACS: 0x2, NFN: 0xff00 })),
    register(6, 2, "PCI_ARI_CTRL", bits("PCI_ARI_CTRL_", { MFVC: 0x1, ACS: 0x2, FG: 0x70 })),
  ],
  0x0f: [
    register(4, 2, "PCI_ATS_CAP", bits("PCI_ATS_CAP_", { QDEP: 0x1f, PAGE_ALIGNED: 0x20 })),
    register(6, 2, "PCI_ATS_CTRL", bits("PCI_ATS_CTRL_", { STU: 0x1f, ENABLE: 0x8000 })),
  ],
  0x18: [register(4, 2, "PCI_LTR_MAX_SNOOP_LAT"), register(6, 2, "PCI_LTR_MAX_NOSNOOP_LAT")],
};

/**
 * The registers of the extended capability at `at`, head included; offsets count from there. The root registers of AER are
 * those of root ports and event collectors only.
 * @param {Uint8Array} config
 * @param {number} at
 * @param {number} [portType] of PCI_EXP_FLAGS
 * @returns {RegisterInfo[]}
 */
export function extendedRegisters(config, at, portType = 0) {
  const id = read(config, at, 2);
  const root = portType === 0x4 || portType === 0xa;
  return [HEAD, ...(EXTENDED[id] ?? []).filter((info) => root || id !== 0x01 || info.at < 0x2c || info.at >= 0x38)];
}
