/** The structs, files and types that the small machine of the views' tests knows (machine.js, card.js). */

export const SIZES = {
  ObjectClass: 96,
  DeviceClass: 176,
  PCIDeviceClass: 232,
  VirtioPCIClass: 248,
  VirtioDeviceClass: 376,
  E1000BaseClass: 240,
  BusClass: 160,
  PCIBusClass: 176,
  VirtioBusClass: 344,
  Object: 40,
  DeviceState: 160,
  PCIDevice: 2608,
  VirtIOPCIProxy: 33744,
  VirtIONetPCI: 43008,
  VirtIODevice: 512,
  VirtIONet: 9264,
  E1000State: 208592,
  BusState: 120,
  PCIBus: 2360,
  VirtioBusState: 128,
  MemoryRegion: 272,
};

export const ZERO = {
  DeviceClass: { realize: null, unrealize: null },
  PCIDeviceClass: { realize: null, vendor_id: 0, device_id: 0, class_id: 0 },
  VirtioPCIClass: { parent_dc_realize: null, realize: null },
  VirtioDeviceClass: { realize: null },
  VirtioBusClass: { device_plugged: null },
  DeviceState: { id: null, realized: false, parent_bus: null, child_bus: { l: [] }, hotplugged: 0 },
  Object: { ref: 0, parent: null, properties: { d: {} } },
  PCIDevice: { config: null, wmask: null, cmask: null, w1cmask: null, used: null, devfn: 0, name: "", io_regions: { l: [] } },
  BusState: { name: null, parent: null, children: { l: [] } },
  MemoryRegion: { addr: 0, size: 0, name: null, container: null, subregions: { l: [] }, enabled: false },
  NetClientState: { name: "", model: "", info_str: "", peer: null, link_down: false, queue_index: 0 },
};

export const FILES = {
  type_new: "qom/object.c",
  type_register_static: "qom/object.c",
  type_initialize: "qom/object.c",
  device_class_set_parent_realize: "hw/core/qdev.c",
  virtio_pci_class_init: "hw/virtio/virtio-pci.c",
  virtio_pci_register_types: "hw/virtio/virtio-pci.c",
  pci_add_capability: "hw/pci/pci.c",
};

/** TypeInfo tables. */
export const TYPES = [
  { name: "object", class: "ObjectClass", instance: "Object", abstract: true, class_init: "object_class_init" },
  { name: "device", parent: "object", class: "DeviceClass", instance: "DeviceState", abstract: true, class_init: "device_class_init", instance_init: "device_initfn", interfaces: ["vmstate-if", "resettable"] },
  { name: "bus", parent: "object", class: "BusClass", instance: "BusState", abstract: true, class_init: "bus_class_init" },
  { name: "PCI", parent: "bus", class: "PCIBusClass", instance: "PCIBus", class_init: "pci_bus_class_init" },
  { name: "pci-device", parent: "device", class: "PCIDeviceClass", instance: "PCIDevice", abstract: true, class_init: "pci_device_class_init" },
  { name: "e1000-base", parent: "pci-device", class: "E1000BaseClass", instance: "E1000State", abstract: true, instance_init: "e1000_instance_init", interfaces: ["conventional-pci-device"] },
  { name: "e1000", parent: "e1000-base", class_init: "e1000_class_init" },
  { name: "virtio-device", parent: "device", class: "VirtioDeviceClass", instance: "VirtIODevice", abstract: true, class_init: "virtio_device_class_init" },
  { name: "virtio-net-device", parent: "virtio-device", instance: "VirtIONet", class_init: "virtio_net_class_init", instance_init: "virtio_net_instance_init" },
  { name: "virtio-bus", parent: "bus", class: "VirtioBusClass", instance: "VirtioBusState", abstract: true, class_init: "virtio_bus_class_init" },
  { name: "virtio-pci-bus", parent: "virtio-bus", class_init: "virtio_pci_bus_class_init" },
  { name: "virtio-pci", parent: "pci-device", class: "VirtioPCIClass", instance: "VirtIOPCIProxy", abstract: true, class_init: "virtio_pci_class_init", register: "virtio_pci_register_types" },
  { name: "virtio-net-pci-base", parent: "virtio-pci", instance: "VirtIONetPCI", abstract: true, class_init: "virtio_pci_base_class_init", instance_init: "virtio_net_pci_instance_init", register: "virtio_net_pci_register" },
  { name: "virtio-net-pci", parent: "virtio-net-pci-base", class_init: "virtio_pci_generic_class_init", interfaces: ["pci-express-device", "conventional-pci-device"], register: "virtio_net_pci_register" },
  { name: "virtio-net-pci-non-transitional", parent: "virtio-net-pci-base", instance_init: "virtio_pci_non_transitional_instance_init", interfaces: ["pci-express-device", "conventional-pci-device"], register: "virtio_net_pci_register" },
  { name: "virtio-net-pci-transitional", parent: "virtio-net-pci-base", instance_init: "virtio_pci_transitional_instance_init", interfaces: ["conventional-pci-device"], register: "virtio_net_pci_register" },
];
