"""The interface as a device (hw/nvram/fw_cfg.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
from emu.softmmu.memory import (
    DEVICE_BIG_ENDIAN,
    DEVICE_LITTLE_ENDIAN,
    Impl,
    Valid,
    memory_region_init_io,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, container_of, emulates
from emu.util.error_report import error_report
from emu.util.notify import Notifier

if TYPE_CHECKING:
    from emu.softmmu.memory import AddressSpace
from emu.hw.nvram.fw_cfg.entries import fw_cfg_add_bytes, fw_cfg_add_file, fw_cfg_add_i16, fw_cfg_add_i32, fw_cfg_modify_file
from emu.hw.nvram.fw_cfg.structs import (
    FW_CFG,
    FW_CFG_BOOT_MENU,
    FW_CFG_CTL_SIZE,
    FW_CFG_ENTRY_MASK,
    FW_CFG_FILE_FIRST,
    FW_CFG_FILE_SLOTS_DFLT,
    FW_CFG_FILE_SLOTS_MIN,
    FW_CFG_ID,
    FW_CFG_IO,
    FW_CFG_NOGRAPHIC,
    FW_CFG_SIGNATURE,
    FW_CFG_UUID,
    FW_CFG_VERSION,
    FW_CFG_VERSION_DMA,
    SIZEOF_DMA_ADDR,
    TYPE_FW_CFG,
    TYPE_FW_CFG_IO,
    FWCfgIoState,
    FWCfgState,
)

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
