/**
 * Which slot a realize function calls through, read off its C: what a class would do when realized can be told from its slots
 * alone, without a device of it in the run.
 * @module
 */

/** Function -> the slot that it calls through. @type {Record<string, string>} */
const CALLS_THROUGH = {
  // hw/core/qdev.c
  device_set_realized: "DeviceClass.realize",
  // hw/pci/pci.c
  pci_qdev_realize: "PCIDeviceClass.realize",
  // hw/virtio/virtio-pci.c
  virtio_pci_dc_realize: "VirtioPCIClass.parent_dc_realize",
  virtio_pci_realize: "VirtioPCIClass.realize",
  // hw/virtio/virtio.c
  virtio_device_realize: "VirtioDeviceClass.realize",
  // hw/net/vmxnet3.c
  vmxnet3_realize: "VMXNET3Class.parent_dc_realize",
  // hw/pci-bridge/gen_pcie_root_port.c
  gen_rp_realize: "PCIERootPortClass.parent_realize",
  // hw/usb/bus.c, hw/scsi/scsi-bus.c
  usb_qdev_realize: "USBDeviceClass.realize",
  scsi_qdev_realize: "SCSIDeviceClass.realize",
};

/**
 * The slots through which realizing a device of a class would go, in order, from what stands in its slots.
 * @param {(slot: string) => string | null} functionIn the function in a slot, null where there is none
 * @returns {{slot: string, name: string}[]}
 */
export function realizeOrder(functionIn) {
  const order = [];
  const seen = new Set();
  for (let from = "device_set_realized"; CALLS_THROUGH[from] && !seen.has(from); ) {
    seen.add(from);
    const slot = CALLS_THROUGH[from];
    const name = functionIn(slot);
    if (name === null) break;
    order.push({ slot, name });
    from = name;
  }
  return order;
}
