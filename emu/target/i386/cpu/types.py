"""The types of x86 CPUs (target/i386/cpu.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.cpu_common import CPU, CPU_CLASS, TYPE_CPU
from emu.hw.core.qdev import (
    DEVICE_CLASS,
    device_class_set_parent_realize,
    device_class_set_parent_reset,
    device_class_set_parent_unrealize,
)
from emu.hw.core.qdev_properties import DEFINE_PROP_BOOL, device_class_set_props
from emu.qapi.error import error_abort
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_class_property_add_str,
    object_property_add,
    object_property_add_alias,
    object_property_set_bool,
    object_property_set_int,
    object_property_set_str,
    type_register,
    type_register_static,
)
from emu.target.i386.cpu.command_line import x86_cpu_parse_featurestr
from emu.target.i386.cpu.features import (
    GETTERS,
    x86_cpu_get_crash_info_qom,
    x86_cpu_get_feature_words,
    x86_cpu_get_unavailable_features,
    x86_cpu_register_bit_prop,
    x86_cpuid_get_model_id,
    x86_cpuid_get_tsc_freq,
    x86_cpuid_get_vendor,
    x86_cpuid_set_model_id,
    x86_cpuid_set_tsc_freq,
    x86_cpuid_set_vendor,
)
from emu.target.i386.cpu.models import X86CPUDefinition, builtin_x86_defs, feature_names
from emu.target.i386.cpu.realize import x86_cpu_get_arch_id, x86_cpu_realizefn, x86_cpu_reset, x86_cpu_unrealizefn
from emu.target.i386.cpu.structs import (
    FEATURE_ALIASES,
    PERF_CAP_LBR_FMT,
    TYPE_X86_CPU,
    X86_CPU,
    X86_CPU_CLASS,
    X86_CPU_GET_CLASS,
    X86CPU,
    X86CPUClass,
    X86CPUModel,
    x86_cpu_properties,
)
from emu.target.i386.cpu.versions import CPU_VERSION_AUTO, CPUID_VENDOR_AMD, x86_cpu_class_by_name, x86_cpu_load_model
from emu.target.i386.cpu_exec import accel_cpu_instance_init
from emu.trace import Ptr, emulates


@emulates
def x86_cpu_initfn(obj: Object) -> None:
    """Add other names of features; load the model."""
    cpu, xcc = X86_CPU(obj), X86_CPU_GET_CLASS(obj)
    cpu.env.nr_dies = 1
    object_property_add(obj, "feature-words", "X86CPUFeatureWordInfo", x86_cpu_get_feature_words, None)
    object_property_add(obj, "filtered-features", "X86CPUFeatureWordInfo", x86_cpu_get_feature_words, None)
    for alias, name in FEATURE_ALIASES:
        if alias == "lbr_fmt":
            cpu.lbr_fmt = ~PERF_CAP_LBR_FMT & (1 << 64) - 1
        object_property_add_alias(obj, alias, obj, name)
    if xcc.model is not None:
        x86_cpu_load_model(cpu, xcc.model)


@emulates
def x86_cpu_post_initfn(obj: Object) -> None:
    """Let the accelerator settle what it cannot do."""
    accel_cpu_instance_init(CPU(obj))


@emulates
def x86_cpu_common_class_init(oc: ObjectClass, data: Any) -> None:
    """Set what all models share; every feature is a property."""
    xcc, cc, dc = X86_CPU_CLASS(oc), CPU_CLASS(oc), DEVICE_CLASS(oc)
    device_class_set_parent_realize(dc, x86_cpu_realizefn, Ptr(xcc, "parent_realize"))
    device_class_set_parent_unrealize(dc, x86_cpu_unrealizefn, Ptr(xcc, "parent_unrealize"))
    device_class_set_props(dc, x86_cpu_properties)
    device_class_set_parent_reset(dc, x86_cpu_reset, Ptr(xcc, "parent_reset"))
    cc.class_by_name = x86_cpu_class_by_name
    cc.parse_features = x86_cpu_parse_featurestr
    cc.get_arch_id = x86_cpu_get_arch_id
    dc.user_creatable = True
    for name, get, set_ in GETTERS:
        object_class_property_add(oc, name, "int", get, set_)
    object_class_property_add_str(oc, "vendor", x86_cpuid_get_vendor, x86_cpuid_set_vendor)
    object_class_property_add_str(oc, "model-id", x86_cpuid_get_model_id, x86_cpuid_set_model_id)
    object_class_property_add(oc, "tsc-frequency", "int", x86_cpuid_get_tsc_freq, x86_cpuid_set_tsc_freq)
    object_class_property_add(oc, "unavailable-features", "strList", x86_cpu_get_unavailable_features, None)
    object_class_property_add(oc, "crash-information", "GuestPanicInformation", x86_cpu_get_crash_info_qom, None)
    for w, bitnr, name in feature_names():
        x86_cpu_register_bit_prop(xcc, name, w, bitnr)


@emulates
def x86_cpu_cpudef_class_init(oc: ObjectClass, data: X86CPUModel) -> None:
    """Set which model a type stands for."""
    xcc = X86_CPU_CLASS(oc)
    xcc.model = data
    xcc.migration_safe = True


@emulates
def x86_register_cpu_model_type(name: str, model: X86CPUModel) -> None:
    """Register a model as a type."""
    type_register(
        TypeInfo(
            name=f"{name}-{TYPE_X86_CPU}",
            parent=TYPE_X86_CPU,
            class_init=x86_cpu_cpudef_class_init,
            class_data=model,
        )
    )


def _model(cpudef: X86CPUDefinition, version: int, is_alias: bool) -> X86CPUModel:
    model = X86CPUModel(version=version, is_alias=is_alias)
    model.__dict__["_cpudef"] = cpudef
    return model


@emulates
def x86_register_cpudef_types(cpudef: X86CPUDefinition) -> None:
    """Register a model, its versions, and their other names."""
    x86_register_cpu_model_type(cpudef.name, _model(cpudef, CPU_VERSION_AUTO, True))
    for vdef in cpudef.versions:
        x86_register_cpu_model_type(f"{cpudef.name}-v{vdef.version}", _model(cpudef, vdef.version, False))
        if vdef.alias is not None:
            x86_register_cpu_model_type(vdef.alias, _model(cpudef, vdef.version, True))


max_x86_cpu_properties: Final = (
    DEFINE_PROP_BOOL("migratable", X86CPU, "migratable", True),
    DEFINE_PROP_BOOL("host-cache-info", X86CPU, "cache_info_passthrough", False),
)


@emulates
def max_x86_cpu_class_init(oc: ObjectClass, data: Any) -> None:
    """Describe the CPU that has every feature."""
    xcc = X86_CPU_CLASS(oc)
    xcc.ordering = 9
    xcc.model_description = "Enables all features supported by the accelerator in the current host"
    device_class_set_props(DEVICE_CLASS(oc), max_x86_cpu_properties)


@emulates
def max_x86_cpu_initfn(obj: Object) -> None:
    """Have every feature of the accelerator."""
    cpu = X86_CPU(obj)
    cpu.max_features = True
    with error_abort():
        object_property_set_bool(OBJECT(cpu), "pmu", True)
        object_property_set_str(OBJECT(cpu), "vendor", CPUID_VENDOR_AMD)
        object_property_set_int(OBJECT(cpu), "family", 15)
        object_property_set_int(OBJECT(cpu), "model", 107)
        object_property_set_int(OBJECT(cpu), "stepping", 1)
        object_property_set_str(OBJECT(cpu), "model-id", "QEMU TCG CPU version 2.5+")


@emulates
def x86_cpu_base_class_init(oc: ObjectClass, data: Any) -> None:
    """Describe the CPU that has no feature."""
    xcc = X86_CPU_CLASS(oc)
    xcc.static_model = True
    xcc.migration_safe = True
    xcc.model_description = "base CPU model type with no features enabled"
    xcc.ordering = 8


x86_cpu_type_info: Final = TypeInfo(
    name=TYPE_X86_CPU,
    parent=TYPE_CPU,
    instance=X86CPU,
    instance_init=x86_cpu_initfn,
    instance_post_init=x86_cpu_post_initfn,
    abstract=True,
    class_=X86CPUClass,
    class_init=x86_cpu_common_class_init,
)
max_x86_cpu_type_info: Final = TypeInfo(
    name=f"max-{TYPE_X86_CPU}",
    parent=TYPE_X86_CPU,
    instance_init=max_x86_cpu_initfn,
    class_init=max_x86_cpu_class_init,
)
x86_base_cpu_type_info: Final = TypeInfo(name=f"base-{TYPE_X86_CPU}", parent=TYPE_X86_CPU, class_init=x86_cpu_base_class_init)


@type_init
@emulates
def x86_cpu_register_types() -> None:
    """Register all models."""
    type_register_static(x86_cpu_type_info)
    for cpudef in builtin_x86_defs():
        x86_register_cpudef_types(cpudef)
    type_register_static(max_x86_cpu_type_info)
    type_register_static(x86_base_cpu_type_info)
