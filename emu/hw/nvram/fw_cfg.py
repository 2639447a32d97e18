"""The interface through which firmware asks what the machine is (hw/nvram/fw_cfg.c, include/hw/nvram/fw_cfg.h).

Keys, names and sizes are modelled; the bytes behind them and the ports' protocol are not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from emu.errors import NotModelled, QemuExit
from emu.hw.core.machine import MACHINE, MACHINE_GET_CLASS, qemu_add_machine_init_done_notifier
from emu.hw.core.qdev import DEVICE_CLASS, DeviceState, qdev_get_machine, qdev_new
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_UINT16,
    device_class_set_props,
    qdev_prop_set_bit,
)
from emu.hw.core.reset import qemu_register_reset
from emu.hw.core.sysbus import SYS_BUS_DEVICE, TYPE_SYS_BUS_DEVICE, sysbus_add_io, sysbus_realize_and_unref
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_fatal, error_setg
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    ObjectClass,
    TypeInfo,
    object_property_add_child,
    object_resolve_path_type,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    DEVICE_BIG_ENDIAN,
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    Valid,
    memory_region_init_io,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Map, Ptr, Seq, Struct, container_of, embedded, emulates, mapping, seq
from emu.util.error_report import error_report, warn_report
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

vmstate_fw_cfg: Final = VMStateDescription("fw_cfg", version_id=2, minimum_version_id=1)


FILE: Final = "hw/nvram/fw_cfg.c"
fw_cfg_comb_mem_ops: Final = unmodelled_ops(
    "fw_cfg_comb_mem_ops", FILE, "fw_cfg_data_read", "fw_cfg_comb_write", endianness=DEVICE_LITTLE_ENDIAN
)
fw_cfg_dma_mem_ops: Final = unmodelled_ops(
    "fw_cfg_dma_mem_ops",
    FILE,
    "fw_cfg_dma_mem_read",
    "fw_cfg_dma_mem_write",
    endianness=DEVICE_BIG_ENDIAN,
    valid=Valid(max_access_size=8),
    impl=Impl(max_access_size=8),
)


@emulates
def fw_cfg_add_bytes(s: FWCfgState, key: int, size: int) -> None:
    """Add an item of ``size`` bytes under a key that must be free."""
    name = f"{key:#06x}"
    assert (key & FW_CFG_ENTRY_MASK) < FW_CFG_FILE_FIRST + s.file_slots
    assert name not in s.entries
    s.entries[name] = size


@emulates
def fw_cfg_add_i16(s: FWCfgState, key: int, value: int) -> None:
    """Add a 16-bit number."""
    fw_cfg_add_bytes(s, key, 2)


@emulates
def fw_cfg_modify_i16(s: FWCfgState, key: int, value: int) -> None:
    """Change a 16-bit number."""
    s.entries[f"{key:#06x}"] = 2


@emulates
def fw_cfg_add_i32(s: FWCfgState, key: int, value: int) -> None:
    """Add a 32-bit number."""
    fw_cfg_add_bytes(s, key, 4)


@emulates
def fw_cfg_add_i64(s: FWCfgState, key: int, value: int) -> None:
    """Add a 64-bit number."""
    fw_cfg_add_bytes(s, key, 8)


def fw_cfg_set_order_override(s: FWCfgState, order: int) -> None:
    """Put the files that follow at a place of their own."""
    assert s.fw_cfg_order_override == 0
    s.fw_cfg_order_override = order


def fw_cfg_reset_order_override(s: FWCfgState) -> None:
    """End that."""
    assert s.fw_cfg_order_override != 0
    s.fw_cfg_order_override = 0


def fw_cfg_acpi_mr_save(s: FWCfgState, filename: str, size: int) -> None:
    """Remember the sizes that migration has to restore."""
    if filename == "etc/acpi/tables":
        s.table_mr_size = size
    elif filename == "etc/table-loader":
        s.linker_mr_size = size
    elif filename == "etc/acpi/rsdp":
        s.rsdp_mr_size = size


def get_fw_cfg_order(s: FWCfgState, name: str) -> int:
    """Return the place of a file in the order of older machines."""
    if s.fw_cfg_order_override > 0:
        return s.fw_cfg_order_override
    if name in fw_cfg_order:
        return fw_cfg_order[name]
    warn_report(f"Unknown firmware file in legacy mode: {name}")
    return FW_CFG_ORDER_OVERRIDE_LAST


@emulates
def fw_cfg_add_file_callback(
    s: FWCfgState,
    filename: str,
    select_cb: Callable[[Any], None] | None,
    callback_opaque: Any,
    size: int,
    read_only: bool,
) -> None:
    """Add a file at its place: by name, on older machines by ``fw_cfg_order``. A name that is taken ends QEMU."""
    mc = MACHINE_GET_CLASS(qdev_get_machine())
    if not len(s.files):
        fw_cfg_add_bytes(s, FW_CFG_FILE_DIR, 4 + SIZEOF_FWCFGFILE * s.file_slots)
    count = len(s.files)
    assert count < s.file_slots
    order = get_fw_cfg_order(s, filename) if mc.legacy_fw_cfg_order else 0
    index = count
    while index > 0 and (order < s.entry_order[index - 1] if mc.legacy_fw_cfg_order else filename < s.files[index - 1].name):
        index -= 1
    if any(file.name == filename for file in s.files):
        error_report(f"duplicate fw_cfg file name: {filename}")
        raise QemuExit(1)
    s.files.insert(index, FWCfgFile(name=filename, size=size))
    s.entry_order.insert(index, order)
    fw_cfg_acpi_mr_save(s, filename, size)


@emulates
def fw_cfg_add_file(s: FWCfgState, filename: str, size: int) -> None:
    """Add a file of ``size`` bytes."""
    fw_cfg_add_file_callback(s, filename, None, None, size, True)


@emulates
def fw_cfg_modify_file(s: FWCfgState, filename: str, size: int) -> None:
    """Change a file, or add it."""
    for file in s.files:
        if file.name == filename:
            file.size = size
            fw_cfg_acpi_mr_save(s, filename, size)
            return
    fw_cfg_add_file_callback(s, filename, None, None, size, True)


@emulates
def fw_cfg_add_extra_pci_roots(bus: Any, s: FWCfgState | None) -> None:
    """Tell the firmware how many expander root buses there are."""
    from emu.hw.pci.pci import pci_bus_is_root  # PCI cards hand their ROMs to this device

    if bus is not None and any(pci_bus_is_root(child) for child in bus.child) and s is not None:
        fw_cfg_add_file(s, "etc/extra-pci-roots", 8)


@emulates
def fw_cfg_machine_reset(opaque: FWCfgState) -> None:
    """Reset handler: hand over the boot order anew; the text itself is not modelled."""
    fw_cfg_modify_file(opaque, "bootorder", 0)
    if not MACHINE_GET_CLASS(qdev_get_machine()).legacy_fw_cfg_order:
        fw_cfg_modify_file(opaque, "bios-geometry", 0)


@emulates
def fw_cfg_machine_ready(n: Notifier, data: Any) -> None:
    """Once the machine is there, have the boot order handed over at each reset."""
    qemu_register_reset(fw_cfg_machine_reset, container_of(n))


@emulates
def fw_cfg_bootsplash(s: FWCfgState) -> None:
    """Hand over how long to show a picture at boot (``-boot splash-time``). NotModelled: the picture (``splash``)."""
    boot_config = MACHINE(qdev_get_machine()).boot_config
    if boot_config.splash_time is not None:
        if not 0 <= boot_config.splash_time <= 0xFFFF:
            error_report("splash-time is invalid,it should be a value between 0 and 65535")
            raise QemuExit(1)
        fw_cfg_add_file(s, "etc/boot-menu-wait", 2)
    if boot_config.splash is not None:
        raise NotModelled("-boot splash")


@emulates
def fw_cfg_reboot(s: FWCfgState) -> None:
    """Hand over how long to wait when nothing boots (``-boot reboot-timeout``, milliseconds, -1: for ever)."""
    timeout = MACHINE(qdev_get_machine()).boot_config.reboot_timeout
    if timeout is not None and not -1 <= timeout <= 0xFFFF:
        error_report("reboot timeout is invalid,it should be a value between -1 and 65535")
        raise QemuExit(1)
    fw_cfg_add_file(s, "etc/boot-fail-wait", 4)


@emulates
def fw_cfg_common_realize(dev: DeviceState) -> None:
    """Add what every machine tells its firmware. Error: there is such a device already."""
    s, machine = FW_CFG(dev), MACHINE(qdev_get_machine())
    if fw_cfg_find() is None:
        error_setg(f"at most one {TYPE_FW_CFG} device is permitted")
    fw_cfg_add_bytes(s, FW_CFG_SIGNATURE, 4)
    fw_cfg_add_bytes(s, FW_CFG_UUID, 16)
    fw_cfg_add_i16(s, FW_CFG_NOGRAPHIC, int(not machine.enable_graphics))
    fw_cfg_add_i16(s, FW_CFG_BOOT_MENU, int(bool(machine.boot_config.menu)))
    fw_cfg_bootsplash(s)
    fw_cfg_reboot(s)
    fw_cfg_add_i32(s, FW_CFG_ID, FW_CFG_VERSION | (FW_CFG_VERSION_DMA if s.dma_enabled else 0))
    s.machine_ready.notify = fw_cfg_machine_ready
    qemu_add_machine_init_done_notifier(s.machine_ready)


@emulates
def fw_cfg_init_io_dma(iobase: int, dma_iobase: int, dma_as: AddressSpace | None) -> FWCfgState:
    """Make the interface at ports ``iobase`` and, for bulk transfers, ``dma_iobase``."""
    dev = qdev_new(TYPE_FW_CFG_IO)
    if not (dma_iobase and dma_as is not None):
        qdev_prop_set_bit(dev, "dma_enabled", False)
    object_property_add_child(OBJECT(qdev_get_machine()), TYPE_FW_CFG, OBJECT(dev))
    sbd = SYS_BUS_DEVICE(dev)
    with error_fatal():
        sysbus_realize_and_unref(sbd)
    comb_iomem = FW_CFG_IO(dev).comb_iomem
    assert comb_iomem is not None
    sysbus_add_io(sbd, iobase, comb_iomem)
    s = FW_CFG(dev)
    if s.dma_enabled:
        assert s.dma_iomem is not None
        s.dma_as = dma_as
        s.dma_addr = 0
        sysbus_add_io(sbd, dma_iobase, s.dma_iomem)
    return s


def fw_cfg_find() -> FWCfgState | None:
    """Return the interface, None unless there is exactly one."""
    found, _ = object_resolve_path_type("", TYPE_FW_CFG)
    return FW_CFG(found) if found is not None else None


@emulates
def fw_cfg_reset(dev: DeviceState) -> None:
    """Select the first item again; which item is selected is not modelled."""


@emulates
def fw_cfg_file_slots_allocate(s: FWCfgState) -> None:
    """Check how many files there may be. Error: too few or too many."""
    if s.file_slots < FW_CFG_FILE_SLOTS_MIN:
        error_setg(f'"file_slots" must be at least {FW_CFG_FILE_SLOTS_MIN:#x}')
    file_slots_max = FW_CFG_ENTRY_MASK - FW_CFG_FILE_FIRST + 1
    if s.file_slots > file_slots_max:
        error_setg(f'"file_slots" must not exceed {file_slots_max:#x}')


@emulates
def fw_cfg_io_realize(dev: DeviceState) -> None:
    """Make the ports."""
    s, io = FW_CFG(dev), FW_CFG_IO(dev)
    fw_cfg_file_slots_allocate(s)
    memory_region_init_io(Ptr(io, "comb_iomem"), OBJECT(dev), fw_cfg_comb_mem_ops, s, "fwcfg", FW_CFG_CTL_SIZE)
    if s.dma_enabled:
        memory_region_init_io(Ptr(s, "dma_iomem"), OBJECT(dev), fw_cfg_dma_mem_ops, s, "fwcfg.dma", SIZEOF_DMA_ADDR)
    fw_cfg_common_realize(dev)


fw_cfg_properties: Final = (DEFINE_PROP_BOOL("acpi-mr-restore", FWCfgState, "acpi_mr_restore", True),)
fw_cfg_io_properties: Final = (
    DEFINE_PROP_BOOL("dma_enabled", FWCfgState, "dma_enabled", True),
    DEFINE_PROP_UINT16("x-file-slots", FWCfgState, "file_slots", FW_CFG_FILE_SLOTS_DFLT),
)


@emulates
def fw_cfg_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what all kinds share."""
    dc = DEVICE_CLASS(klass)
    dc.reset = fw_cfg_reset
    dc.vmsd = vmstate_fw_cfg
    device_class_set_props(dc, fw_cfg_properties)


@emulates
def fw_cfg_io_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what is special at I/O ports."""
    dc = DEVICE_CLASS(klass)
    dc.realize = fw_cfg_io_realize
    device_class_set_props(dc, fw_cfg_io_properties)


fw_cfg_info: Final = TypeInfo(
    name=TYPE_FW_CFG, parent=TYPE_SYS_BUS_DEVICE, abstract=True, instance=FWCfgState, class_init=fw_cfg_class_init
)
fw_cfg_io_info: Final = TypeInfo(name=TYPE_FW_CFG_IO, parent=TYPE_FW_CFG, instance=FWCfgIoState, class_init=fw_cfg_io_class_init)


@type_init
@emulates
def fw_cfg_register_types() -> None:
    """Register the types; the one in memory is not used on a PC."""
    type_register_static(fw_cfg_info)
    type_register_static(fw_cfg_io_info)
