"""In which order the firmware tries devices (softmmu/bootdevice.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from emu.errors import QemuExit
from emu.hw.core.reset import qemu_unregister_reset
from emu.qapi.error import Error, error_abort, error_setg
from emu.qapi.visitor import visit_type_int32
from emu.qom.object import Object, object_property_add, object_property_set_int
from emu.qom.parts import Part
from emu.trace import Ptr, Seq, Struct, emulates, g_free, per_run, seq
from emu.util.error_report import error_report

if TYPE_CHECKING:
    from emu.hw.core.qdev_core import DeviceState

BootSetHandler = Callable[[Any, str], None]


class FWBootEntry(Struct):
    """A device (or an entry of its own, by suffix) with its place in the order."""

    bootindex: int = 0
    dev: DeviceState | None = None
    suffix: str | None = None


class BootDevices(Struct):
    """The file-level state of softmmu/bootdevice.c."""

    fw_boot_order: Seq[FWBootEntry] = seq()
    boot_set_handler: BootSetHandler | None = None
    boot_set_opaque: Any = None
    first: bool = True


boot_devices = per_run(BootDevices)


@emulates
def qemu_register_boot_set(func: BootSetHandler, opaque: Any) -> None:
    """Note how the board takes an order of boot devices."""
    own = boot_devices()
    own.boot_set_handler = func
    own.boot_set_opaque = opaque


@emulates
def qemu_boot_set(boot_order: str) -> None:
    """Give the board an order of boot devices. Error: it can't take one, or not this one."""
    own = boot_devices()
    if own.boot_set_handler is None:
        error_setg("no function defined to set boot device list for this architecture")
    validate_bootdevices(boot_order)
    own.boot_set_handler(own.boot_set_opaque, boot_order)


@emulates
def validate_bootdevices(devices: str) -> None:
    """Check letters of boot devices. Error: not a letter from a to p, or one that came before."""
    seen = ""
    for letter in devices:
        if not "a" <= letter <= "p":
            error_setg(f"Invalid boot device '{letter}'")
        if letter in seen:
            error_setg(f"Boot device '{letter}' was given twice")
        seen += letter


@emulates
def restore_boot_order(opaque: str) -> None:
    """Reset handler: after the first boot, the order is the usual one again."""
    own = boot_devices()
    if own.first:
        own.first = False
        return
    if own.boot_set_handler is not None:
        with error_abort():
            qemu_boot_set(opaque)
    qemu_unregister_reset(restore_boot_order, opaque)


@emulates
def check_boot_index(bootindex: int) -> None:
    """Check that a place in the order is free. Error: it is taken."""
    if bootindex >= 0 and any(entry.bootindex == bootindex for entry in boot_devices().fw_boot_order):
        error_setg(f"The bootindex {bootindex} has already been used")


@emulates
def del_boot_device_path(dev: DeviceState | None, suffix: str | None) -> None:
    """Take a device out of the order."""
    if dev is None:
        return
    order = boot_devices().fw_boot_order
    for entry in order:
        if entry.dev is dev and (not suffix or entry.suffix == suffix):
            order.remove(entry)
            g_free(entry)
            break


@emulates
def add_boot_device_path(bootindex: int, dev: DeviceState | None, suffix: str | None) -> None:
    """Put a device at its place in the order; a negative place is none."""
    if bootindex < 0:
        del_boot_device_path(dev, suffix)
        return
    assert dev is not None or suffix is not None
    del_boot_device_path(dev, suffix)
    node = FWBootEntry(bootindex=bootindex, dev=dev, suffix=suffix)
    order = boot_devices().fw_boot_order
    for at, entry in enumerate(order):
        if entry.bootindex == bootindex:
            error_report(f"Two devices with same boot index {bootindex}")
            raise QemuExit(1)
        if entry.bootindex > bootindex:
            order.insert(at, node)
            return
    order.append(node)


class BootIndexProperty(Struct):
    """Where a property ``bootindex`` keeps its number, and whose it is."""

    bootindex: str = ""
    suffix: str | None = None
    dev: DeviceState | None = None


def _place(prop: BootIndexProperty) -> Ptr:
    place: Ptr = prop.__dict__["_ptr"]
    return place


def device_get_bootindex(obj: Object, v: Any, name: str, opaque: BootIndexProperty) -> None:
    """Read the place in the order."""
    visit_type_int32(v, name, _place(opaque).get())


@emulates
def device_set_bootindex(obj: Object, v: Any, name: str, opaque: BootIndexProperty) -> None:
    """Write the place in the order. Error: it is taken."""
    boot_index = visit_type_int32(v, name, 0)
    check_boot_index(boot_index)
    _place(opaque).set(boot_index)
    add_boot_device_path(boot_index, opaque.dev, opaque.suffix)


@emulates
def property_release_bootindex(obj: Object, name: str, opaque: BootIndexProperty) -> None:
    """Take the device out of the order as its property goes."""
    del_boot_device_path(opaque.dev, opaque.suffix)
    g_free(opaque)


@emulates
def device_add_bootindex_property(obj: Part, bootindex: Ptr, name: str, suffix: str | None, dev: DeviceState | None) -> None:
    """Add a property that holds a device's place in the order, none (-1) at first."""
    prop = BootIndexProperty(bootindex=bootindex.name(), suffix=suffix, dev=dev)
    prop.__dict__["_ptr"] = bootindex
    object_property_add(obj, name, "int32", device_get_bootindex, device_set_bootindex, property_release_bootindex, prop)
    try:
        object_property_set_int(obj, name, -1)
    except Error:
        return
