"""``DEFINE_PROP_...``: one line of a table of properties (include/hw/qdev-properties.h)."""

from __future__ import annotations

from typing import Any

from emu.hw.core.qdev_properties.field import PROP_ARRAY_LEN_PREFIX, qdev_prop_arraylen, qdev_prop_link
from emu.hw.core.qdev_properties.scalars import (
    qdev_prop_bit,
    qdev_prop_bit64,
    qdev_prop_bool,
    qdev_prop_int32,
    qdev_prop_int64,
    qdev_prop_on_off_auto,
    qdev_prop_size,
    qdev_prop_size32,
    qdev_prop_string,
    qdev_prop_uint8,
    qdev_prop_uint16,
    qdev_prop_uint32,
    qdev_prop_uint64,
    qdev_prop_uint64_checkmask,
)
from emu.hw.core.qdev_properties.structs import Property, PropertyInfo
from emu.qom.parts import Part


def DEFINE_PROP(name: str, state: type[Part], field: str, info: PropertyInfo, defval: int | None = None) -> Property:
    """Describe a property held in a field of ``state``; ``defval`` None leaves it without default."""
    prop = Property(name, state, field, info)
    if defval is not None:
        prop.set_default = True
        prop.defval = defval
    return prop


def DEFINE_PROP_SIGNED(name: str, state: type[Part], field: str, defval: int, info: PropertyInfo) -> Property:
    """Describe a signed number or an enumeration."""
    return DEFINE_PROP(name, state, field, info, defval)


def DEFINE_PROP_SIGNED_NODEFAULT(name: str, state: type[Part], field: str, info: PropertyInfo) -> Property:
    """Describe a signed number or an enumeration without default."""
    return DEFINE_PROP(name, state, field, info)


def DEFINE_PROP_UNSIGNED(name: str, state: type[Part], field: str, defval: int, info: PropertyInfo, bits: int) -> Property:
    """Describe an unsigned number; the default is taken modulo its size, as C's cast does."""
    return DEFINE_PROP(name, state, field, info, defval & ((1 << bits) - 1))


def DEFINE_PROP_UNSIGNED_NODEFAULT(name: str, state: type[Part], field: str, info: PropertyInfo) -> Property:
    """Describe an unsigned number without default."""
    return DEFINE_PROP(name, state, field, info)


def DEFINE_PROP_BIT(name: str, state: type[Part], field: str, bit: int, defval: bool) -> Property:
    """Describe one bit of a ``uint32_t``."""
    prop = DEFINE_PROP(name, state, field, qdev_prop_bit, bool(defval))
    prop.bitnr = bit
    prop.mask = 1 << bit
    return prop


def DEFINE_PROP_BIT64(name: str, state: type[Part], field: str, bit: int, defval: bool) -> Property:
    """Describe one bit of a ``uint64_t``."""
    prop = DEFINE_PROP(name, state, field, qdev_prop_bit64, bool(defval))
    prop.bitnr = bit
    prop.mask = 1 << bit
    return prop


def DEFINE_PROP_BOOL(name: str, state: type[Part], field: str, defval: bool) -> Property:
    """Describe a ``bool``."""
    return DEFINE_PROP(name, state, field, qdev_prop_bool, bool(defval))


def DEFINE_PROP_UINT64_CHECKMASK(name: str, state: type[Part], field: str, bitmask: int) -> Property:
    """Describe a ``uint64_t`` that may have only the bits of a mask."""
    prop = DEFINE_PROP(name, state, field, qdev_prop_uint64_checkmask)
    prop.bitmask = bitmask
    return prop


def DEFINE_PROP_ARRAY(
    name: str, state: type[Part], field: str, arrayfield: str, arrayprop: PropertyInfo, arrayzero: Any
) -> Property:
    """Describe the length of an array, in ``field``; setting it makes the array, of ``arrayzero``, in ``arrayfield``."""
    prop = DEFINE_PROP(PROP_ARRAY_LEN_PREFIX + name, state, field, qdev_prop_arraylen, 0)
    prop.arrayinfo = arrayprop
    prop.arrayfield = arrayfield
    prop.arrayzero = arrayzero
    return prop


def DEFINE_PROP_LINK(name: str, state: type[Part], field: str, type_: str, ptr_type: Any) -> Property:
    """Describe a link to an object of a type."""
    prop = DEFINE_PROP(name, state, field, qdev_prop_link)
    prop.link_type = type_
    return prop


def DEFINE_PROP_UINT8(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe a ``uint8_t``."""
    return DEFINE_PROP_UNSIGNED(n, s, f, d, qdev_prop_uint8, 8)


def DEFINE_PROP_UINT16(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe a ``uint16_t``."""
    return DEFINE_PROP_UNSIGNED(n, s, f, d, qdev_prop_uint16, 16)


def DEFINE_PROP_UINT32(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe a ``uint32_t``."""
    return DEFINE_PROP_UNSIGNED(n, s, f, d, qdev_prop_uint32, 32)


def DEFINE_PROP_INT32(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe an ``int32_t``."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_int32)


def DEFINE_PROP_UINT64(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe a ``uint64_t``."""
    return DEFINE_PROP_UNSIGNED(n, s, f, d, qdev_prop_uint64, 64)


def DEFINE_PROP_INT64(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe an ``int64_t``."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_int64)


def DEFINE_PROP_SIZE(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe a size in a ``uint64_t``."""
    return DEFINE_PROP_UNSIGNED(n, s, f, d, qdev_prop_size, 64)


def DEFINE_PROP_SIZE32(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe a size in a ``uint32_t``."""
    return DEFINE_PROP_UNSIGNED(n, s, f, d, qdev_prop_size32, 32)


def DEFINE_PROP_STRING(n: str, s: type[Part], f: str) -> Property:
    """Describe a string."""
    return DEFINE_PROP(n, s, f, qdev_prop_string)


def DEFINE_PROP_ON_OFF_AUTO(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe an ``OnOffAuto``."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_on_off_auto)
