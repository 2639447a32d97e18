"""Properties that lead to block devices, character devices and sound (hw/core/qdev-properties-system.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.chardev.char import qemu_chr_find
from emu.chardev.char_fe import qemu_chr_fe_deinit, qemu_chr_fe_init
from emu.chardev.structs import Chardev
from emu.errors import NotModelled
from emu.hw.core.qdev_core import DEVICE
from emu.hw.core.qdev_properties import (
    DEFINE_PROP,
    DEFINE_PROP_SIGNED,
    DEFINE_PROP_UNSIGNED,
    Property,
    PropertyInfo,
    qdev_propinfo_get_enum,
    qdev_propinfo_get_size32,
    qdev_propinfo_set_default_value_enum,
    qdev_propinfo_set_default_value_uint,
    qdev_propinfo_set_enum,
)
from emu.hw.core.qdev_properties_system.net import check_prop_still_unset
from emu.qapi.error import Error, error_abort, error_prepend, error_setg
from emu.qapi.qapi_util import QEnumLookup
from emu.qapi.visitor import visit_type_size, visit_type_str
from emu.qom.object import OBJECT, Object, object_get_typename, object_property_set_str
from emu.qom.parts import Part
from emu.trace import emulates

MIN_BLOCK_SIZE: Final = 512
MAX_BLOCK_SIZE: Final = 2 * 1024 * 1024

LostTickPolicy_lookup: Final = QEnumLookup(("discard", "delay", "slew"))
BlockdevOnError_lookup: Final = QEnumLookup(("report", "ignore", "enospc", "stop", "auto"))
BiosAtaTranslation_lookup: Final = QEnumLookup(("auto", "none", "lba", "large", "rechs"))
FloppyDriveType_lookup: Final = QEnumLookup(("144", "288", "120", "none", "auto"))


@emulates
def get_drive(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a block device's name, empty for none."""
    blk = opaque.read(obj)
    visit_type_str(v, name, blk.name if blk is not None else "")


@emulates
def set_drive(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a block device; an empty name takes none. NotModelled: another name."""
    text = visit_type_str(v, name)
    if text:
        raise NotModelled(f"block device '{text}' as a backend")
    opaque.write(obj, None)


@emulates
def set_drive_iothread(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a block device of a device that knows I/O threads. NotModelled: another name than an empty one."""
    set_drive(obj, v, name, opaque)


@emulates
def release_drive(obj: Object, name: str, opaque: Property) -> None:
    """Release of a block device: there is none to detach."""


qdev_prop_drive: Final = PropertyInfo(
    name="str",
    description="Node name or ID of a block device to use as a backend",
    realized_set_allowed=True,
    get=get_drive,
    set=set_drive,
    release=release_drive,
)

qdev_prop_drive_iothread: Final = PropertyInfo(
    name="str",
    description="Node name or ID of a block device to use as a backend",
    realized_set_allowed=True,
    get=get_drive,
    set=set_drive_iothread,
    release=release_drive,
)


@emulates
def get_chr(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a character device: its name, empty without one."""
    chardev = opaque.read(obj).chr
    visit_type_str(v, name, chardev.label if chardev is not None else "")


@emulates
def set_chr(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a character device; an empty name takes none. Error: there is none of that name, or it is in use."""
    be = opaque.read(obj)
    text = visit_type_str(v, name)
    check_prop_still_unset(obj, name, be.chr, text, False)
    if not text:
        be.chr = None
        return
    s = qemu_chr_find(text)
    if s is None:
        error_setg(f"Property '{object_get_typename(obj)}.{name}' can't find value '{text}'")
    try:
        qemu_chr_fe_init(be, s)
    except Error as err:
        error_prepend(err, f"Property '{object_get_typename(obj)}.{name}' can't take value '{text}': ")
        raise


@emulates
def release_chr(obj: Object, name: str, opaque: Property) -> None:
    """Release of a character device."""
    qemu_chr_fe_deinit(opaque.read(obj), False)


@emulates
def qdev_prop_set_chr(dev: Part, name: str, value: Chardev | None) -> None:
    """Set a character device before realize."""
    with error_abort():
        object_property_set_str(OBJECT(dev), name, value.label if value is not None else "")


qdev_prop_chr: Final = PropertyInfo(
    name="str", description="ID of a chardev to use as a backend", get=get_chr, set=set_chr, release=release_chr
)


@emulates
def get_audiodev(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a sound backend's name; none can be set here."""
    visit_type_str(v, name, "")


@emulates
def set_audiodev(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a sound backend. Error: there is none of that name, since there is none at all."""
    text = visit_type_str(v, name)
    error_setg(f"Property '{object_get_typename(obj)}.{name}' can't find value '{text}'")


qdev_prop_audiodev: Final = PropertyInfo(
    name="str", description="ID of an audiodev to use as a backend", get=get_audiodev, set=set_audiodev
)


def check_block_size(id_: str, name: str, value: int) -> None:
    """Check the size of a block (util/block-helpers.c). Error: too small, too large, or no power of two."""
    if value and not MIN_BLOCK_SIZE <= value <= MAX_BLOCK_SIZE:
        error_setg(f"Property {id_}.{name} doesn't take value {value} (minimum: {MIN_BLOCK_SIZE}, maximum: {MAX_BLOCK_SIZE})")
    if value & (value - 1):
        error_setg(f"Property {id_}.{name} doesn't take value '{value}', it's not a power of 2")


@emulates
def set_blocksize(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of the size of a block. Error: it is none."""
    value = visit_type_size(v, name)
    check_block_size(DEVICE(obj).id or "", name, value - (1 << 64) if value >> 63 else value)
    opaque.write(obj, value)


qdev_prop_blocksize: Final = PropertyInfo(
    name="size",
    description="A power of two between 512 B and 2 MiB",
    get=qdev_propinfo_get_size32,
    set=set_blocksize,
    set_default_value=qdev_propinfo_set_default_value_uint,
)


def _enumeration(name: str, description: str | None, table: QEnumLookup) -> PropertyInfo:
    return PropertyInfo(
        name=name,
        description=description,
        enum_table=table,
        get=qdev_propinfo_get_enum,
        set=qdev_propinfo_set_enum,
        set_default_value=qdev_propinfo_set_default_value_enum,
    )


qdev_prop_losttickpolicy: Final = _enumeration("LostTickPolicy", None, LostTickPolicy_lookup)
qdev_prop_blockdev_on_error: Final = _enumeration(
    "BlockdevOnError", "Error handling policy, report/ignore/enospc/stop/auto", BlockdevOnError_lookup
)
qdev_prop_bios_chs_trans: Final = _enumeration(
    "BiosAtaTranslation", "Logical CHS translation algorithm, auto/none/lba/large/rechs", BiosAtaTranslation_lookup
)
qdev_prop_fdc_drive_type: Final = _enumeration("FdcDriveType", "FDC drive type, 144/288/120/none/auto", FloppyDriveType_lookup)


def DEFINE_PROP_DRIVE(n: str, s: type[Part], f: str) -> Property:
    """Describe a block device."""
    return DEFINE_PROP(n, s, f, qdev_prop_drive)


def DEFINE_PROP_DRIVE_IOTHREAD(n: str, s: type[Part], f: str) -> Property:
    """Describe a block device of a device that knows I/O threads."""
    return DEFINE_PROP(n, s, f, qdev_prop_drive_iothread)


def DEFINE_PROP_CHR(n: str, s: type[Part], f: str) -> Property:
    """Describe a character device, a ``CharBackend``."""
    return DEFINE_PROP(n, s, f, qdev_prop_chr)


def DEFINE_PROP_AUDIODEV(n: str, s: type[Part], f: str) -> Property:
    """Describe a sound backend."""
    return DEFINE_PROP(n, s, f, qdev_prop_audiodev)


def DEFINE_PROP_BLOCKSIZE(n: str, s: type[Part], f: str) -> Property:
    """Describe the size of a block."""
    return DEFINE_PROP_UNSIGNED(n, s, f, 0, qdev_prop_blocksize, 32)


def DEFINE_PROP_LOSTTICKPOLICY(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe what becomes of lost ticks."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_losttickpolicy)


def DEFINE_PROP_BLOCKDEV_ON_ERROR(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe what happens on errors of a block device."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_blockdev_on_error)


def DEFINE_PROP_BIOS_CHS_TRANS(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe how the BIOS translates sectors."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_bios_chs_trans)
