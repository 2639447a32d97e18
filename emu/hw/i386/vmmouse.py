"""VMware's mouse, behind VMware's port; it does not move (hw/i386/vmmouse.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_LINK, device_class_set_props
from emu.hw.i386.vmport import (
    TYPE_VMPORT,
    VMPORT_CMD_VMMOUSE_COMMAND,
    VMPORT_CMD_VMMOUSE_DATA,
    VMPORT_CMD_VMMOUSE_STATUS,
    vmport_register,
)
from emu.hw.input.pckbd import TYPE_I8042, ISAKBDState
from emu.hw.isa.isa_bus import TYPE_ISA_DEVICE
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, object_resolve_path_type, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import emulates

TYPE_VMMOUSE: Final = "vmmouse"
VMMOUSE_QUEUE_SIZE: Final = 1024


class VMMouseState(Part):
    """The mouse."""

    SIZE: ClassVar[int] = 4296
    queue_size: int = 0
    nb_queue: int = 0
    status: int = 0
    absolute: int = 0
    i8042: ISAKBDState | None = None


VMMOUSE = caster(VMMouseState, TYPE_VMMOUSE)


@emulates(modelled=False)
def vmmouse_ioport_read(opaque: Any, addr: int) -> int:
    """Do a command of the guest."""
    return 0


@emulates(modelled=False)
def vmmouse_remove_handler(s: VMMouseState) -> None:
    """Take no movements any more."""


@emulates
def vmmouse_disable(s: VMMouseState) -> None:
    """Be silent."""
    s.status = 0xFFFF
    vmmouse_remove_handler(s)


@emulates
def vmmouse_reset(d: DeviceState) -> None:
    """Empty the queue and be silent."""
    s = VMMOUSE(d)
    s.queue_size = VMMOUSE_QUEUE_SIZE
    s.nb_queue = 0
    vmmouse_disable(s)


@emulates
def vmmouse_realizefn(dev: DeviceState) -> None:
    """Enter the commands. Error: no keyboard controller, or no port."""
    s = VMMOUSE(dev)
    if s.i8042 is None:
        error_setg("'i8042' link is not set")
    if object_resolve_path_type("", TYPE_VMPORT)[0] is None:
        error_setg("vmmouse needs a machine with vmport")
    vmport_register(VMPORT_CMD_VMMOUSE_STATUS, vmmouse_ioport_read, s)
    vmport_register(VMPORT_CMD_VMMOUSE_COMMAND, vmmouse_ioport_read, s)
    vmport_register(VMPORT_CMD_VMMOUSE_DATA, vmmouse_ioport_read, s)


vmstate_vmmouse: Final = VMStateDescription(name="vmmouse", version_id=0, minimum_version_id=0)
vmmouse_properties: Final = (DEFINE_PROP_LINK("i8042", VMMouseState, "i8042", TYPE_I8042, ISAKBDState),)


@emulates
def vmmouse_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device this mouse."""
    dc = DEVICE_CLASS(klass)
    dc.realize = vmmouse_realizefn
    dc.reset = vmmouse_reset
    dc.vmsd = vmstate_vmmouse
    device_class_set_props(dc, vmmouse_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_INPUT


vmmouse_info: Final = TypeInfo(name=TYPE_VMMOUSE, parent=TYPE_ISA_DEVICE, instance=VMMouseState, class_init=vmmouse_class_initfn)


@type_init
@emulates
def vmmouse_register_types() -> None:
    """Register the type."""
    type_register_static(vmmouse_info)
