"""The NE2000 on ISA as its creation leaves it; no packet passes (hw/net/ne2000-isa.c, include/hw/net/ne2000-isa.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.irq import IRQState
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_UINT32, device_class_set_props, qdev_prop_set_uint32
from emu.hw.core.qdev_properties_system import DEFINE_NIC_PROPERTIES, qdev_set_nic_properties
from emu.hw.isa.isa_bus import (
    ISA_DEVICE,
    TYPE_ISA_DEVICE,
    ISABus,
    ISADevice,
    isa_get_irq,
    isa_realize_and_unref,
    isa_register_ioport,
    isa_try_new,
)
from emu.hw.net.ne2000_pci import ne2000_receive, ne2000_reset, ne2000_setup_io
from emu.migration.savevm import VMStateDescription
from emu.net.net import (
    NetClientInfo,
    NICConf,
    NICInfo,
    NICState,
    qemu_check_nic_model,
    qemu_format_nic_info_str,
    qemu_get_queue,
    qemu_macaddr_default_if_unset,
    qemu_new_nic,
)
from emu.qapi.error import error_fatal
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qapi.visitor import Visitor, visit_type_int32
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_get_typename,
    object_property_add,
    object_property_set_int,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.bootdevice import check_boot_index
from emu.softmmu.memory import MemoryRegion
from emu.trace import embedded, emulates

TYPE_ISA_NE2000: Final = "ne2k_isa"


class ISANE2000State(Part):
    """The card: its first port, its interrupt line, and what both kinds of NE2000 have."""

    SIZE: ClassVar[int] = 57888
    iobase: int = 0
    isairq: int = 0
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)
    io: MemoryRegion | None = None
    irq: IRQState | None = None
    isr: int = 0


ISA_NE2000 = caster(ISANE2000State, TYPE_ISA_NE2000)

net_ne2000_isa_info: Final = NetClientInfo(
    variable="net_ne2000_isa_info", type=NetClientDriver.NIC, size=(NICState,), receive=ne2000_receive
)


@emulates
def isa_ne2000_realizefn(dev: DeviceState) -> None:
    """Make the ports and the network."""
    isadev, s = ISA_DEVICE(dev), ISA_NE2000(dev)

    ne2000_setup_io(s, OBJECT(dev), 0x20)
    assert s.io is not None
    isa_register_ioport(isadev, s.io, s.iobase)

    s.irq = isa_get_irq(isadev, s.isairq)

    qemu_macaddr_default_if_unset(s.conf.macaddr)
    ne2000_reset(s)

    s.nic = qemu_new_nic(net_ne2000_isa_info, s.conf, object_get_typename(OBJECT(dev)), dev.id, dev, s)
    qemu_format_nic_info_str(qemu_get_queue(s.nic), bytes(s.conf.macaddr.a))


ne2000_isa_properties: Final = (
    DEFINE_PROP_UINT32("iobase", ISANE2000State, "iobase", 0x300),
    DEFINE_PROP_UINT32("irq", ISANE2000State, "isairq", 9),
    *DEFINE_NIC_PROPERTIES(ISANE2000State, "conf"),
)
vmstate_isa_ne2000: Final = VMStateDescription(name="ne2000", version_id=2, minimum_version_id=0)


@emulates
def isa_ne2000_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Class init of ``ne2k_isa``."""
    dc = DEVICE_CLASS(klass)
    dc.realize = isa_ne2000_realizefn
    device_class_set_props(dc, ne2000_isa_properties)
    dc.vmsd = vmstate_isa_ne2000
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_NETWORK


@emulates
def isa_ne2000_get_bootindex(obj: Object, v: Visitor, name: str, opaque: Any) -> None:
    """Read the place in the boot order."""
    visit_type_int32(v, name, ISA_NE2000(obj).conf.bootindex)


@emulates
def isa_ne2000_set_bootindex(obj: Object, v: Visitor, name: str, opaque: Any) -> None:
    """Write the place in the boot order. Error: taken."""
    boot_index = visit_type_int32(v, name, 0)
    check_boot_index(boot_index)
    ISA_NE2000(obj).conf.bootindex = boot_index


@emulates
def isa_ne2000_instance_init(obj: Object) -> None:
    """Add the place in the boot order."""
    object_property_add(obj, "bootindex", "int32", isa_ne2000_get_bootindex, isa_ne2000_set_bootindex, None, None)
    object_property_set_int(obj, "bootindex", -1)


@emulates(file="include/hw/net/ne2000-isa.h")
def isa_ne2000_init(bus: ISABus, base: int, irq: int, nd: NICInfo) -> ISADevice | None:
    """Make the card that ``-net nic,model=ne2k_isa`` asks for. Whatever goes wrong ends the program."""
    qemu_check_nic_model(nd, "ne2k_isa")

    isadev = isa_try_new("ne2k_isa")
    if isadev is not None:
        dev = DEVICE(isadev)
        qdev_prop_set_uint32(dev, "iobase", base)
        qdev_prop_set_uint32(dev, "irq", irq)
        qdev_set_nic_properties(dev, nd)
        with error_fatal():
            isa_realize_and_unref(isadev, bus)
    return isadev


ne2000_isa_info: Final = TypeInfo(
    name=TYPE_ISA_NE2000,
    parent=TYPE_ISA_DEVICE,
    instance=ISANE2000State,
    class_init=isa_ne2000_class_initfn,
    instance_init=isa_ne2000_instance_init,
)


@type_init
@emulates
def ne2000_isa_register_types() -> None:
    """Register ``ne2k_isa``."""
    type_register_static(ne2000_isa_info)
