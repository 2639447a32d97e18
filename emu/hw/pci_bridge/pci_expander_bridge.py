"""Expander bridges: further root buses beside the first (hw/pci-bridge/pci_expander_bridge.c); those of CXL are not modelled."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, ClassVar, Final

from emu.hw.core.machine import MACHINE
from emu.hw.core.qdev import (
    BUS,
    DEVICE,
    DEVICE_CLASS,
    DeviceCategory,
    DeviceState,
    qdev_get_machine,
    qdev_new,
    qdev_realize_and_unref,
)
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT16,
    device_class_set_props,
    qdev_prop_set_bit,
    qdev_prop_set_uint8,
)
from emu.hw.core.sysbus import SYS_BUS_DEVICE, SYS_BUS_DEVICE_CLASS, SysBusDevice, sysbus_realize_and_unref
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_BUS_CLASS,
    PCI_DEVICE_CLASS,
    PCI_SLOT,
    TYPE_PCI_BUS,
    TYPE_PCI_DEVICE,
    TYPE_PCIE_BUS,
    PCIBus,
    PCIDevice,
    pci_bus_is_express,
    pci_bus_num,
    pci_config_set_class,
    pci_get_bus,
    pci_root_bus_new,
    pci_swizzle_map_irq_fn,
    pci_word_test_and_set_mask,
)
from emu.hw.pci.pci.bus import NUMA_NODE_UNASSIGNED
from emu.hw.pci.pci_host import PCI_HOST_BRIDGE, PCI_HOST_BRIDGE_CLASS, TYPE_PCI_HOST_BRIDGE, PCIHostState
from emu.hw.pci.pci_ids import (
    PCI_CLASS_BRIDGE_HOST,
    PCI_DEVICE_ID_REDHAT_PXB,
    PCI_DEVICE_ID_REDHAT_PXB_PCIE,
    PCI_VENDOR_ID_REDHAT,
)
from emu.hw.pci_bridge.pci_bridge_dev import PCI_BRIDGE_DEV_PROP_CHASSIS_NR, PCI_BRIDGE_DEV_PROP_SHPC
from emu.qapi.error import Error, error_fatal, error_setg
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, object_unparent, object_unref, type_register_static
from emu.qom.parts import Part, caster
from emu.standard_headers.linux.pci_regs import PCI_STATUS, PCI_STATUS_66MHZ, PCI_STATUS_FAST_BACK
from emu.trace import Seq, Struct, emulates, per_run, seq

TYPE_PXB_BUS: Final = "pxb-bus"
TYPE_PXB_PCIE_BUS: Final = "pxb-pcie-bus"
TYPE_PXB_HOST: Final = "pxb-host"
TYPE_PXB_DEVICE: Final = "pxb"
TYPE_PXB_PCIE_DEVICE: Final = "pxb-pcie"


class PXBBus(Part):
    """A further root bus."""

    SIZE: ClassVar[int] = 2328
    bus_path: str = ""


class PXBDev(Part):
    """The function of the first bus that stands for it; ``bus_nr`` is the number of the new bus."""

    SIZE: ClassVar[int] = 2624
    bus_nr: int = 0
    numa_node: int = 0
    bypass_iommu: bool = False


class PXBStatics(Struct):
    """The static variable of hw/pci-bridge/pci_expander_bridge.c: all expanders, by bus number."""

    pxb_dev_list: Seq[PXBDev] = seq()


PXB_BUS = caster(PXBBus, TYPE_PXB_BUS)
PXB_PCIE_BUS = caster(PXBBus, TYPE_PXB_PCIE_BUS)
PXB_DEV = caster(PXBDev, TYPE_PXB_DEVICE)
PXB_PCIE_DEV = caster(PXBDev, TYPE_PXB_PCIE_DEVICE)
pxb_statics = per_run(PXBStatics)


def convert_to_pxb(dev: PCIDevice) -> PXBDev:
    """Return the expander that a function is."""
    return PXB_PCIE_DEV(dev) if pci_bus_is_express(pci_get_bus(dev)) else PXB_DEV(dev)


def _expander(bus: PCIBus) -> PXBDev:
    assert bus.parent_dev is not None
    return convert_to_pxb(bus.parent_dev)


@emulates
def pxb_bus_num(bus: PCIBus) -> int:
    """Return the number of the bus."""
    return _expander(bus).bus_nr


@emulates
def pxb_bus_numa_node(bus: PCIBus) -> int:
    """Return the NUMA node of the bus."""
    return _expander(bus).numa_node


@emulates
def pxb_bus_class_init(klass: ObjectClass, data: Any) -> None:
    """Class init of both kinds of buses."""
    pbc = PCI_BUS_CLASS(klass)
    pbc.bus_num = pxb_bus_num
    pbc.numa_node = pxb_bus_numa_node


@emulates
def pxb_host_root_bus_path(host_bridge: PCIHostState, rootbus: PCIBus) -> str:
    """Name the bus by its number."""
    bus = PXB_PCIE_BUS(rootbus) if pci_bus_is_express(rootbus) else PXB_BUS(rootbus)
    bus.bus_path = f"0000:{pxb_bus_num(rootbus):02x}"
    return bus.bus_path


@emulates
def pxb_host_ofw_unit_address(dev: SysBusDevice) -> str | None:
    """Return the address that firmware knows the bridge by: that of the first host bridge, and its place among the expanders."""
    pxb_bus = PCI_HOST_BRIDGE(dev).bus
    assert pxb_bus is not None
    pxb_dev = _expander(pxb_bus)
    position = pxb_statics().pxb_dev_list.index(pxb_dev)

    first = DEVICE(pxb_dev).parent_bus
    assert first is not None
    assert first.parent is not None
    main_host_sbd = SYS_BUS_DEVICE(PCI_HOST_BRIDGE(first.parent))

    if main_host_sbd.num_mmio > 0:
        return f"{main_host_sbd.mmio[0].addr:016x},{position + 1:x}"
    if main_host_sbd.num_pio > 0:
        return f"i{main_host_sbd.pio[0]:04x},{position + 1:x}"
    return None


@emulates
def pxb_host_class_init(klass: ObjectClass, data: Any) -> None:
    """Class init of ``pxb-host``: part of an expander, for nobody to make alone."""
    dc, sbc, hc = DEVICE_CLASS(klass), SYS_BUS_DEVICE_CLASS(klass), PCI_HOST_BRIDGE_CLASS(klass)
    dc.fw_name = "pci"
    dc.user_creatable = False
    sbc.explicit_ofw_unit_address = pxb_host_ofw_unit_address
    hc.root_bus_path = pxb_host_root_bus_path


@emulates
def pxb_register_bus(dev: PCIDevice, pxb_bus: PCIBus) -> None:
    """Put the bus beside the others. Error: the expander is not on a root bus, or the number is taken."""
    bus = pci_get_bus(dev)
    number = pci_bus_num(pxb_bus)

    if bus.parent_dev is not None:
        error_setg("PXB devices can be attached only to root bus")

    for child in bus.child:
        if pci_bus_num(child) == number:
            error_setg(f"Bus {number} is already in use")
    bus.child.insert(0, pxb_bus)


@emulates
def pxb_map_irq_fn(pci_dev: PCIDevice, pin: int) -> int:
    """Return the line of the first bus that a pin drives: firmware does not count the expander's own slot."""
    pxb = pci_get_bus(pci_dev).parent_dev
    assert pxb is not None

    pin = pci_swizzle_map_irq_fn(pci_dev, pin)

    return pin - PCI_SLOT(pxb.devfn)


def _check_numa(pxb: PXBDev) -> None:
    numa_state = MACHINE(qdev_get_machine()).numa_state

    if numa_state is None:
        error_setg("NUMA is not supported by this machine-type")

    if pxb.numa_node != NUMA_NODE_UNASSIGNED and pxb.numa_node >= numa_state.num_nodes:
        error_setg(f"Illegal numa node {pxb.numa_node}")


@emulates
def pxb_dev_realize_common(dev: PCIDevice, express: bool) -> None:
    """Make host bridge and bus, and for conventional PCI a bridge on it. Error: a wrong NUMA node, or pxb_register_bus's."""
    pxb = convert_to_pxb(dev)
    _check_numa(pxb)

    dev_name = DEVICE(dev).id or None

    ds = qdev_new(TYPE_PXB_HOST)
    bds: DeviceState | None = None
    if express:
        bus = pci_root_bus_new(ds, dev_name, None, None, 0, TYPE_PXB_PCIE_BUS)
    else:
        bus = pci_root_bus_new(ds, "pxb-internal", None, None, 0, TYPE_PXB_BUS)
        bds = qdev_new("pci-bridge")
        bds.id = dev_name
        qdev_prop_set_uint8(bds, PCI_BRIDGE_DEV_PROP_CHASSIS_NR, pxb.bus_nr)
        qdev_prop_set_bit(bds, PCI_BRIDGE_DEV_PROP_SHPC, False)

    bus.parent_dev = dev
    bus.address_space_mem = pci_get_bus(dev).address_space_mem
    bus.address_space_io = pci_get_bus(dev).address_space_io
    bus.map_irq = pxb_map_irq_fn

    PCI_HOST_BRIDGE(ds).bus = bus
    PCI_HOST_BRIDGE(ds).bypass_iommu = pxb.bypass_iommu

    try:
        pxb_register_bus(dev, bus)
    except Error:
        if bds is not None:
            object_unref(OBJECT(bds))
        object_unparent(OBJECT(bus))
        object_unref(OBJECT(ds))
        raise

    with error_fatal():
        sysbus_realize_and_unref(SYS_BUS_DEVICE(ds))
        if bds is not None:
            qdev_realize_and_unref(bds, BUS(bus))

    pci_word_test_and_set_mask(dev.config + PCI_STATUS, PCI_STATUS_66MHZ | PCI_STATUS_FAST_BACK)
    pci_config_set_class(dev.config, PCI_CLASS_BRIDGE_HOST)

    expanders = pxb_statics().pxb_dev_list
    expanders.insert(bisect_left([each.bus_nr for each in expanders], pxb.bus_nr), pxb)


@emulates
def pxb_dev_realize(dev: PCIDevice) -> None:
    """Realize of ``pxb``. Error: on an Express bus."""
    if pci_bus_is_express(pci_get_bus(dev)):
        error_setg("pxb devices cannot reside on a PCIe bus")

    pxb_dev_realize_common(dev, False)


@emulates
def pxb_dev_exitfn(pci_dev: PCIDevice) -> None:
    """Forget an expander."""
    expanders = pxb_statics().pxb_dev_list
    pxb = convert_to_pxb(pci_dev)
    if pxb in expanders:
        expanders.remove(pxb)


pxb_dev_properties: Final = (
    DEFINE_PROP_UINT8("bus_nr", PXBDev, "bus_nr", 0),
    DEFINE_PROP_UINT16("numa_node", PXBDev, "numa_node", NUMA_NODE_UNASSIGNED),
    DEFINE_PROP_BOOL("bypass_iommu", PXBDev, "bypass_iommu", False),
)


def _class_init(klass: ObjectClass, desc: str) -> None:
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.exit = pxb_dev_exitfn
    k.vendor_id = PCI_VENDOR_ID_REDHAT
    k.class_id = PCI_CLASS_BRIDGE_HOST

    dc.desc = desc
    device_class_set_props(dc, pxb_dev_properties)
    dc.hotpluggable = False
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_BRIDGE


@emulates
def pxb_dev_class_init(klass: ObjectClass, data: Any) -> None:
    """Class init of ``pxb``."""
    k = PCI_DEVICE_CLASS(klass)
    k.realize = pxb_dev_realize
    k.device_id = PCI_DEVICE_ID_REDHAT_PXB
    _class_init(klass, "PCI Expander Bridge")


@emulates
def pxb_pcie_dev_realize(dev: PCIDevice) -> None:
    """Realize of ``pxb-pcie``. Error: on a conventional bus."""
    if not pci_bus_is_express(pci_get_bus(dev)):
        error_setg("pxb-pcie devices cannot reside on a PCI bus")

    pxb_dev_realize_common(dev, True)


@emulates
def pxb_pcie_dev_class_init(klass: ObjectClass, data: Any) -> None:
    """Class init of ``pxb-pcie``."""
    k = PCI_DEVICE_CLASS(klass)
    k.realize = pxb_pcie_dev_realize
    k.device_id = PCI_DEVICE_ID_REDHAT_PXB_PCIE
    _class_init(klass, "PCI Express Expander Bridge")


TYPES: Final = (
    TypeInfo(name=TYPE_PXB_BUS, parent=TYPE_PCI_BUS, instance=PXBBus, class_init=pxb_bus_class_init),
    TypeInfo(name=TYPE_PXB_PCIE_BUS, parent=TYPE_PCIE_BUS, instance=PXBBus, class_init=pxb_bus_class_init),
    TypeInfo(name=TYPE_PXB_HOST, parent=TYPE_PCI_HOST_BRIDGE, class_init=pxb_host_class_init),
    TypeInfo(
        name=TYPE_PXB_DEVICE,
        parent=TYPE_PCI_DEVICE,
        instance=PXBDev,
        class_init=pxb_dev_class_init,
        interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
    ),
    TypeInfo(
        name=TYPE_PXB_PCIE_DEVICE,
        parent=TYPE_PCI_DEVICE,
        instance=PXBDev,
        class_init=pxb_pcie_dev_class_init,
        interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
    ),
)


@type_init
@emulates
def pxb_register_types() -> None:
    """Register both expanders, their buses and their host bridge."""
    for info in TYPES:
        type_register_static(info)
