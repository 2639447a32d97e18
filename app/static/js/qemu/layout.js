/**
 * How structs lie in memory: size, and the larger members with offset and size in bytes, measured in QEMU 7.2's debugging information
 * (x86_64). A first member at offset 0 that is a struct of its own chain is the parent's part.
 * @module
 */

/**
 * Name, type, offset, size, and how many for an array.
 * @typedef {[string, string, number, number, number?]} Member
 */

/** @type {Record<string, {size: number, members: Member[]}>} */
export const LAYOUT = {
  Object: { size: 40, members: [] },
  DeviceState: {
    size: 160,
    members: [
      ["parent_obj", "Object", 0, 40],
    ],
  },
  BusState: {
    size: 120,
    members: [
      ["obj", "Object", 0, 40],
    ],
  },
  PCIDevice: {
    size: 2608,
    members: [
      ["qdev", "DeviceState", 0, 160],
      ["requester_id_cache", "PCIReqIDCache", 216, 16],
      ["io_regions", "PCIIORegion", 296, 280, 7],
      ["bus_master_as", "AddressSpace", 576, 88],
      ["bus_master_container_region", "MemoryRegion", 672, 272],
      ["bus_master_enable_region", "MemoryRegion", 944, 272],
      ["msix_exclusive_bar", "MemoryRegion", 1328, 272],
      ["msix_table_mmio", "MemoryRegion", 1600, 272],
      ["msix_pba_mmio", "MemoryRegion", 1872, 272],
      ["exp", "PCIExpressDevice", 2168, 80],
      ["rom", "MemoryRegion", 2272, 272],
    ],
  },
  VirtIOPCIProxy: {
    size: 33744,
    members: [
      ["pci_dev", "PCIDevice", 0, 2608],
      ["bar", "MemoryRegion", 2608, 272],
      ["common", "VirtIOPCIRegion", 2880, 288],
      ["isr", "VirtIOPCIRegion", 3168, 288],
      ["device", "VirtIOPCIRegion", 3456, 288],
      ["notify", "VirtIOPCIRegion", 3744, 288],
      ["notify_pio", "VirtIOPCIRegion", 4032, 288],
      ["modern_bar", "MemoryRegion", 4320, 272],
      ["io_bar", "MemoryRegion", 4592, 272],
      ["vqs", "VirtIOPCIQueue", 4920, 28672, 1024],
      ["bus", "VirtioBusState", 33608, 128],
    ],
  },
  VirtIONetPCI: {
    size: 43008,
    members: [
      ["parent_obj", "VirtIOPCIProxy", 0, 33744],
      ["vdev", "VirtIONet", 33744, 9264],
    ],
  },
  VirtIODevice: {
    size: 512,
    members: [
      ["parent_obj", "DeviceState", 0, 160],
      ["listener", "MemoryListener", 240, 192],
    ],
  },
  VirtIONet: {
    size: 9264,
    members: [
      ["parent_obj", "VirtIODevice", 0, 512],
      ["net_conf", "virtio_net_conf", 656, 56],
      ["nic_conf", "NICConf", 712, 8216],
      ["announce_timer", "AnnounceTimer", 8992, 80],
      ["primary_listener", "DeviceListener", 9080, 40],
      ["migration_state", "Notifier", 9136, 24],
    ],
  },
  PCIBus: {
    size: 2320,
    members: [
      ["qbus", "BusState", 0, 120],
      ["machine_done", "Notifier", 2296, 24],
    ],
  },
  VirtioBusState: {
    size: 128,
    members: [
      ["parent_obj", "BusState", 0, 120],
    ],
  },
  VirtioPCIBusState: {
    size: 128,
    members: [
      ["parent_obj", "BusState", 0, 120],
    ],
  },
  E1000State: {
    size: 208592,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["conf", "NICConf", 2616, 8216],
      ["mmio", "MemoryRegion", 10832, 272],
      ["io", "MemoryRegion", 11104, 272],
      ["mac_reg", "uint32_t", 11376, 131072, 32768],
    ],
  },
  E1000EState: {
    size: 144160,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["conf", "NICConf", 2616, 8216],
      ["mmio", "MemoryRegion", 10832, 272],
      ["flash", "MemoryRegion", 11104, 272],
      ["io", "MemoryRegion", 11376, 272],
      ["msix", "MemoryRegion", 11648, 272],
    ],
  },
  EEPRO100State: {
    size: 16032,
    members: [
      ["dev", "PCIDevice", 0, 2608],
      ["mmio_bar", "MemoryRegion", 2624, 272],
      ["io_bar", "MemoryRegion", 2896, 272],
      ["flash_bar", "MemoryRegion", 3168, 272],
      ["conf", "NICConf", 3448, 8216],
      ["mem", "uint8_t", 11888, 4096, 4096],
    ],
  },
  RTL8139State: {
    size: 11792,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["conf", "NICConf", 2728, 8216],
      ["bar_io", "MemoryRegion", 11232, 272],
      ["bar_mem", "MemoryRegion", 11504, 272],
    ],
  },
  NE2000State: {
    size: 57712,
    members: [
      ["io", "MemoryRegion", 0, 272],
      ["c", "NICConf", 336, 8216],
      ["mem", "uint8_t", 8552, 49152, 49152],
    ],
  },
  PCINE2000State: {
    size: 60320,
    members: [
      ["dev", "PCIDevice", 0, 2608],
      ["ne2000", "NE2000State", 2608, 57712],
    ],
  },
  PCIPCNetState: {
    size: 15904,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["state", "PCNetState", 2608, 13024],
      ["io_bar", "MemoryRegion", 15632, 272],
    ],
  },
  PCNetState: {
    size: 13024,
    members: [
      ["conf", "NICConf", 8, 8216],
      ["mmio", "MemoryRegion", 8608, 272],
      ["buffer", "uint8_t", 8880, 4096, 4096],
    ],
  },
  TULIPState: {
    size: 15696,
    members: [
      ["dev", "PCIDevice", 0, 2608],
      ["io", "MemoryRegion", 2608, 272],
      ["memory", "MemoryRegion", 2880, 272],
      ["c", "NICConf", 3152, 8216],
      ["rx_frame", "uint8_t", 11488, 2048, 2048],
      ["tx_frame", "uint8_t", 13536, 2048, 2048],
    ],
  },
  VMXNET3State: {
    size: 14880,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["conf", "NICConf", 2616, 8216],
      ["bar0", "MemoryRegion", 10832, 272],
      ["bar1", "MemoryRegion", 11104, 272],
      ["msix_bar", "MemoryRegion", 11376, 272],
      ["rxq_descr", "Vmxnet3RxqDescr", 11648, 1344, 8],
      ["txq_descr", "Vmxnet3TxqDescr", 12992, 1152, 8],
      ["vlan_table", "uint32_t", 14328, 512, 128],
    ],
  },
  I440FXState: {
    size: 1712,
    members: [
      ["parent_obj", "PCIHostState", 0, 1680],
    ],
  },
  PCII440FXState: {
    size: 17808,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["pam_regions", "PAMMemoryRegion", 2640, 14352, 13],
      ["smram_region", "MemoryRegion", 16992, 272],
      ["smram", "MemoryRegion", 17264, 272],
      ["low_smram", "MemoryRegion", 17536, 272],
    ],
  },
  PIIX3State: {
    size: 2928,
    members: [
      ["dev", "PCIDevice", 0, 2608],
      ["rcr_mem", "MemoryRegion", 2656, 272],
    ],
  },
  PIIX4PMState: {
    size: 9200,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["io", "MemoryRegion", 2608, 272],
      ["io_gpe", "MemoryRegion", 2896, 272],
      ["machine_ready", "Notifier", 4832, 24],
      ["powerdown_notifier", "Notifier", 4856, 24],
      ["acpi_pci_hotplug", "AcpiPciHpState", 4880, 3376],
    ],
  },
  ICH9LPCState: {
    size: 26736,
    members: [
      ["d", "PCIDevice", 0, 2608],
      ["chip_config", "uint8_t", 9526, 16384, 16384],
      ["rst_cnt_mem", "MemoryRegion", 25920, 272],
      ["rcrb_mem", "MemoryRegion", 26240, 272],
      ["machine_ready", "Notifier", 26512, 24],
      ["gsi", "qemu_irq", 26536, 192, 24],
    ],
  },
  MCHPCIState: {
    size: 19504,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["pam_regions", "PAMMemoryRegion", 2640, 14352, 13],
      ["smram_region", "MemoryRegion", 16992, 272],
      ["open_high_smram", "MemoryRegion", 17264, 272],
      ["smram", "MemoryRegion", 17536, 272],
      ["low_smram", "MemoryRegion", 17808, 272],
      ["high_smram", "MemoryRegion", 18080, 272],
      ["tseg_blackhole", "MemoryRegion", 18352, 272],
      ["tseg_window", "MemoryRegion", 18624, 272],
      ["smbase_blackhole", "MemoryRegion", 18896, 272],
      ["smbase_window", "MemoryRegion", 19168, 272],
    ],
  },
  Q35PCIHost: {
    size: 21488,
    members: [
      ["mch", "MCHPCIState", 1984, 19504],
    ],
  },
  PCIHostState: {
    size: 1680,
    members: [
      ["busdev", "SysBusDevice", 0, 816],
      ["conf_mem", "MemoryRegion", 816, 272],
      ["data_mem", "MemoryRegion", 1088, 272],
      ["mmcfg", "MemoryRegion", 1360, 272],
    ],
  },
  SysBusDevice: {
    size: 816,
    members: [
      ["parent_obj", "DeviceState", 0, 160],
    ],
  },
  PCIBridge: {
    size: 5504,
    members: [
      ["parent_obj", "PCIDevice", 0, 2608],
      ["sec_bus", "PCIBus", 2608, 2320],
      ["address_space_mem", "MemoryRegion", 4928, 272],
      ["address_space_io", "MemoryRegion", 5200, 272],
    ],
  },
  PCIEPort: {
    size: 5520,
    members: [
      ["parent_obj", "PCIBridge", 0, 5504],
    ],
  },
  PCIESlot: {
    size: 5552,
    members: [
      ["parent_obj", "PCIEPort", 0, 5520],
    ],
  },
  MachineState: {
    size: 344,
    members: [
      ["parent_obj", "Object", 0, 40],
      ["boot_config", "BootConfiguration", 160, 88],
      ["smp", "CpuTopology", 296, 28],
    ],
  },
  X86MachineState: {
    size: 488,
    members: [
      ["parent", "MachineState", 0, 344],
    ],
  },
  MemoryRegion: {
    size: 272,
    members: [
      ["parent_obj", "Object", 0, 40],
    ],
  },
  IOMMUMemoryRegion: {
    size: 288,
    members: [
      ["parent_obj", "MemoryRegion", 0, 272],
    ],
  },
  VirtIOPCIRegion: {
    size: 288,
    members: [
      ["mr", "MemoryRegion", 0, 272],
    ],
  },
};
