/**
 * Names of the registers of PCI's configuration header, type 0 (include/standard-headers/linux/pci_regs.h).
 * @module
 */

/** Offset, size, name without PCI_. @type {[number, number, string][]} */
export const HEADER = [
  [0x00, 2, "VENDOR_ID"],
  [0x02, 2, "DEVICE_ID"],
  [0x04, 2, "COMMAND"],
  [0x06, 2, "STATUS"],
  [0x08, 1, "REVISION_ID"],
  [0x09, 3, "CLASS"],
  [0x0c, 1, "CACHE_LINE_SIZE"],
  [0x0d, 1, "LATENCY_TIMER"],
  [0x0e, 1, "HEADER_TYPE"],
  [0x0f, 1, "BIST"],
  [0x10, 4, "BASE_ADDRESS_0"],
  [0x14, 4, "BASE_ADDRESS_1"],
  [0x18, 4, "BASE_ADDRESS_2"],
  [0x1c, 4, "BASE_ADDRESS_3"],
  [0x20, 4, "BASE_ADDRESS_4"],
  [0x24, 4, "BASE_ADDRESS_5"],
  [0x28, 4, "CARDBUS_CIS"],
  [0x2c, 2, "SUBSYSTEM_VENDOR_ID"],
  [0x2e, 2, "SUBSYSTEM_ID"],
  [0x30, 4, "ROM_ADDRESS"],
  [0x34, 1, "CAPABILITY_LIST"],
  [0x3c, 1, "INTERRUPT_LINE"],
  [0x3d, 1, "INTERRUPT_PIN"],
  [0x3e, 1, "MIN_GNT"],
  [0x3f, 1, "MAX_LAT"],
];

/**
 * The header register that byte `at` belongs to, null for what lies behind the header.
 * @param {number} at
 */
export function registerAt(at) {
  const found = HEADER.find(([start, size]) => at >= start && at < start + size);
  return found ? { at: found[0], size: found[1], name: `PCI_${found[2]}` } : null;
}
