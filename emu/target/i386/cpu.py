"""x86 CPUs: models, features as properties, creation; none of them runs (target/i386/cpu.c, target/i386/cpu-sysemu.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.errors import NotModelled
from emu.hw.core.cpu_common import CPU, CPU_CLASS, TYPE_CPU, CPUState
from emu.hw.core.machine import MACHINE
from emu.hw.core.qdev import (
    DEVICE,
    DEVICE_CLASS,
    DeviceState,
    device_class_set_parent_realize,
    device_class_set_parent_reset,
    device_class_set_parent_unrealize,
    qdev_get_machine,
    qdev_realize,
)
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    device_class_set_props,
    qdev_prop_set_after_realize,
    qdev_prop_set_uint32,
)
from emu.hw.core.reset import qemu_register_reset
from emu.hw.intc.apic_common import APIC_COMMON, APIC_DEFAULT_ADDRESS, MSR_IA32_APICBASE_BASE, MSR_IA32_APICBASE_ENABLE
from emu.qapi.error import error_abort, error_setg
from emu.qapi.visitor import visit_type_bool, visit_type_int
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJECT,
    OBJECT_CLASS,
    Object,
    ObjectClass,
    TypeInfo,
    object_class_by_name,
    object_class_property_add,
    object_class_property_add_str,
    object_class_property_find,
    object_new,
    object_property_add,
    object_property_add_alias,
    object_property_add_child,
    object_property_parse,
    object_property_set_bool,
    object_property_set_int,
    object_property_set_str,
    object_property_set_uint,
    object_unref,
    type_register,
    type_register_static,
)
from emu.softmmu.memory import memory_region_add_subregion_overlap
from emu.softmmu.physmem import get_system_memory
from emu.target.i386.cpu_exec import accel_cpu_instance_init, cpu_exec_realizefn, qemu_init_vcpu, x86_cpu_machine_reset_cb
from emu.target.i386.cpu_features import x86_cpu_parse_featurestr
from emu.target.i386.cpu_models import X86CPUDefinition, builtin_x86_defs, feature_names, feature_words
from emu.target.i386.cpu_structs import (
    FEATURE_ALIASES,
    PERF_CAP_LBR_FMT,
    TYPE_X86_CPU,
    UNASSIGNED_APIC_ID,
    X86_CPU,
    X86_CPU_CLASS,
    X86_CPU_GET_CLASS,
    X86CPU,
    X86CPUClass,
    X86CPUModel,
    x86_cpu_properties,
)
from emu.trace import Ptr, Struct, emulates, per_run

__all__ = [
    "IS_AMD_CPU",
    "UNASSIGNED_APIC_ID",
    "X86CPU",
    "X86_CPU",
    "x86_cpu_set_default_version",
]

CPU_VERSION_LATEST: Final = -1
CPU_VERSION_AUTO: Final = -2
CPU_VERSION_LEGACY: Final = 0
CPUID_VENDOR_AMD: Final = "AuthenticAMD"
FEAT_1_EDX: Final = 0
FEAT_1_ECX: Final = 1
FEAT_8000_0001_EDX: Final = feature_words().index("FEAT_8000_0001_EDX")
CPUID_APIC: Final = 1 << 9
CPUID_PSE36: Final = 1 << 17
CPUID_EXT_HYPERVISOR: Final = 1 << 31
CPUID_EXT2_LM: Final = 1 << 29
TCG_PHYS_ADDR_BITS: Final = 40
TARGET_PHYS_ADDR_SPACE_BITS: Final = 52


class BitProperty(Struct):
    """A feature: bits of a feature word."""

    w: int = 0
    mask: int = 0


class X86CpuStatics(Struct):
    """Which version of a model a machine means, and whether the local APICs are mapped."""

    default_cpu_version: int = CPU_VERSION_LATEST
    apic_mmio_map_once: bool = False


x86_cpu_statics = per_run(X86CpuStatics)


def IS_AMD_CPU(env: Any) -> bool:
    """Tell whether a CPU is AMD's."""
    return bool(env.cpuid_vendor == CPUID_VENDOR_AMD)


@emulates
def x86_cpu_set_default_version(version: int) -> None:
    """Set which version of a model a machine means."""
    x86_cpu_statics().default_cpu_version = version


def x86_cpu_model_resolve_version(model: X86CPUModel) -> int:
    """Return the version that a model stands for on this machine."""
    v = x86_cpu_statics().default_cpu_version if model.version == CPU_VERSION_AUTO else model.version
    return model.cpudef.versions[-1].version if v == CPU_VERSION_LATEST else v


@emulates
def x86_cpu_class_by_name(cpu_model: str) -> ObjectClass | None:
    """Return the class of a model."""
    return object_class_by_name(f"{cpu_model}-{TYPE_X86_CPU}")


@emulates
def x86_cpu_apply_version_props(cpu: X86CPU, model: X86CPUModel) -> None:
    """Set what a version of a model, and those before it, change."""
    version = x86_cpu_model_resolve_version(model)
    if version == CPU_VERSION_LEGACY:
        return
    for vdef in model.cpudef.versions:
        for prop, value in vdef.props:
            with error_abort():
                object_property_parse(OBJECT(cpu), prop, value)
        if vdef.version == version:
            return
    raise AssertionError(f"{model.cpudef.name} has no version {version}")


@emulates
def x86_cpu_load_model(cpu: X86CPU, model: X86CPUModel) -> None:
    """Set what a model is."""
    cpudef, env, obj = model.cpudef, cpu.env, OBJECT(cpu)
    with error_abort():
        object_property_set_uint(obj, "min-level", cpudef.level)
        object_property_set_uint(obj, "min-xlevel", cpudef.xlevel)
        object_property_set_int(obj, "family", cpudef.family)
        object_property_set_int(obj, "model", cpudef.model)
        object_property_set_int(obj, "stepping", cpudef.stepping)
        object_property_set_str(obj, "model-id", cpudef.model_id)
        for w, bits in cpudef.features:
            env.features[w] = bits
        cpu.legacy_cache = not cpudef.cache_info
        env.features[FEAT_1_ECX] |= CPUID_EXT_HYPERVISOR
        object_property_set_str(obj, "vendor", cpudef.vendor)
    x86_cpu_apply_version_props(cpu, model)
    for w in range(len(env.user_features)):
        env.user_features[w] = 0


@emulates(modelled=False)
def x86_cpu_get_feature_words(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Return the feature words."""


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


@emulates(modelled=False)
def x86_cpu_expand_features(cpu: X86CPU) -> None:
    """Settle features that follow from others."""


@emulates(modelled=False)
def x86_cpu_filter_features(cpu: X86CPU, verbose: bool) -> None:
    """Drop the features that the accelerator does not offer."""


@emulates(file="target/i386/cpu-sysemu.c")
def x86_cpu_apic_create(cpu: X86CPU) -> None:
    """Make the local APIC."""
    cpu.apic_state = DEVICE(object_new("apic"))
    object_property_add_child(OBJECT(cpu), "lapic", OBJECT(cpu.apic_state))
    object_unref(OBJECT(cpu.apic_state))
    qdev_prop_set_uint32(cpu.apic_state, "id", cpu.apic_id)
    apic = APIC_COMMON(cpu.apic_state)
    apic.cpu = cpu
    apic.apicbase = APIC_DEFAULT_ADDRESS | MSR_IA32_APICBASE_ENABLE


@emulates(file="target/i386/cpu-sysemu.c")
def x86_cpu_apic_realize(cpu: X86CPU) -> None:
    """Realize the local APIC; the first one's registers stand for all."""
    own = x86_cpu_statics()
    if cpu.apic_state is None:
        return
    qdev_realize(DEVICE(cpu.apic_state), None)
    apic = APIC_COMMON(cpu.apic_state)
    if not own.apic_mmio_map_once:
        assert apic.io_memory is not None
        memory_region_add_subregion_overlap(get_system_memory(), apic.apicbase & MSR_IA32_APICBASE_BASE, apic.io_memory, 0x1000)
        own.apic_mmio_map_once = True


@emulates
def x86_cpu_realizefn(dev: DeviceState) -> None:
    """Settle the features, make the local APIC. Error: no APIC id, or a width of addresses that cannot be."""
    cs, cpu, xcc = CPU(dev), X86_CPU(dev), X86_CPU_GET_CLASS(dev)
    env = cpu.env
    if cpu.apic_id == UNASSIGNED_APIC_ID:
        error_setg("apic-id property was not initialized properly")
    x86_cpu_expand_features(cpu)
    x86_cpu_filter_features(cpu, cpu.check_cpuid or cpu.enforce_cpuid)
    cpu_exec_realizefn(cs)
    if cpu.ucode_rev == 0:
        cpu.ucode_rev = 0x01000065 if IS_AMD_CPU(env) else 0x100000000
    if env.features[FEAT_8000_0001_EDX] & CPUID_EXT2_LM:
        if cpu.phys_bits and not 32 <= cpu.phys_bits <= TARGET_PHYS_ADDR_SPACE_BITS:
            error_setg(f"phys-bits should be between 32 and {TARGET_PHYS_ADDR_SPACE_BITS}  (but is {cpu.phys_bits})")
        cpu.phys_bits = cpu.phys_bits or TCG_PHYS_ADDR_BITS
    else:
        if cpu.phys_bits != 0:
            error_setg("phys-bits is not user-configurable in 32 bit")
        cpu.phys_bits = 36 if env.features[FEAT_1_EDX] & CPUID_PSE36 else 32
    ms = MACHINE(qdev_get_machine())
    qemu_register_reset(x86_cpu_machine_reset_cb, cpu)
    if env.features[FEAT_1_EDX] & CPUID_APIC or ms.smp.cpus > 1:
        x86_cpu_apic_create(cpu)
    qemu_init_vcpu(cs)
    x86_cpu_apic_realize(cpu)
    xcc.parent_realize(dev)


@emulates
def x86_cpu_unrealizefn(dev: DeviceState) -> None:
    """Take a CPU away. NotModelled: always."""
    raise NotModelled("taking a CPU away")


@emulates(modelled=False)
def x86_cpu_reset(dev: DeviceState) -> None:
    """Reset the state of a CPU that runs; none does here."""


def x86_cpu_get_arch_id(cs: CPUState) -> int:
    """Return the APIC id."""
    return X86_CPU(cs).apic_id


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


@emulates(modelled=False)
def x86_cpu_get_crash_info_qom(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Return why the guest crashed."""


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
