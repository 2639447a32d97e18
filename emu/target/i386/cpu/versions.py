"""Which model a CPU is, in which version (target/i386/cpu.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.qapi.error import error_abort
from emu.qom.object import (
    OBJECT,
    ObjectClass,
    object_class_by_name,
    object_property_parse,
    object_property_set_int,
    object_property_set_str,
    object_property_set_uint,
)
from emu.target.i386.cpu.structs import CPUID_EXT_HYPERVISOR, FEAT_1_ECX, TYPE_X86_CPU, X86CPU, X86CPUModel
from emu.trace import Struct, emulates, per_run

CPU_VERSION_LATEST: Final = -1
CPU_VERSION_AUTO: Final = -2
CPU_VERSION_LEGACY: Final = 0
CPUID_VENDOR_AMD: Final = "AuthenticAMD"


class X86CpuStatics(Struct):
    """Which version of a model a machine means, and whether the local APICs are mapped."""

    default_cpu_version: int = CPU_VERSION_LATEST
    apic_mmio_map_once: bool = False
    ht_warned: bool = False


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
