/**
 * Names of numbers in a PCI header: vendors, devices, classes (include/hw/pci/pci_ids.h, include/hw/pci/pci.h, hw/net/e1000_regs.h;
 * the words for classes are those of `info pci`, hw/pci/pci.c).
 * @module
 */

/** PCI_VENDOR_ID_*. @type {Record<number, string>} */
export const VENDORS = {
  0x1000: "LSI_LOGIC",
  0x1011: "DEC",
  0x1013: "CIRRUS",
  0x1014: "IBM",
  0x1022: "AMD",
  0x1033: "NEC",
  0x104c: "TI",
  0x1057: "MOTOROLA",
  0x106b: "APPLE",
  0x108e: "SUN",
  0x1095: "CMD",
  0x10de: "NVIDIA",
  0x10ec: "REALTEK",
  0x10ee: "XILINX",
  0x1106: "VIA",
  0x11ab: "MARVELL",
  0x126f: "SILICON_MOTION",
  0x1274: "ENSONIQ",
  0x1425: "CHELSIO",
  0x1498: "TEWS",
  0x15ad: "VMWARE",
  0x16c3: "SYNOPSYS",
  0x1957: "FREESCALE",
  0x1af4: "REDHAT_QUMRANET",
  0x1b36: "REDHAT",
  0x1d22: "BAIDU",
  0x5853: "XEN",
  0x8086: "INTEL",
};

/** Devices by vendor, without PCI_DEVICE_ID_ where they have it. @type {Record<number, Record<number, string>>} */
export const DEVICES = {
  0x1011: { 0x0019: "DEC_21143", 0x0026: "DEC_21154" },
  0x1022: { 0x2000: "AMD_LANCE", 0x2020: "AMD_SCSI" },
  0x108e: { 0x1001: "SUN_HME" },
  0x10ec: { 0x8139: "REALTEK_8139" },
  0x1af4: {
    0x1000: "VIRTIO_NET",
    0x1001: "VIRTIO_BLOCK",
    0x1002: "VIRTIO_BALLOON",
    0x1003: "VIRTIO_CONSOLE",
    0x1004: "VIRTIO_SCSI",
    0x1005: "VIRTIO_RNG",
    0x1009: "VIRTIO_9P",
    0x1012: "VIRTIO_VSOCK",
  },
  0x1b36: {
    0x0001: "REDHAT_BRIDGE",
    0x0002: "REDHAT_SERIAL",
    0x0006: "REDHAT_ROCKER",
    0x0008: "REDHAT_PCIE_HOST",
    0x0009: "REDHAT_PXB",
    0x000b: "REDHAT_PXB_PCIE",
    0x000c: "REDHAT_PCIE_RP",
    0x000d: "REDHAT_XHCI",
    0x000e: "REDHAT_PCIE_BRIDGE",
    0x0010: "REDHAT_NVME",
  },
  0x8086: {
    0x100c: "E1000_DEV_ID_82544GC_COPPER",
    0x100e: "E1000_DEV_ID_82540EM",
    0x100f: "E1000_DEV_ID_82545EM_COPPER",
    0x10d3: "E1000_DEV_ID_82574L",
    0x1237: "INTEL_82441",
    0x29c0: "INTEL_P35_MCH",
    0x2910: "INTEL_ICH9_0",
    0x2918: "INTEL_ICH9_8",
    0x2930: "INTEL_ICH9_6",
    0x7000: "INTEL_82371SB_0",
    0x7010: "INTEL_82371SB_1",
    0x7020: "INTEL_82371SB_2",
    0x7110: "INTEL_82371AB_0",
    0x7111: "INTEL_82371AB",
    0x7112: "INTEL_82371AB_2",
    0x7113: "INTEL_82371AB_3",
  },
};

const VIRTIO_10_BASE = 0x1040;

/** Names of classes and subclasses. @type {Record<number, [string, string]>} */
const CLASSES = {
  0x00ff: ["PCI_CLASS_OTHERS", ""],
  0x0100: ["PCI_CLASS_STORAGE_SCSI", "SCSI controller"],
  0x0101: ["PCI_CLASS_STORAGE_IDE", "IDE controller"],
  0x0102: ["PCI_CLASS_STORAGE_FLOPPY", "Floppy controller"],
  0x0106: ["PCI_CLASS_STORAGE_SATA", "SATA controller"],
  0x0108: ["PCI_CLASS_STORAGE_EXPRESS", ""],
  0x0180: ["PCI_CLASS_STORAGE_OTHER", "Storage controller"],
  0x0200: ["PCI_CLASS_NETWORK_ETHERNET", "Ethernet controller"],
  0x0280: ["PCI_CLASS_NETWORK_OTHER", "Network controller"],
  0x0300: ["PCI_CLASS_DISPLAY_VGA", "VGA controller"],
  0x0301: ["PCI_CLASS_DISPLAY_XGA", "XGA controller"],
  0x0302: ["PCI_CLASS_DISPLAY_3D", "3D controller"],
  0x0380: ["PCI_CLASS_DISPLAY_OTHER", "Display controller"],
  0x0401: ["PCI_CLASS_MULTIMEDIA_AUDIO", "Audio controller"],
  0x0480: ["PCI_CLASS_MULTIMEDIA_OTHER", "Multimedia controller"],
  0x0500: ["PCI_CLASS_MEMORY_RAM", "RAM controller"],
  0x0600: ["PCI_CLASS_BRIDGE_HOST", "Host bridge"],
  0x0601: ["PCI_CLASS_BRIDGE_ISA", "ISA bridge"],
  0x0604: ["PCI_CLASS_BRIDGE_PCI", "PCI bridge"],
  0x0680: ["PCI_CLASS_BRIDGE_OTHER", "Bridge"],
  0x0700: ["PCI_CLASS_COMMUNICATION_SERIAL", "Serial port"],
  0x0780: ["PCI_CLASS_COMMUNICATION_OTHER", ""],
  0x0880: ["PCI_CLASS_SYSTEM_OTHER", ""],
  0x0c03: ["PCI_CLASS_SERIAL_USB", "USB controller"],
  0x0c05: ["PCI_CLASS_SERIAL_SMBUS", "SMBus"],
};

/**
 * The name of a vendor, "" where there is none.
 * @param {number} id
 */
export function vendorName(id) {
  return VENDORS[id] ? `PCI_VENDOR_ID_${VENDORS[id]}` : "";
}

/**
 * The name of a device, "" where there is none. A virtio device that is modern only has 0x1040 plus its virtio id.
 * @param {number} vendor
 * @param {number} device
 */
export function deviceName(vendor, device) {
  const known = DEVICES[vendor]?.[device];
  if (known) return known.includes("_DEV_ID_") ? known : `PCI_DEVICE_ID_${known}`;
  if (vendor === 0x1af4 && device > VIRTIO_10_BASE && device < VIRTIO_10_BASE + 0x40) {
    return `PCI_DEVICE_ID_VIRTIO_10_BASE + ${device - VIRTIO_10_BASE}`;
  }
  return "";
}

/**
 * The name of a class and, where `info pci` has words for it, those.
 * @param {number} id
 */
export function className(id) {
  const [name, words] = CLASSES[id] ?? ["", ""];
  return { name, words };
}
