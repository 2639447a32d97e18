"""Features and names of a CPU as properties (target/i386/cpu.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.qdev import DEVICE
from emu.hw.core.qdev_properties import qdev_prop_set_after_realize
from emu.qapi.error import error_setg
from emu.qapi.visitor import visit_type_bool, visit_type_int
from emu.qom.object import OBJECT_CLASS, Object, object_class_property_add, object_class_property_find
from emu.target.i386.cpu.structs import X86_CPU, X86CPUClass
from emu.trace import Struct, emulates


class BitProperty(Struct):
    """A feature: bits of a feature word."""

    w: int = 0
    mask: int = 0


@emulates(modelled=False)
def x86_cpu_get_feature_words(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Return the feature words."""


@emulates
def x86_cpu_get_bit_prop(obj: Object, v: Any, name: str, opaque: BitProperty) -> None:
    """Read a feature."""
    visit_type_bool(v, name, X86_CPU(obj).env.features[opaque.w] & opaque.mask == opaque.mask)


@emulates
def x86_cpu_set_bit_prop(obj: Object, v: Any, name: str, opaque: BitProperty) -> None:
    """Write a feature. Error: the CPU is realized."""
    dev, env = DEVICE(obj), X86_CPU(obj).env
    if dev.realized:
        qdev_prop_set_after_realize(dev, name)
    if visit_type_bool(v, name, False):
        env.features[opaque.w] |= opaque.mask
    else:
        env.features[opaque.w] &= ~opaque.mask
    env.user_features[opaque.w] |= opaque.mask


@emulates
def x86_cpu_register_bit_prop(xcc: X86CPUClass, prop_name: str, w: int, bitnr: int) -> None:
    """Add a feature as a property; one name may stand for several bits."""
    oc = OBJECT_CLASS(xcc)
    op = object_class_property_find(oc, prop_name)
    if op is not None:
        op.opaque.mask |= 1 << bitnr
        return
    fp = BitProperty(w=w, mask=1 << bitnr)
    object_class_property_add(oc, prop_name, "bool", x86_cpu_get_bit_prop, x86_cpu_set_bit_prop, None, fp)


def _number(name: str, highest: int) -> tuple[Any, Any]:
    field = f"cpuid_{name}"

    def get(obj: Object, v: Any, prop: str, opaque: Any) -> None:
        visit_type_int(v, prop, getattr(X86_CPU(obj).env, field))

    def set_(obj: Object, v: Any, prop: str, opaque: Any) -> None:
        value = visit_type_int(v, prop, 0)
        if not 0 <= value <= highest:
            error_setg(f"Property .{prop} doesn't take value {value} (minimum: 0, maximum: {highest})")
        setattr(X86_CPU(obj).env, field, value)

    get.__name__ = f"x86_cpuid_version_get_{name}"
    set_.__name__ = f"x86_cpuid_version_set_{name}"
    return emulates(get), emulates(set_)


GETTERS: Final = (
    ("family", *_number("family", 0xFF + 0xF)),
    ("model", *_number("model", 0xFF)),
    ("stepping", *_number("stepping", 0xF)),
)


@emulates
def x86_cpuid_get_vendor(obj: Object) -> str:
    """Read the vendor: twelve letters."""
    return X86_CPU(obj).env.cpuid_vendor


@emulates
def x86_cpuid_set_vendor(obj: Object, value: str) -> None:
    """Write the vendor. Error: not twelve letters."""
    if len(value) != 12:
        error_setg(f"Property 'vendor' doesn't take value '{value}'")
    X86_CPU(obj).env.cpuid_vendor = value


@emulates
def x86_cpuid_get_model_id(obj: Object) -> str:
    """Read the model's name: up to 48 letters."""
    return X86_CPU(obj).env.cpuid_model_id


@emulates
def x86_cpuid_set_model_id(obj: Object, model_id: str | None) -> None:
    """Write the model's name."""
    X86_CPU(obj).env.cpuid_model_id = (model_id or "")[:48]


@emulates
def x86_cpuid_get_tsc_freq(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the frequency of the time stamp counter, in Hz."""
    visit_type_int(v, name, X86_CPU(obj).env.tsc_khz * 1000)


@emulates
def x86_cpuid_set_tsc_freq(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the frequency of the time stamp counter, in Hz. Error: negative."""
    value = visit_type_int(v, name, 0)
    if value < 0:
        error_setg(f"Property .{name} doesn't take value {value} (minimum: 0, maximum: {(1 << 63) - 1})")
    X86_CPU(obj).env.tsc_khz = value // 1000


@emulates(modelled=False)
def x86_cpu_get_unavailable_features(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Return the features that the accelerator does not offer."""


@emulates(file="target/i386/cpu-sysemu.c", modelled=False)
def x86_cpu_get_crash_info_qom(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Return why the guest crashed."""
