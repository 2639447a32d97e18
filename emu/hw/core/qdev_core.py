"""Devices and buses: their structs, classes and casts (include/hw/qdev-core.h)."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, ClassVar

from emu.hw.resettable import ResettableState
from emu.qom.parts import Part, caster, class_getter
from emu.trace import Seq, Struct, embedded, emulates, seq

TYPE_DEVICE = "device"
TYPE_BUS = "bus"
QDEV_HOTPLUG_HANDLER_PROPERTY = "hotplug-handler"


class DeviceCategory(IntEnum):
    """Where ``-device help`` lists a device: a bit number of ``DeviceClass.categories``."""

    DEVICE_CATEGORY_BRIDGE = 0
    DEVICE_CATEGORY_USB = 1
    DEVICE_CATEGORY_STORAGE = 2
    DEVICE_CATEGORY_NETWORK = 3
    DEVICE_CATEGORY_INPUT = 4
    DEVICE_CATEGORY_DISPLAY = 5
    DEVICE_CATEGORY_SOUND = 6
    DEVICE_CATEGORY_MISC = 7
    DEVICE_CATEGORY_CPU = 8
    DEVICE_CATEGORY_WATCHDOG = 9


(
    DEVICE_CATEGORY_BRIDGE,
    DEVICE_CATEGORY_USB,
    DEVICE_CATEGORY_STORAGE,
    DEVICE_CATEGORY_NETWORK,
    DEVICE_CATEGORY_INPUT,
    DEVICE_CATEGORY_DISPLAY,
    DEVICE_CATEGORY_SOUND,
    DEVICE_CATEGORY_MISC,
    DEVICE_CATEGORY_CPU,
    DEVICE_CATEGORY_WATCHDOG,
) = DeviceCategory


class MachineInitPhase(IntEnum):
    """How far the machine has come."""

    PHASE_NO_MACHINE = 0
    PHASE_MACHINE_CREATED = 1
    PHASE_ACCEL_CREATED = 2
    PHASE_MACHINE_INITIALIZED = 3
    PHASE_MACHINE_READY = 4


DeviceRealize = Callable[[Any], None]
DeviceUnrealize = Callable[[Any], None]
DeviceReset = Callable[[Any], None]


class DeviceClass(Part):
    """What all devices of a class share; ``realize`` is what ``device_set_realized`` calls."""

    SIZE: ClassVar[int] = 176
    categories: int = 0
    fw_name: str | None = None
    desc: str | None = None
    props_: Any = None
    user_creatable: bool = False
    hotpluggable: bool = False
    reset: DeviceReset | None = None
    realize: DeviceRealize | None = None
    unrealize: DeviceUnrealize | None = None
    vmsd: Any = None
    bus_type: str | None = None


class NamedClockList(Struct):
    """A clock of a device."""

    name: str = ""
    clock: Any = None
    output: bool = False
    alias: bool = False


class NamedGPIOList(Struct):
    """The lines of a device under one name."""

    name: str | None = None
    in_: Seq[Any] = seq()
    num_in: int = 0
    num_out: int = 0


class MemReentrancyGuard(Struct):
    """Set while a device is at work, so that it does not reach itself."""

    engaged_in_io: bool = False


class DeviceState(Part):
    """A device: what it hangs on, what hangs on it, and whether it is realized."""

    SIZE: ClassVar[int] = 160
    id: str | None = None
    canonical_path: str | None = None
    realized: bool = False
    pending_deleted_event: bool = False
    pending_deleted_expires_ms: int = 0
    opts: Any = None
    hotplugged: int = 0
    allow_unplug_during_migration: bool = False
    parent_bus: BusState | None = None
    gpios: Seq[NamedGPIOList] = seq()
    clocks: Seq[NamedClockList] = seq()
    child_bus: Seq[BusState] = seq()
    num_child_bus: int = 0
    instance_id_alias: int = 0
    alias_required_for_version: int = 0
    reset: ResettableState = embedded(ResettableState)
    unplug_blockers: Seq[Any] = seq()
    mem_reentrancy_guard: MemReentrancyGuard = embedded(MemReentrancyGuard)


class BusChild(Struct):
    """A device's place on a bus."""

    child: DeviceState
    index: int = 0


class BusClass(Part):
    """What all buses of a class share."""

    SIZE: ClassVar[int] = 160
    print_dev: Callable[..., None] | None = None
    get_dev_path: Callable[[DeviceState], str | None] | None = None
    get_fw_dev_path: Callable[[DeviceState], str | None] | None = None
    reset: Callable[[Any], None] | None = None
    check_address: Callable[[BusState, DeviceState], None] | None = None
    realize: Callable[[Any], None] | None = None
    unrealize: Callable[[Any], None] | None = None
    max_dev: int = 0
    automatic_ids: int = 0


class BusState(Part):
    """A bus: the device that offers it and the devices on it, the latest first."""

    SIZE: ClassVar[int] = 120
    parent: DeviceState | None = None
    name: str | None = None
    hotplug_handler: Part | None = None
    max_index: int = 0
    realized: bool = False
    full: bool = False
    num_children: int = 0
    children: Seq[BusChild] = seq()
    reset: ResettableState = embedded(ResettableState)


class DeviceListener(Struct):
    """Callbacks told of every device."""

    realize: Callable[[DeviceListener, DeviceState], None] | None = None
    unrealize: Callable[[DeviceListener, DeviceState], None] | None = None
    hide_device: Callable[[DeviceListener, Any, bool], bool] | None = None


DEVICE = caster(DeviceState, TYPE_DEVICE)
DEVICE_CLASS = caster(DeviceClass, TYPE_DEVICE)
DEVICE_GET_CLASS = class_getter(DeviceClass)
BUS = caster(BusState, TYPE_BUS)
BUS_CLASS = caster(BusClass, TYPE_BUS)
BUS_GET_CLASS = class_getter(BusClass)


def qbus_is_hotpluggable(bus: BusState) -> bool:
    """Tell whether somebody answers for devices plugged into a bus at run time."""
    return bus.hotplug_handler is not None


@emulates(file="include/hw/qdev-core.h")
def qbus_mark_full(bus: BusState) -> None:
    """Let a bus take no further devices."""
    bus.full = True
