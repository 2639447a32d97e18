"""Properties that are numbers, bits, strings and enumerations (hw/core/qdev-properties.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.qdev_properties.structs import Property, PropertyInfo
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_common import OnOffAuto_lookup
from emu.qapi.qapi_util import qapi_enum_lookup
from emu.qapi.visitor import (
    visit_type_bool,
    visit_type_enum,
    visit_type_int32,
    visit_type_int64,
    visit_type_size,
    visit_type_str,
    visit_type_uint8,
    visit_type_uint16,
    visit_type_uint32,
    visit_type_uint64,
)
from emu.qom.object import (
    Object,
    ObjectProperty,
    object_get_typename,
    object_property_set_default_bool,
    object_property_set_default_int,
    object_property_set_default_str,
    object_property_set_default_uint,
)
from emu.trace import emulates

UINT32_MAX: Final = 0xFFFFFFFF


@emulates
def qdev_propinfo_get_enum(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of an enumeration."""
    assert opaque.info.enum_table is not None
    visit_type_enum(v, name, opaque.read(obj), opaque.info.enum_table)


@emulates
def qdev_propinfo_set_enum(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of an enumeration, by name."""
    assert opaque.info.enum_table is not None
    opaque.write(obj, visit_type_enum(v, name, 0, opaque.info.enum_table))


def qdev_propinfo_set_default_value_enum(op: ObjectProperty, prop: Property) -> None:
    """Default of an enumeration: the name of its value."""
    assert prop.info.enum_table is not None
    object_property_set_default_str(op, qapi_enum_lookup(prop.info.enum_table, prop.defval))


def set_default_value_bool(op: ObjectProperty, prop: Property) -> None:
    """Default of a boolean."""
    object_property_set_default_bool(op, bool(prop.defval))


def qdev_propinfo_set_default_value_int(op: ObjectProperty, prop: Property) -> None:
    """Default of a signed number."""
    object_property_set_default_int(op, prop.defval)


def qdev_propinfo_set_default_value_uint(op: ObjectProperty, prop: Property) -> None:
    """Default of an unsigned number."""
    object_property_set_default_uint(op, prop.defval)


qdev_prop_enum: Final = PropertyInfo(
    name="enum",
    get=qdev_propinfo_get_enum,
    set=qdev_propinfo_set_enum,
    set_default_value=qdev_propinfo_set_default_value_enum,
)

qdev_prop_on_off_auto: Final = PropertyInfo(
    name="OnOffAuto",
    description="on/off/auto",
    enum_table=OnOffAuto_lookup,
    get=qdev_propinfo_get_enum,
    set=qdev_propinfo_set_enum,
    set_default_value=qdev_propinfo_set_default_value_enum,
)


@emulates
def bit_prop_set(obj: Object, props: Property, val: bool) -> None:
    """Set or clear one bit of a 32-bit field."""
    p = props.read(obj)
    props.write(obj, p | props.mask if val else p & ~props.mask)


@emulates
def prop_get_bit(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of one bit of a 32-bit field."""
    visit_type_bool(v, name, bool(opaque.read(obj) & opaque.mask))


@emulates
def prop_set_bit(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of one bit of a 32-bit field."""
    bit_prop_set(obj, opaque, visit_type_bool(v, name))


qdev_prop_bit: Final = PropertyInfo(
    name="bool", description="on/off", get=prop_get_bit, set=prop_set_bit, set_default_value=set_default_value_bool
)


@emulates
def bit64_prop_set(obj: Object, props: Property, val: bool) -> None:
    """Set or clear one bit of a 64-bit field."""
    p = props.read(obj)
    props.write(obj, p | props.mask if val else p & ~props.mask)


@emulates
def prop_get_bit64(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of one bit of a 64-bit field."""
    visit_type_bool(v, name, bool(opaque.read(obj) & opaque.mask))


@emulates
def prop_set_bit64(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of one bit of a 64-bit field."""
    bit64_prop_set(obj, opaque, visit_type_bool(v, name))


qdev_prop_bit64: Final = PropertyInfo(
    name="bool", description="on/off", get=prop_get_bit64, set=prop_set_bit64, set_default_value=set_default_value_bool
)


@emulates
def get_bool(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a ``bool``."""
    visit_type_bool(v, name, opaque.read(obj))


@emulates
def set_bool(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a ``bool``."""
    opaque.write(obj, visit_type_bool(v, name))


qdev_prop_bool: Final = PropertyInfo(name="bool", get=get_bool, set=set_bool, set_default_value=set_default_value_bool)


@emulates
def get_uint8(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a ``uint8_t``."""
    visit_type_uint8(v, name, opaque.read(obj))


@emulates
def set_uint8(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a ``uint8_t``."""
    opaque.write(obj, visit_type_uint8(v, name))


qdev_prop_uint8: Final = PropertyInfo(
    name="uint8", get=get_uint8, set=set_uint8, set_default_value=qdev_propinfo_set_default_value_uint
)


@emulates
def get_uint16(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a ``uint16_t``."""
    visit_type_uint16(v, name, opaque.read(obj))


@emulates
def set_uint16(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a ``uint16_t``."""
    opaque.write(obj, visit_type_uint16(v, name))


qdev_prop_uint16: Final = PropertyInfo(
    name="uint16", get=get_uint16, set=set_uint16, set_default_value=qdev_propinfo_set_default_value_uint
)


@emulates
def get_uint32(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a ``uint32_t``."""
    visit_type_uint32(v, name, opaque.read(obj))


@emulates
def set_uint32(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a ``uint32_t``."""
    opaque.write(obj, visit_type_uint32(v, name))


qdev_prop_uint32: Final = PropertyInfo(
    name="uint32", get=get_uint32, set=set_uint32, set_default_value=qdev_propinfo_set_default_value_uint
)


@emulates
def qdev_propinfo_get_int32(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of an ``int32_t``."""
    visit_type_int32(v, name, opaque.read(obj))


@emulates
def set_int32(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of an ``int32_t``."""
    opaque.write(obj, visit_type_int32(v, name))


qdev_prop_int32: Final = PropertyInfo(
    name="int32", get=qdev_propinfo_get_int32, set=set_int32, set_default_value=qdev_propinfo_set_default_value_int
)


@emulates
def get_uint64(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a ``uint64_t``."""
    visit_type_uint64(v, name, opaque.read(obj))


@emulates
def set_uint64(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a ``uint64_t``."""
    opaque.write(obj, visit_type_uint64(v, name))


qdev_prop_uint64: Final = PropertyInfo(
    name="uint64", get=get_uint64, set=set_uint64, set_default_value=qdev_propinfo_set_default_value_uint
)


@emulates
def get_int64(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of an ``int64_t``."""
    visit_type_int64(v, name, opaque.read(obj))


@emulates
def set_int64(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of an ``int64_t``."""
    opaque.write(obj, visit_type_int64(v, name))


qdev_prop_int64: Final = PropertyInfo(
    name="int64", get=get_int64, set=set_int64, set_default_value=qdev_propinfo_set_default_value_int
)


@emulates
def set_uint64_checkmask(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a ``uint64_t`` that may have only certain bits. Error: it has others; it is assigned all the same."""
    value = visit_type_uint64(v, name)
    opaque.write(obj, value)
    if value & ~opaque.bitmask:
        error_setg(f"Property value for '{name}' has bits outside mask '0x{opaque.bitmask:x}'")


qdev_prop_uint64_checkmask: Final = PropertyInfo(name="uint64", get=get_uint64, set=set_uint64_checkmask)


@emulates
def release_string(obj: Object, name: str, opaque: Property) -> None:
    """Release of a string: its memory goes, and C leaves the field as it is."""


@emulates
def get_string(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a string; NULL reads as an empty one."""
    visit_type_str(v, name, opaque.read(obj) or "")


@emulates
def set_string(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a string."""
    opaque.write(obj, visit_type_str(v, name))


qdev_prop_string: Final = PropertyInfo(name="str", release=release_string, get=get_string, set=set_string)


@emulates
def qdev_propinfo_get_size32(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a size in a ``uint32_t``."""
    visit_type_size(v, name, opaque.read(obj))


@emulates
def set_size32(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a size in a ``uint32_t``. Error: it does not fit."""
    value = visit_type_size(v, name)
    if value > UINT32_MAX:
        error_setg(f"Property {object_get_typename(obj)}.{name} doesn't take value {value} (maximum: {UINT32_MAX})")
    opaque.write(obj, value)


qdev_prop_size32: Final = PropertyInfo(
    name="size", get=qdev_propinfo_get_size32, set=set_size32, set_default_value=qdev_propinfo_set_default_value_uint
)


@emulates
def get_size(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a size in a ``uint64_t``."""
    visit_type_size(v, name, opaque.read(obj))


@emulates
def set_size(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a size in a ``uint64_t``."""
    opaque.write(obj, visit_type_size(v, name))


qdev_prop_size: Final = PropertyInfo(
    name="size", get=get_size, set=set_size, set_default_value=qdev_propinfo_set_default_value_uint
)
