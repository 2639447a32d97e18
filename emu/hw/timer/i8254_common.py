"""What all i8254 timers share (hw/timer/i8254_common.c, include/hw/timer/i8254_internal.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.hw.core.irq import IRQState
from emu.hw.core.qdev import DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_fw import qdev_set_legacy_instance_id
from emu.hw.isa.isa_bus import ISA_DEVICE, TYPE_ISA_DEVICE, isa_register_ioport
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion
from emu.trace import Seq, Struct, emulates, fresh
from emu.util.qemu_timer import QEMUTimer

TYPE_PIT_COMMON: Final = "pit-common"


class PITChannelState(Struct):
    """One of the three counters."""

    count: int = 0
    mode: int = 0
    gate: int = 0
    irq_timer: QEMUTimer | None = None
    irq: IRQState | None = None
    irq_disabled: int = 0


class Channels(Seq[PITChannelState]):
    """``PITChannelState channels[3]``."""

    def __init__(self) -> None:
        super().__init__([PITChannelState(), PITChannelState(), PITChannelState()])


class PITCommonClass(Part):
    """What implementations differ in."""

    SIZE: ClassVar[int] = 208
    set_channel_gate: Callable[[PITCommonState, PITChannelState, int], None] | None = None
    get_channel_info: Any = None
    post_load: Any = None


class PITCommonState(Part):
    """A timer."""

    SIZE: ClassVar[int] = 624
    ioports: MemoryRegion | None = None
    iobase: int = 0
    channels: Seq[PITChannelState] = fresh(Channels)


PIT_COMMON = caster(PITCommonState, TYPE_PIT_COMMON)
PIT_COMMON_CLASS = caster(PITCommonClass, TYPE_PIT_COMMON)


@emulates(modelled=False)
def pit_get_channel_info_common(s: PITCommonState, sc: PITChannelState, info: Any) -> None:
    """Describe a counter; counting is not modelled."""


@emulates
def pit_reset_common(pit: PITCommonState) -> None:
    """Let all counters count square waves from 65536."""
    for i, s in enumerate(pit.channels):
        s.mode = 3
        s.gate = int(i != 2)
        s.count = 0x10000


@emulates
def pit_common_realize(dev: DeviceState) -> None:
    """Put the registers at their ports."""
    isadev, pit = ISA_DEVICE(dev), PIT_COMMON(dev)
    assert pit.ioports is not None
    isa_register_ioport(isadev, pit.ioports, pit.iobase)
    qdev_set_legacy_instance_id(dev, pit.iobase, 2)


vmstate_pit_common: Final = VMStateDescription(name="i8254", version_id=3, minimum_version_id=2)


@emulates
def pit_common_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what all share."""
    dc = DEVICE_CLASS(klass)
    dc.realize = pit_common_realize
    dc.vmsd = vmstate_pit_common
    dc.user_creatable = False


pit_common_type: Final = TypeInfo(
    name=TYPE_PIT_COMMON,
    parent=TYPE_ISA_DEVICE,
    instance=PITCommonState,
    class_=PITCommonClass,
    class_init=pit_common_class_init,
    abstract=True,
)


@type_init
@emulates
def register_devices() -> None:
    """Register the type."""
    type_register_static(pit_common_type)
