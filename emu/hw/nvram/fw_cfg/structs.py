"""What the interface holds and the numbers of its items (hw/nvram/fw_cfg.c, include/hw/nvram/fw_cfg.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    MemoryRegion,
)
from emu.trace import Map, Seq, Struct, embedded, mapping, seq
from emu.util.notify import Notifier

if TYPE_CHECKING:
    from emu.softmmu.memory import AddressSpace
TYPE_FW_CFG: Final = "fw_cfg"
TYPE_FW_CFG_IO: Final = "fw_cfg_io"

FW_CFG_SIGNATURE: Final = 0x00
FW_CFG_ID: Final = 0x01
FW_CFG_UUID: Final = 0x02
FW_CFG_RAM_SIZE: Final = 0x03
FW_CFG_NOGRAPHIC: Final = 0x04
FW_CFG_NB_CPUS: Final = 0x05
FW_CFG_NUMA: Final = 0x0D
FW_CFG_BOOT_MENU: Final = 0x0E
FW_CFG_MAX_CPUS: Final = 0x0F
FW_CFG_FILE_DIR: Final = 0x19
FW_CFG_FILE_FIRST: Final = 0x20
FW_CFG_FILE_SLOTS_MIN: Final = 0x10
FW_CFG_FILE_SLOTS_DFLT: Final = 0x20
FW_CFG_ARCH_LOCAL: Final = 0x8000
FW_CFG_ENTRY_MASK: Final = 0x3FFF
FW_CFG_CTL_SIZE: Final = 0x02
FW_CFG_VERSION: Final = 0x01
FW_CFG_VERSION_DMA: Final = 0x02
FW_CFG_ORDER_OVERRIDE_VGA: Final = 70
FW_CFG_ORDER_OVERRIDE_NIC: Final = 80
FW_CFG_ORDER_OVERRIDE_USER: Final = 100
FW_CFG_ORDER_OVERRIDE_DEVICE: Final = 110
FW_CFG_ORDER_OVERRIDE_LAST: Final = 200
SIZEOF_FWCFGFILE: Final = 64
SIZEOF_DMA_ADDR: Final = 8

fw_cfg_order: Final = {
    "etc/boot-menu-wait": 10,
    "bootsplash.jpg": 11,
    "bootsplash.bmp": 12,
    "etc/boot-fail-wait": 15,
    "etc/smbios/smbios-tables": 20,
    "etc/smbios/smbios-anchor": 30,
    "etc/e820": 40,
    "etc/reserved-memory-end": 50,
    "genroms/kvmvapic.bin": 55,
    "genroms/linuxboot.bin": 60,
    "etc/system-states": 90,
    "etc/extra-pci-roots": 120,
    "etc/acpi/tables": 130,
    "etc/table-loader": 140,
    "etc/tpm/log": 150,
    "etc/acpi/rsdp": 160,
    "bootorder": 170,
    "etc/msr_feature_control": 180,
}
"""Where older machines put a file; the gaps are for option ROMs (``FW_CFG_ORDER_OVERRIDE_*``)."""


class FWCfgFile(Struct):
    """A file for the firmware; its key is ``FW_CFG_FILE_FIRST`` plus its place in the list. Size in bytes."""

    name: str = ""
    size: int = 0


class FWCfgState(Part):
    """The interface. ``entries`` maps keys (in hexadecimal) to sizes in bytes."""

    SIZE: ClassVar[int] = 1216
    file_slots: int = 0
    entries: Map[int] = mapping()
    entry_order: Seq[int] = seq()
    files: Seq[FWCfgFile] = seq()
    machine_ready: Notifier = embedded(Notifier)
    fw_cfg_order_override: int = 0
    dma_enabled: bool = False
    dma_addr: int = 0
    dma_as: AddressSpace | None = None
    dma_iomem: MemoryRegion | None = None
    acpi_mr_restore: bool = False
    table_mr_size: int = 0
    linker_mr_size: int = 0
    rsdp_mr_size: int = 0


class FWCfgIoState(Part):
    """The interface at I/O ports."""

    SIZE: ClassVar[int] = 1488
    comb_iomem: MemoryRegion | None = None


FW_CFG = caster(FWCfgState, TYPE_FW_CFG)
FW_CFG_IO = caster(FWCfgIoState, TYPE_FW_CFG_IO)
