"""The i8257 DMA controller as a PC's board makes it; transfers are not modelled (hw/dma/i8257.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_INT32, device_class_set_props, qdev_prop_set_int32
from emu.hw.isa.isa_bus import (
    ISA_DEVICE,
    TYPE_ISA_DEVICE,
    TYPE_ISADMA,
    ISABus,
    ISADevice,
    isa_address_space_io,
    isa_bus_dma,
    isa_new,
    isa_realize_and_unref,
    isa_register_portio_list,
)
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_fatal
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.ioport import MemoryRegionPortio, PortioList
from emu.softmmu.memory import Impl, MemoryRegion, memory_region_add_subregion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops, unmodelled_port_read, unmodelled_port_write
from emu.trace import Ptr, embedded, emulates

TYPE_I8257: Final = "i8257"
FILE: Final = "hw/dma/i8257.c"

channel_io_ops: Final = unmodelled_ops("channel_io_ops", FILE, "i8257_read_chan", "i8257_write_chan", impl=Impl(1, 1))
cont_io_ops: Final = unmodelled_ops("cont_io_ops", FILE, "i8257_read_cont", "i8257_write_cont", impl=Impl(1, 1))
_read_page: Final = unmodelled_port_read("i8257_read_page", FILE)
_write_page: Final = unmodelled_port_write("i8257_write_page", FILE)
_read_pageh: Final = unmodelled_port_read("i8257_read_pageh", FILE)
_write_pageh: Final = unmodelled_port_write("i8257_write_pageh", FILE)
page_portio_list: Final = (
    MemoryRegionPortio(0x01, 3, 1, read=_read_page, write=_write_page),
    MemoryRegionPortio(0x07, 1, 1, read=_read_page, write=_write_page),
)
pageh_portio_list: Final = (
    MemoryRegionPortio(0x01, 3, 1, read=_read_pageh, write=_write_pageh),
    MemoryRegionPortio(0x07, 3, 1, read=_read_pageh, write=_write_pageh),
)


class I8257State(Part):
    """A controller of four channels."""

    SIZE: ClassVar[int] = 1040
    base: int = 0
    page_base: int = 0
    pageh_base: int = 0
    dshift: int = 0
    status: int = 0
    command: int = 0
    mask: int = 0
    flip_flop: int = 0
    channel_io: MemoryRegion | None = None
    cont_io: MemoryRegion | None = None
    portio_page: PortioList = embedded(PortioList)
    portio_pageh: PortioList = embedded(PortioList)


I8257 = caster(I8257State, TYPE_I8257)


@emulates
def i8257_reset(dev: DeviceState) -> None:
    """Do what a write of the master clear register does: mask all channels."""
    d = I8257(dev)
    d.flip_flop = 0
    d.mask = ~0
    d.status = 0
    d.command = 0


@emulates
def i8257_realize(dev: DeviceState) -> None:
    """Make the registers: channels, pages, control."""
    isa, d = ISA_DEVICE(dev), I8257(dev)
    memory_region_init_io(Ptr(d, "channel_io"), OBJECT(dev), channel_io_ops, d, "dma-chan", 8 << d.dshift)
    assert d.channel_io is not None
    memory_region_add_subregion(isa_address_space_io(isa), d.base, d.channel_io)
    isa_register_portio_list(isa, d.portio_page, d.page_base, page_portio_list, d, "dma-page")
    if d.pageh_base >= 0:
        isa_register_portio_list(isa, d.portio_pageh, d.pageh_base, pageh_portio_list, d, "dma-pageh")
    memory_region_init_io(Ptr(d, "cont_io"), OBJECT(isa), cont_io_ops, d, "dma-cont", 8 << d.dshift)
    assert d.cont_io is not None
    memory_region_add_subregion(isa_address_space_io(isa), d.base + (8 << d.dshift), d.cont_io)


vmstate_i8257: Final = VMStateDescription(name="dma", version_id=1, minimum_version_id=1)
i8257_properties: Final = (
    DEFINE_PROP_INT32("base", I8257State, "base", 0x00),
    DEFINE_PROP_INT32("page-base", I8257State, "page_base", 0x80),
    DEFINE_PROP_INT32("pageh-base", I8257State, "pageh_base", 0x480),
    DEFINE_PROP_INT32("dshift", I8257State, "dshift", 0),
)


@emulates
def i8257_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device a DMA controller."""
    dc = DEVICE_CLASS(klass)
    dc.realize = i8257_realize
    dc.reset = i8257_reset
    dc.vmsd = vmstate_i8257
    device_class_set_props(dc, i8257_properties)
    dc.user_creatable = False


i8257_info: Final = TypeInfo(
    name=TYPE_I8257,
    parent=TYPE_ISA_DEVICE,
    instance=I8257State,
    class_init=i8257_class_init,
    interfaces=(TYPE_ISADMA,),
)


@type_init
@emulates
def i8257_register_types() -> None:
    """Register the type."""
    type_register_static(i8257_info)


def _make(bus: ISABus, base: int, page_base: int, pageh_base: int, dshift: int) -> ISADevice:
    isa = isa_new(TYPE_I8257)
    d = DEVICE(isa)
    qdev_prop_set_int32(d, "base", base)
    qdev_prop_set_int32(d, "page-base", page_base)
    qdev_prop_set_int32(d, "pageh-base", pageh_base)
    qdev_prop_set_int32(d, "dshift", dshift)
    with error_fatal():
        isa_realize_and_unref(isa, bus)
    return isa


@emulates
def i8257_dma_init(bus: ISABus, high_page_enable: bool) -> None:
    """Make a PC's two controllers: one for bytes, one for words."""
    isa1 = _make(bus, 0x00, 0x80, 0x480 if high_page_enable else -1, 0)
    isa2 = _make(bus, 0xC0, 0x88, 0x488 if high_page_enable else -1, 1)
    isa_bus_dma(bus, isa1, isa2)
