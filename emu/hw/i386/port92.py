"""Port 0x92: address line 20 and a fast reset (hw/i386/port92.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.gpio import qdev_init_gpio_out_named
from emu.hw.core.irq import IRQState
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceState
from emu.hw.isa.isa_bus import ISA_DEVICE, TYPE_ISA_DEVICE, isa_register_ioport
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, Object, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, emulates

TYPE_PORT92: Final = "port92"
PORT92_A20_LINE: Final = "a20"

port92_ops: Final = unmodelled_ops(
    "port92_ops",
    "hw/i386/port92.c",
    "port92_read",
    "port92_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    impl=Impl(1, 1),
)


class Port92State(Part):
    """The port."""

    SIZE: ClassVar[int] = 464
    io: MemoryRegion | None = None
    outport: int = 0
    a20_out: IRQState | None = None


PORT92 = caster(Port92State, TYPE_PORT92)


@emulates
def port92_reset(d: DeviceState) -> None:
    """Take back the request for a reset."""
    PORT92(d).outport &= ~1


@emulates
def port92_initfn(obj: Object) -> None:
    """Make register and line."""
    s = PORT92(obj)
    memory_region_init_io(Ptr(s, "io"), OBJECT(s), port92_ops, s, "port92", 1)
    s.outport = 0
    qdev_init_gpio_out_named(DEVICE(obj), Ptr(s, "a20_out"), PORT92_A20_LINE, 1)


@emulates
def port92_realizefn(dev: DeviceState) -> None:
    """Put the register at its port."""
    isadev, s = ISA_DEVICE(dev), PORT92(dev)
    assert s.io is not None
    isa_register_ioport(isadev, s.io, 0x92)


vmstate_port92_isa: Final = VMStateDescription(name="port92", version_id=1, minimum_version_id=1)


@emulates
def port92_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device this port."""
    dc = DEVICE_CLASS(klass)
    dc.realize = port92_realizefn
    dc.reset = port92_reset
    dc.vmsd = vmstate_port92_isa
    dc.user_creatable = False


port92_info: Final = TypeInfo(
    name=TYPE_PORT92,
    parent=TYPE_ISA_DEVICE,
    instance=Port92State,
    instance_init=port92_initfn,
    class_init=port92_class_initfn,
)


@type_init
@emulates
def port92_register_types() -> None:
    """Register the type."""
    type_register_static(port92_info)
