"""The Q35's function on the PCI Express bus: which memory the guest sees (hw/pci-host/q35.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState, qdev_get_machine, qdev_get_parent_bus
from emu.hw.core.qdev_properties import DEFINE_PROP_BOOL, DEFINE_PROP_UINT16, device_class_set_props
from emu.hw.i386.pc.devices import pc_pci_as_mapping_init
from emu.hw.i386.x86 import IO_APIC_DEFAULT_ADDRESS, GiB
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_default_write_config,
    pci_get_quad,
    pci_get_word,
    pci_set_quad,
    pci_set_word,
)
from emu.hw.pci.pci_ids import PCI_CLASS_BRIDGE_HOST, PCI_DEVICE_ID_INTEL_P35_MCH, PCI_VENDOR_ID_INTEL
from emu.hw.pci.pcie_host import PCIE_HOST_BRIDGE, pcie_host_mmcfg_update
from emu.hw.pci_host.pam import (
    PAM_BIOS_BASE,
    PAM_BIOS_SIZE,
    PAM_EXPAN_BASE,
    PAM_EXPAN_SIZE,
    SMRAM_D_OPEN,
    SMRAM_G_SMRAME,
    PAMMemoryRegion,
    PAMRegions,
    init_pam,
    pam_update,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.range import Range, range_set_bounds, ranges_overlap
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, object_property_add_const_link
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_del_subregion,
    memory_region_init,
    memory_region_init_alias,
    memory_region_init_io,
    memory_region_set_address,
    memory_region_set_alias_offset,
    memory_region_set_enabled,
    memory_region_set_size,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
)
from emu.trace import Ptr, Seq, emulates, fresh

TYPE_MCH_PCI_DEVICE: Final = "mch"
EXT_TSEG_MBYTES: Final = 0x50
EXT_TSEG_MBYTES_QUERY: Final = 0xFFFF
EXT_TSEG_MBYTES_MAX: Final = 0xFFF
SMBASE_SIZE: Final = 128 * 1024
SMBASE_ADDR: Final = 0x30000
F_SMBASE: Final = 0x9C
F_SMBASE_QUERY: Final = 0xFF
F_SMBASE_IN_RAM: Final = 0x01
F_SMBASE_LCK: Final = 0x02
PCIEXBAR: Final = 0x60
MCH_HOST_BRIDGE_PCIEXBAR_DEFAULT: Final = 0xB0000000
PCIEXBAR_ADMSK: Final = (1 << 36) - (1 << 28)
PCIEXBAREN: Final = 1
PAM0: Final = 0x90
SMRAM: Final = 0x9D
SMRAM_D_LCK: Final = 1 << 4
SMRAM_DEFAULT: Final = 0x02
SMRAM_WMASK: Final = 0x78
SMRAM_WMASK_LCK: Final = 0x20
SMRAM_C_BASE: Final = 0xA0000
SMRAM_C_SIZE: Final = 0x20000
ESMRAMC: Final = 0x9E
ESMRAMC_H_SMRAME: Final = 1 << 7
ESMRAMC_T_EN: Final = 1
ESMRAMC_DEFAULT: Final = 0x38
ESMRAMC_WMASK: Final = 0x87
MIB: Final = 1 << 20


class MCHPCIState(Part):
    """The function."""

    SIZE: ClassVar[int] = 19504
    ram_memory: MemoryRegion | None = None
    pci_address_space: MemoryRegion | None = None
    system_memory: MemoryRegion | None = None
    address_space_io: MemoryRegion | None = None
    pam_regions: Seq[PAMMemoryRegion] = fresh(PAMRegions)
    smram_region: MemoryRegion | None = None
    open_high_smram: MemoryRegion | None = None
    smram: MemoryRegion | None = None
    low_smram: MemoryRegion | None = None
    high_smram: MemoryRegion | None = None
    tseg_blackhole: MemoryRegion | None = None
    tseg_window: MemoryRegion | None = None
    smbase_blackhole: MemoryRegion | None = None
    smbase_window: MemoryRegion | None = None
    has_smram_at_smbase: bool = False
    pci_hole: Range = Range()
    below_4g_mem_size: int = 0
    above_4g_mem_size: int = 0
    pci_hole64_size: int = 0
    short_root_bus: int = 0
    ext_tseg_mbytes: int = 0


MCH_PCI_DEVICE = caster(MCHPCIState, TYPE_MCH_PCI_DEVICE)


def the(region: MemoryRegion | None) -> MemoryRegion:
    """Return a region that realize made."""
    assert region is not None
    return region


@emulates
def mch_update_pciexbar(mch: MCHPCIState) -> None:
    """Move the window to the configuration space of PCI Express."""
    config = PCI_DEVICE(mch).config
    bus = qdev_get_parent_bus(DEVICE(mch))
    assert bus is not None
    pciexbar = pci_get_quad(config + PCIEXBAR)
    length_bits = pciexbar >> 1 & 3
    if length_bits == 3:
        return
    mask = PCIEXBAR_ADMSK | (0, 1 << 26 | 1 << 25, 1 << 25)[length_bits]
    length = (256, 128, 64)[length_bits] * MIB
    pcie_host_mmcfg_update(PCIE_HOST_BRIDGE(bus.parent), bool(pciexbar & PCIEXBAREN), pciexbar & mask, length)


@emulates
def mch_update_pam(mch: MCHPCIState) -> None:
    """Choose between RAM and PCI, part by part, from 768 KiB to 1 MiB."""
    config = PCI_DEVICE(mch).config
    memory_region_transaction_begin()
    for i, pam in enumerate(mch.pam_regions):
        pam_update(pam, i, config[PAM0 + (i + 1) // 2])
    memory_region_transaction_commit()


@emulates
def mch_update_smram(mch: MCHPCIState) -> None:
    """Show or hide the memory of System Management Mode."""
    pd = PCI_DEVICE(mch)
    config, wmask = pd.config, pd.wmask
    h_smrame = bool(config[ESMRAMC] & ESMRAMC_H_SMRAME)
    if config[SMRAM] & SMRAM_D_LCK:
        config[SMRAM] &= ~SMRAM_D_OPEN & 0xFF
        wmask[SMRAM] = SMRAM_WMASK_LCK
        wmask[ESMRAMC] = 0
    memory_region_transaction_begin()
    is_open = bool(config[SMRAM] & SMRAM_D_OPEN)
    memory_region_set_enabled(the(mch.smram_region), h_smrame if is_open else True)
    memory_region_set_enabled(the(mch.open_high_smram), h_smrame if is_open else False)
    enabled = bool(config[SMRAM] & SMRAM_G_SMRAME)
    memory_region_set_enabled(the(mch.low_smram), enabled and not h_smrame)
    memory_region_set_enabled(the(mch.high_smram), enabled and h_smrame)
    tseg_size = 0
    if config[ESMRAMC] & ESMRAMC_T_EN and enabled:
        tseg_size = (1, 2, 8, mch.ext_tseg_mbytes)[config[ESMRAMC] >> 1 & 3] * MIB
    system_memory, blackhole, window = the(mch.system_memory), the(mch.tseg_blackhole), the(mch.tseg_window)
    memory_region_del_subregion(system_memory, blackhole)
    memory_region_set_enabled(blackhole, bool(tseg_size))
    memory_region_set_size(blackhole, tseg_size)
    memory_region_add_subregion_overlap(system_memory, mch.below_4g_mem_size - tseg_size, blackhole, 1)
    memory_region_set_enabled(window, bool(tseg_size))
    memory_region_set_size(window, tseg_size)
    memory_region_set_address(window, mch.below_4g_mem_size - tseg_size)
    memory_region_set_alias_offset(window, mch.below_4g_mem_size - tseg_size)
    memory_region_transaction_commit()


@emulates
def mch_update_ext_tseg_mbytes(mch: MCHPCIState) -> None:
    """Answer a question for the size of the largest hidden segment."""
    reg = PCI_DEVICE(mch).config + EXT_TSEG_MBYTES
    if mch.ext_tseg_mbytes > 0 and pci_get_word(reg) == EXT_TSEG_MBYTES_QUERY:
        pci_set_word(reg, mch.ext_tseg_mbytes)


@emulates
def mch_update_smbase_smram(mch: MCHPCIState) -> None:
    """Answer a question for memory at the first SMBASE, or lock it."""
    pd = PCI_DEVICE(mch)
    config, wmask = pd.config, pd.wmask
    if not mch.has_smram_at_smbase:
        return
    if config[F_SMBASE] == F_SMBASE_QUERY:
        wmask[F_SMBASE] = F_SMBASE_LCK
        config[F_SMBASE] = F_SMBASE_IN_RAM
        return
    if wmask[F_SMBASE] == 0xFF:
        config[F_SMBASE] = 0x00
    memory_region_transaction_begin()
    lck = bool(config[F_SMBASE] & F_SMBASE_LCK)
    if lck:
        wmask[F_SMBASE] &= ~F_SMBASE_LCK & 0xFF
        config[F_SMBASE] = F_SMBASE_LCK
    memory_region_set_enabled(the(mch.smbase_blackhole), lck)
    memory_region_set_enabled(the(mch.smbase_window), lck)
    memory_region_transaction_commit()


@emulates
def mch_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write registers; some of them move memory."""
    mch = MCH_PCI_DEVICE(d)
    pci_default_write_config(d, address, val, len_)
    if ranges_overlap(address, len_, PAM0, 7):
        mch_update_pam(mch)
    if ranges_overlap(address, len_, PCIEXBAR, 8):
        mch_update_pciexbar(mch)
    if ranges_overlap(address, len_, SMRAM, 2):
        mch_update_smram(mch)
    if ranges_overlap(address, len_, EXT_TSEG_MBYTES, 2):
        mch_update_ext_tseg_mbytes(mch)
    if ranges_overlap(address, len_, F_SMBASE, 1):
        mch_update_smbase_smram(mch)


@emulates
def mch_update(mch: MCHPCIState) -> None:
    """Do all that follows from the registers."""
    mch_update_pciexbar(mch)
    mch_update_pam(mch)
    mch_update_smram(mch)
    mch_update_ext_tseg_mbytes(mch)
    mch_update_smbase_smram(mch)
    mch.pci_hole = range_set_bounds(mch.below_4g_mem_size, IO_APIC_DEFAULT_ADDRESS - 1)


@emulates
def mch_reset(qdev: DeviceState) -> None:
    """Set the registers as at power-on."""
    d = PCI_DEVICE(qdev)
    mch = MCH_PCI_DEVICE(d)
    pci_set_quad(d.config + PCIEXBAR, MCH_HOST_BRIDGE_PCIEXBAR_DEFAULT)
    d.config[SMRAM] = SMRAM_DEFAULT
    d.config[ESMRAMC] = ESMRAMC_DEFAULT
    d.wmask[SMRAM] = SMRAM_WMASK
    d.wmask[ESMRAMC] = ESMRAMC_WMASK
    if mch.ext_tseg_mbytes > 0:
        pci_set_word(d.config + EXT_TSEG_MBYTES, EXT_TSEG_MBYTES_QUERY)
    d.config[F_SMBASE] = 0
    d.wmask[F_SMBASE] = 0xFF
    mch_update(mch)


@emulates(modelled=False)
def blackhole_write(opaque: Any, addr: int, val: int, width: int) -> None:
    """Lose what is written."""


@emulates
def blackhole_read(opaque: Any, reg: int, size: int) -> int:
    """Read all ones."""
    return 0xFFFFFFFF


blackhole_ops: Final = MemoryRegionOps(
    name="blackhole_ops",
    read=blackhole_read,
    write=blackhole_write,
    valid=Valid(1, 4),
    impl=Impl(4, 4),
    endianness=DEVICE_LITTLE_ENDIAN,
)


def _smram(mch: MCHPCIState, field: str, name: str) -> MemoryRegion:
    memory_region_init_alias(Ptr(mch, field), OBJECT(mch), name, the(mch.ram_memory), SMRAM_C_BASE, SMRAM_C_SIZE)
    region: MemoryRegion = getattr(mch, field)
    return region


@emulates
def mch_realize(d: PCIDevice) -> None:
    """Lay out the memory that the registers switch. Error: a hidden segment that is too large."""
    mch = MCH_PCI_DEVICE(d)
    if mch.ext_tseg_mbytes > EXT_TSEG_MBYTES_MAX:
        error_setg(f"invalid extended-tseg-mbytes value: {mch.ext_tseg_mbytes}")
    owner, ram = OBJECT(mch), the(mch.ram_memory)
    system_memory, pci_address_space = the(mch.system_memory), the(mch.pci_address_space)
    pc_pci_as_mapping_init(owner, system_memory, pci_address_space)

    memory_region_init_alias(Ptr(mch, "smram_region"), owner, "smram-region", pci_address_space, SMRAM_C_BASE, SMRAM_C_SIZE)
    memory_region_add_subregion_overlap(system_memory, SMRAM_C_BASE, the(mch.smram_region), 1)
    memory_region_set_enabled(the(mch.smram_region), True)
    open_high_smram = _smram(mch, "open_high_smram", "smram-open-high")
    memory_region_add_subregion_overlap(system_memory, 0xFEDA0000, open_high_smram, 1)
    memory_region_set_enabled(open_high_smram, False)

    memory_region_init(Ptr(mch, "smram"), owner, "smram", 4 * GiB)
    smram = the(mch.smram)
    memory_region_set_enabled(smram, True)
    low_smram = _smram(mch, "low_smram", "smram-low")
    memory_region_set_enabled(low_smram, True)
    memory_region_add_subregion(smram, SMRAM_C_BASE, low_smram)
    high_smram = _smram(mch, "high_smram", "smram-high")
    memory_region_set_enabled(high_smram, True)
    memory_region_add_subregion(smram, 0xFEDA0000, high_smram)

    memory_region_init_io(Ptr(mch, "tseg_blackhole"), owner, blackhole_ops, None, "tseg-blackhole", 0)
    memory_region_set_enabled(the(mch.tseg_blackhole), False)
    memory_region_add_subregion_overlap(system_memory, mch.below_4g_mem_size, the(mch.tseg_blackhole), 1)
    memory_region_init_alias(Ptr(mch, "tseg_window"), owner, "tseg-window", ram, mch.below_4g_mem_size, 0)
    memory_region_set_enabled(the(mch.tseg_window), False)
    memory_region_add_subregion(smram, mch.below_4g_mem_size, the(mch.tseg_window))

    memory_region_init_io(Ptr(mch, "smbase_blackhole"), owner, blackhole_ops, None, "smbase-blackhole", SMBASE_SIZE)
    memory_region_set_enabled(the(mch.smbase_blackhole), False)
    memory_region_add_subregion_overlap(system_memory, SMBASE_ADDR, the(mch.smbase_blackhole), 1)
    memory_region_init_alias(Ptr(mch, "smbase_window"), owner, "smbase-window", ram, SMBASE_ADDR, SMBASE_SIZE)
    memory_region_set_enabled(the(mch.smbase_window), False)
    memory_region_add_subregion(smram, SMBASE_ADDR, the(mch.smbase_window))
    object_property_add_const_link(qdev_get_machine(), "smram", OBJECT(smram))

    dev = DEVICE(mch)
    for i, pam in enumerate(mch.pam_regions):
        base = PAM_EXPAN_BASE + (i - 1) * PAM_EXPAN_SIZE if i else PAM_BIOS_BASE
        init_pam(dev, ram, system_memory, pci_address_space, pam, base, PAM_EXPAN_SIZE if i else PAM_BIOS_SIZE)


vmstate_mch: Final = VMStateDescription(name="mch", version_id=1, minimum_version_id=1)
mch_props: Final = (
    DEFINE_PROP_UINT16("extended-tseg-mbytes", MCHPCIState, "ext_tseg_mbytes", 16),
    DEFINE_PROP_BOOL("smbase-smram", MCHPCIState, "has_smram_at_smbase", True),
)


@emulates
def mch_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids; only the board can make such a function."""
    k, dc = PCI_DEVICE_CLASS(klass), DEVICE_CLASS(klass)
    k.realize = mch_realize
    k.config_write = mch_write_config
    dc.reset = mch_reset
    device_class_set_props(dc, mch_props)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_BRIDGE
    dc.desc = "Host bridge"
    dc.vmsd = vmstate_mch
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_INTEL_P35_MCH
    k.revision = 0x0
    k.class_id = PCI_CLASS_BRIDGE_HOST
    dc.user_creatable = False


mch_info: Final = TypeInfo(
    name=TYPE_MCH_PCI_DEVICE,
    parent=TYPE_PCI_DEVICE,
    instance=MCHPCIState,
    class_init=mch_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)
