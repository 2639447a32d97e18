"""PCs: structs and constants (include/hw/i386/pc.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from emu.hw.core.qdev import DeviceState
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.parts import Part, caster, class_getter
from emu.trace import Seq, Struct, embedded, fresh
from emu.util.notify import Notifier

if TYPE_CHECKING:
    from emu.hw.block.pflash_cfi01 import PFlashCFI01
    from emu.hw.i2c.core import I2CBus
    from emu.hw.isa.isa_bus import ISADevice
    from emu.hw.pci.pci import PCIBus

TYPE_PC_MACHINE: Final = "generic-pc-machine"

HPET_INTCAP: Final = "hpet-intcap"
PC_MACHINE_ACPI_DEVICE_PROP: Final = "acpi-device"
PC_MACHINE_MAX_RAM_BELOW_4G: Final = "max-ram-below-4g"
PC_MACHINE_DEVMEM_REGION_SIZE: Final = "device-memory-region-size"
PC_MACHINE_VMPORT: Final = "vmport"
PC_MACHINE_SMBUS: Final = "smbus"
PC_MACHINE_SATA: Final = "sata"
PC_MACHINE_I8042: Final = "i8042"
PC_MACHINE_MAX_FW_SIZE: Final = "max-fw-size"
PC_MACHINE_SMBIOS_EP: Final = "smbios-entry-point-type"

PCI_HOST_PROP_PCI_HOLE_START: Final = "pci-hole-start"
PCI_HOST_PROP_PCI_HOLE_END: Final = "pci-hole-end"
PCI_HOST_PROP_PCI_HOLE64_START: Final = "pci-hole64-start"
PCI_HOST_PROP_PCI_HOLE64_END: Final = "pci-hole64-end"
PCI_HOST_PROP_PCI_HOLE64_SIZE: Final = "pci-hole64-size"
PCI_HOST_BELOW_4G_MEM_SIZE: Final = "below-4g-mem-size"
PCI_HOST_ABOVE_4G_MEM_SIZE: Final = "above-4g-mem-size"

SMBIOS_ENTRY_POINT_TYPE_32: Final = 0
SMBIOS_ENTRY_POINT_TYPE_64: Final = 1

TARGET_DEFAULT_CPU_TYPE: Final = "qemu64-x86_64-cpu"
CPU_VERSION_LEGACY: Final = 0
"""Default CPU model version of machines up to 4.0: each model's first."""
IF_IDE: Final = 1
"""``BlockInterfaceType``: what ``-drive`` means on a PC."""


class SGXEPCState(Struct):
    """Memory for SGX enclaves, of which there is none here (include/hw/i386/sgx-epc.h)."""

    size: int = 0


class CXLState(Struct):
    """CXL of a machine (include/hw/cxl/cxl.h): off."""

    is_enabled: bool = False


class Flashes(Seq["PFlashCFI01 | None"]):
    """``PFlashCFI01 *flash[2]``."""

    def __init__(self) -> None:
        super().__init__([None, None])


class PCMachineClass(Part):
    """What PC boards differ in."""

    SIZE: ClassVar[int] = 408
    pci_enabled: bool = False
    kvmclock_enabled: bool = False
    default_nic_model: str | None = None
    default_cpu_version: int = 0
    has_acpi_build: bool = False
    rsdp_in_ram: bool = False
    legacy_acpi_table_size: int = 0
    acpi_data_size: int = 0
    pci_root_uid: int = 0
    smbios_defaults: bool = False
    smbios_legacy_mode: bool = False
    smbios_uuid_encoded: bool = False
    gigabyte_align: bool = False
    has_reserved_memory: bool = False
    enforce_aligned_dimm: bool = False
    broken_reserved_end: bool = False
    enforce_amd_1tb_hole: bool = False
    legacy_cpu_hotplug: bool = False
    pvh_enabled: bool = False
    kvmclock_create_always: bool = False


class PCMachineState(Part):
    """A PC."""

    SIZE: ClassVar[int] = 1232
    machine_done: Notifier = embedded(Notifier)
    bus: PCIBus | None = None
    smbus: I2CBus | None = None
    flash: Seq[PFlashCFI01 | None] = fresh(Flashes)
    pcspk: ISADevice | None = None
    iommu: DeviceState | None = None
    max_ram_below_4g: int = 0
    vmport: int = OnOffAuto.AUTO
    smbios_entry_point_type: int = SMBIOS_ENTRY_POINT_TYPE_32
    acpi_build_enabled: bool = False
    smbus_enabled: bool = False
    sata_enabled: bool = False
    hpet_enabled: bool = False
    i8042_enabled: bool = False
    default_bus_bypass_iommu: bool = False
    max_fw_size: int = 0
    memhp_io_base: int = 0
    sgx_epc: SGXEPCState = embedded(SGXEPCState)
    cxl_devices_state: CXLState = embedded(CXLState)


PC_MACHINE = caster(PCMachineState, TYPE_PC_MACHINE)
PC_MACHINE_CLASS = caster(PCMachineClass, TYPE_PC_MACHINE)
PC_MACHINE_GET_CLASS = class_getter(PCMachineClass)
