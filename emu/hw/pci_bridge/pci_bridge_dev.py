"""The bridge that belongs to no chipset (hw/pci-bridge/pci_bridge_dev.c)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.hw.core.hotplug import HOTPLUG_HANDLER_CLASS, TYPE_HOTPLUG_HANDLER
from emu.hw.core.qdev_core import DEVICE_CATEGORY_BRIDGE, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT,
    DEFINE_PROP_ON_OFF_AUTO,
    DEFINE_PROP_SIZE,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT32,
    Property,
    device_class_set_props,
)
from emu.hw.pci.msi import msi_init, msi_present, msi_uninit, msi_write_config
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_DEVICE_ID_REDHAT_BRIDGE,
    PCI_DEVICE_ID_REDHAT_BRIDGE_SEAT,
    PCI_VENDOR_ID_REDHAT,
    TYPE_PCI_BUS,
    PCIDevice,
    PCIError,
    pci_del_capability,
    pci_register_bar,
)
from emu.hw.pci.pci_bridge import (
    PCI_BRIDGE,
    PCI_BRIDGE_DEV_PROP_CHASSIS_NR,
    PCI_BRIDGE_DEV_PROP_MSI,
    PCI_BRIDGE_DEV_PROP_SHPC,
    PCI_BRIDGE_QEMU_CAP_SIZE,
    TYPE_PCI_BRIDGE,
    PCIResReserve,
    pci_bridge_exitfn,
    pci_bridge_initfn,
    pci_bridge_qemu_reserve_cap_init,
    pci_bridge_reset,
    pci_bridge_write_config,
    sec_bus_of,
)
from emu.hw.pci.pci_ids import PCI_CLASS_BRIDGE_PCI
from emu.hw.pci.shpc import (
    shpc_bar_size,
    shpc_cap_write_config,
    shpc_cleanup,
    shpc_device_plug_cb,
    shpc_device_unplug_cb,
    shpc_device_unplug_request_cb,
    shpc_free,
    shpc_init,
    shpc_present,
    shpc_reset,
)
from emu.hw.pci.slotid_cap import slotid_cap_cleanup, slotid_cap_init
from emu.migration.savevm import MIG_PRI_PCI_BUS, VMStateDescription
from emu.qapi.error import Error, error_append_hint, error_setg
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qemu.module import type_init
from emu.qom.object import TypeInfo, object_get_typename, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion, memory_region_init
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_MEM_TYPE_64,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_CAP_ID_VNDR,
    PCI_INTERRUPT_PIN,
)
from emu.trace import Ptr, embedded, emulates

TYPE_PCI_BRIDGE_DEV: Final = "pci-bridge"
TYPE_PCI_BRIDGE_SEAT_DEV: Final = "pci-bridge-seat"
PCI_BRIDGE_DEV_F_SHPC_REQ: Final = 0
UNSET_32: Final = 0xFFFFFFFF
UNSET_64: Final = 0xFFFF_FFFF_FFFF_FFFF


class PCIBridgeDev(Part):
    """A bridge with a hot-plug controller, if it shall have one."""

    SIZE: ClassVar[int] = 5840
    bar: MemoryRegion | None = None
    chassis_nr: int = 0
    flags: int = 0
    msi: int = OnOffAuto.AUTO
    res_reserve: PCIResReserve = embedded(PCIResReserve)


PCI_BRIDGE_DEV = caster(PCIBridgeDev, TYPE_PCI_BRIDGE_DEV)


def _bar(bridge_dev: PCIBridgeDev) -> MemoryRegion:
    assert bridge_dev.bar is not None
    return bridge_dev.bar


def init_msi(dev: PCIDevice, msi: int) -> None:
    """Set one message up, for the hot-plug controller. Error: the board takes none, and ``msi`` is on."""
    if msi == OnOffAuto.OFF:
        return
    try:
        msi_init(dev, 0, 1, True, True)
    except PCIError as err:
        if msi == OnOffAuto.ON:
            error_append_hint(err, "You have to use msi=auto (default) or msi=off with this machine type.\n")
            raise


def _init_capabilities(dev: PCIDevice, bridge_dev: PCIBridgeDev) -> None:
    try:
        slotid_cap_init(dev, 0, bridge_dev.chassis_nr, 0)
        try:
            init_msi(dev, bridge_dev.msi)
            try:
                pci_bridge_qemu_reserve_cap_init(dev, 0, bridge_dev.res_reserve)
            except Error:
                msi_uninit(dev)
                raise
        except Error:
            slotid_cap_cleanup(dev)
            raise
    except Error:
        if shpc_present(dev):
            shpc_cleanup(dev, _bar(bridge_dev))
        raise


@emulates
def pci_bridge_dev_realize(dev: PCIDevice) -> None:
    """Realize of ``pci-bridge``: a bridge, a hot-plug controller in BAR 0, chassis, message, what to keep free.

    Error: the chassis has no number, ``msi`` is on where it can't be, or what to keep free is wrong.
    """
    bridge_dev = PCI_BRIDGE_DEV(dev)
    pci_bridge_initfn(dev, TYPE_PCI_BUS)
    try:
        if bridge_dev.flags & 1 << PCI_BRIDGE_DEV_F_SHPC_REQ:
            dev.config[PCI_INTERRUPT_PIN] = 0x1
            memory_region_init(Ptr(bridge_dev, "bar"), dev, "shpc-bar", shpc_bar_size(dev))
            shpc_init(dev, sec_bus_of(PCI_BRIDGE(dev)), _bar(bridge_dev), 0)
        else:
            # only the hot-plug controller sends messages
            bridge_dev.msi = int(OnOffAuto.OFF)
        _init_capabilities(dev, bridge_dev)
    except Error:
        pci_bridge_exitfn(dev)
        raise
    if shpc_present(dev):
        pci_register_bar(dev, 0, PCI_BASE_ADDRESS_SPACE_MEMORY | PCI_BASE_ADDRESS_MEM_TYPE_64, _bar(bridge_dev))


@emulates
def pci_bridge_dev_exitfn(dev: PCIDevice) -> None:
    """Exit of ``pci-bridge``: undo pci_bridge_dev_realize."""
    bridge_dev = PCI_BRIDGE_DEV(dev)
    pci_del_capability(dev, PCI_CAP_ID_VNDR, PCI_BRIDGE_QEMU_CAP_SIZE)
    if msi_present(dev):
        msi_uninit(dev)
    slotid_cap_cleanup(dev)
    if shpc_present(dev):
        shpc_cleanup(dev, _bar(bridge_dev))
    pci_bridge_exitfn(dev)


@emulates
def pci_bridge_dev_instance_finalize(obj: Part) -> None:
    """Instance finalize of ``pci-bridge``."""
    shpc_free(PCI_DEVICE(obj))


@emulates
def pci_bridge_dev_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write the bridge's configuration space."""
    pci_bridge_write_config(d, address, val, len_)
    if msi_present(d):
        msi_write_config(d, address, val, len_)
    if shpc_present(d):
        shpc_cap_write_config(d, address, val, len_)


@emulates
def qdev_pci_bridge_dev_reset(qdev: DeviceState) -> None:
    """Reset the bridge and its hot-plug controller."""
    dev = PCI_DEVICE(qdev)
    pci_bridge_reset(qdev)
    if shpc_present(dev):
        shpc_reset(dev)


pci_bridge_dev_properties: Final[tuple[Property, ...]] = (
    DEFINE_PROP_UINT8(PCI_BRIDGE_DEV_PROP_CHASSIS_NR, PCIBridgeDev, "chassis_nr", 0),
    DEFINE_PROP_ON_OFF_AUTO(PCI_BRIDGE_DEV_PROP_MSI, PCIBridgeDev, "msi", OnOffAuto.AUTO),
    DEFINE_PROP_BIT(PCI_BRIDGE_DEV_PROP_SHPC, PCIBridgeDev, "flags", PCI_BRIDGE_DEV_F_SHPC_REQ, True),
    DEFINE_PROP_UINT32("bus-reserve", PCIBridgeDev, "res_reserve.bus", UNSET_32),
    DEFINE_PROP_SIZE("io-reserve", PCIBridgeDev, "res_reserve.io", UNSET_64),
    DEFINE_PROP_SIZE("mem-reserve", PCIBridgeDev, "res_reserve.mem_non_pref", UNSET_64),
    DEFINE_PROP_SIZE("pref32-reserve", PCIBridgeDev, "res_reserve.mem_pref_32", UNSET_64),
    DEFINE_PROP_SIZE("pref64-reserve", PCIBridgeDev, "res_reserve.mem_pref_64", UNSET_64),
)

pci_bridge_dev_vmstate: Final = VMStateDescription(name="pci_bridge", priority=MIG_PRI_PCI_BUS)


def _require_shpc(hotplug_dev: Part) -> None:
    if not shpc_present(PCI_DEVICE(hotplug_dev)):
        error_setg(f"standard hotplug controller has been disabled for this {object_get_typename(hotplug_dev)}")


@emulates
def pci_bridge_dev_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Show a new device to the guest. Error: there is no hot-plug controller, or it has no such slot."""
    _require_shpc(hotplug_dev)
    shpc_device_plug_cb(hotplug_dev, dev)


@emulates
def pci_bridge_dev_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take a device away."""
    assert shpc_present(PCI_DEVICE(hotplug_dev))
    shpc_device_unplug_cb(hotplug_dev, dev)


@emulates
def pci_bridge_dev_unplug_request_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Ask the guest to let a device go. Error: there is no hot-plug controller, or it has no such slot."""
    _require_shpc(hotplug_dev)
    shpc_device_unplug_request_cb(hotplug_dev, dev)


@emulates
def pci_bridge_dev_class_init(klass: Part, data: object) -> None:
    """Class init of ``pci-bridge``."""
    dc = DEVICE_CLASS(klass)
    k = PCI_DEVICE_CLASS(klass)
    hc = HOTPLUG_HANDLER_CLASS(klass)
    k.realize = pci_bridge_dev_realize
    k.exit = pci_bridge_dev_exitfn
    k.config_write = pci_bridge_dev_write_config
    k.vendor_id = PCI_VENDOR_ID_REDHAT
    k.device_id = PCI_DEVICE_ID_REDHAT_BRIDGE
    k.class_id = PCI_CLASS_BRIDGE_PCI
    k.is_bridge = True
    dc.desc = "Standard PCI Bridge"
    dc.reset = qdev_pci_bridge_dev_reset
    device_class_set_props(dc, pci_bridge_dev_properties)
    dc.vmsd = pci_bridge_dev_vmstate
    dc.categories |= 1 << DEVICE_CATEGORY_BRIDGE
    hc.plug = pci_bridge_dev_plug_cb
    hc.unplug = pci_bridge_dev_unplug_cb
    hc.unplug_request = pci_bridge_dev_unplug_request_cb


pci_bridge_dev_info: Final = TypeInfo(
    name=TYPE_PCI_BRIDGE_DEV,
    parent=TYPE_PCI_BRIDGE,
    instance=PCIBridgeDev,
    class_init=pci_bridge_dev_class_init,
    instance_finalize=pci_bridge_dev_instance_finalize,
    interfaces=(TYPE_HOTPLUG_HANDLER, INTERFACE_CONVENTIONAL_PCI_DEVICE),
)


@emulates
def pci_bridge_dev_seat_class_init(klass: Part, data: object) -> None:
    """Class init of ``pci-bridge-seat``: the same bridge under another id, by which guests find seats."""
    dc = DEVICE_CLASS(klass)
    k = PCI_DEVICE_CLASS(klass)
    k.device_id = PCI_DEVICE_ID_REDHAT_BRIDGE_SEAT
    dc.desc = "Standard PCI Bridge (multiseat)"


pci_bridge_dev_seat_info: Final = TypeInfo(
    name=TYPE_PCI_BRIDGE_SEAT_DEV,
    parent=TYPE_PCI_BRIDGE_DEV,
    instance=PCIBridgeDev,
    class_init=pci_bridge_dev_seat_class_init,
)


@type_init
@emulates
def pci_bridge_dev_register() -> None:
    """Register ``pci-bridge`` and ``pci-bridge-seat``."""
    type_register_static(pci_bridge_dev_info)
    type_register_static(pci_bridge_dev_seat_info)
