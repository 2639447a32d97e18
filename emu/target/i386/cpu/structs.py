"""x86 CPUs: structs, properties and aliases of features (target/i386/cpu.h, target/i386/cpu-qom.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT64,
    DEFINE_PROP_BOOL,
    DEFINE_PROP_INT32,
    DEFINE_PROP_ON_OFF_AUTO,
    DEFINE_PROP_STRING,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT16,
    DEFINE_PROP_UINT32,
    DEFINE_PROP_UINT64,
    DEFINE_PROP_UINT64_CHECKMASK,
)
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import MemoryRegion
from emu.target.i386.cpu.models import X86CPUDefinition, feature_words
from emu.trace import Seq, Struct, embedded, fresh
from emu.util.notify import Notifier

TYPE_X86_CPU: Final = "x86_64-cpu"
UNASSIGNED_APIC_ID: Final = 0xFFFFFFFF
CPUID_EXT_HYPERVISOR: Final = 1 << 31
FEAT_1_ECX: Final = 1
FEAT_1_EDX: Final = 0
PERF_CAP_LBR_FMT: Final = 0x3F


class X86CPUModel(Struct):
    """A model that a type stands for; version -1 is the machine's default, alias or not."""

    version: int = 0
    is_alias: bool = False

    @property
    def cpudef(self) -> X86CPUDefinition:
        """Return the definition."""
        found: X86CPUDefinition = self.__dict__["_cpudef"]
        return found


class FeatureWords(Seq[int]):
    """``FeatureWordArray``: 64 bits a word."""

    def __init__(self) -> None:
        super().__init__([0] * len(feature_words()))


class CPUX86State(Struct):
    """What of the CPU's state its creation settles."""

    features: Seq[int] = fresh(FeatureWords)
    user_features: Seq[int] = fresh(FeatureWords)
    nr_dies: int = 0
    cpuid_family: int = 0
    cpuid_model: int = 0
    cpuid_stepping: int = 0
    cpuid_vendor: str = ""
    cpuid_model_id: str = ""
    tsc_khz: int = 0
    cpuid_level_func7: int = 0
    cpuid_level: int = 0
    cpuid_xlevel: int = 0
    cpuid_xlevel2: int = 0
    cpuid_min_level: int = 0
    cpuid_min_xlevel: int = 0
    cpuid_min_xlevel2: int = 0


class X86CPUClass(Part):
    """What models differ in."""

    SIZE: ClassVar[int] = 408
    model: X86CPUModel | None = None
    host_cpuid_required: bool = False
    ordering: int = 0
    migration_safe: bool = False
    static_model: bool = False
    model_description: str | None = None
    parent_realize: Any = None
    parent_unrealize: Any = None
    parent_reset: Any = None


class X86CPU(Part):
    """A CPU."""

    SIZE: ClassVar[int] = 20448
    env: CPUX86State = embedded(CPUX86State)
    apic_state: DeviceState | None = None
    max_features: bool = False
    migratable: bool = False
    cache_info_passthrough: bool = False
    cpu_as_root: MemoryRegion | None = None
    cpu_as_mem: MemoryRegion | None = None
    machine_done: Notifier = embedded(Notifier)
    apic_id: int = 0
    thread_id: int = 0
    core_id: int = 0
    die_id: int = 0
    socket_id: int = 0
    node_id: int = 0
    enable_pmu: bool = False
    lbr_fmt: int = 0
    hyperv_spinlock_attempts: int = 0
    hyperv_features: int = 0
    hyperv_no_nonarch_cs: int = 0
    hyperv_passthrough: bool = False
    hyperv_enforce_cpuid: bool = False
    hyperv_ver_id_build: int = 0
    hyperv_ver_id_major: int = 0
    hyperv_ver_id_minor: int = 0
    hyperv_ver_id_sp: int = 0
    hyperv_ver_id_sb: int = 0
    hyperv_ver_id_sn: int = 0
    check_cpuid: bool = False
    enforce_cpuid: bool = False
    force_features: bool = False
    filtered_features: Seq[int] = fresh(FeatureWords)
    expose_kvm: bool = False
    phys_bits: int = 0
    host_phys_bits: bool = False
    host_phys_bits_limit: int = 0
    fill_mtrr_mask: bool = False
    ucode_rev: int = 0
    full_cpuid_auto_level: bool = False
    hyperv_vendor: str | None = None
    enable_cpuid_0xb: bool = False
    vendor_cpuid_only: bool = False
    enable_lmce: bool = False
    enable_l3_cache: bool = False
    kvm_no_smi_migration: bool = False
    kvm_pv_enforce_cpuid: bool = False
    vmware_cpuid_freq: bool = False
    expose_tcg: bool = False
    migrate_smi_count: bool = False
    legacy_cache: bool = False
    hv_max_vps: int = 0
    hyperv_synic_kvm_only: bool = False
    intel_pt_auto_level: bool = False


X86_CPU = caster(X86CPU, TYPE_X86_CPU)
X86_CPU_CLASS = caster(X86CPUClass, TYPE_X86_CPU)
X86_CPU_GET_CLASS = class_getter(X86CPUClass)

x86_cpu_properties: Final = (
    DEFINE_PROP_UINT32("apic-id", X86CPU, "apic_id", UNASSIGNED_APIC_ID),
    DEFINE_PROP_INT32("thread-id", X86CPU, "thread_id", -1),
    DEFINE_PROP_INT32("core-id", X86CPU, "core_id", -1),
    DEFINE_PROP_INT32("die-id", X86CPU, "die_id", -1),
    DEFINE_PROP_INT32("socket-id", X86CPU, "socket_id", -1),
    DEFINE_PROP_INT32("node-id", X86CPU, "node_id", -1),
    DEFINE_PROP_BOOL("pmu", X86CPU, "enable_pmu", False),
    DEFINE_PROP_UINT64_CHECKMASK("lbr-fmt", X86CPU, "lbr_fmt", PERF_CAP_LBR_FMT),
    DEFINE_PROP_UINT32("hv-spinlocks", X86CPU, "hyperv_spinlock_attempts", 0xFFFFFFFF),
    DEFINE_PROP_BIT64("hv-relaxed", X86CPU, "hyperv_features", 0, False),
    DEFINE_PROP_BIT64("hv-vapic", X86CPU, "hyperv_features", 1, False),
    DEFINE_PROP_BIT64("hv-time", X86CPU, "hyperv_features", 2, False),
    DEFINE_PROP_BIT64("hv-crash", X86CPU, "hyperv_features", 3, False),
    DEFINE_PROP_BIT64("hv-reset", X86CPU, "hyperv_features", 4, False),
    DEFINE_PROP_BIT64("hv-vpindex", X86CPU, "hyperv_features", 5, False),
    DEFINE_PROP_BIT64("hv-runtime", X86CPU, "hyperv_features", 6, False),
    DEFINE_PROP_BIT64("hv-synic", X86CPU, "hyperv_features", 7, False),
    DEFINE_PROP_BIT64("hv-stimer", X86CPU, "hyperv_features", 8, False),
    DEFINE_PROP_BIT64("hv-frequencies", X86CPU, "hyperv_features", 9, False),
    DEFINE_PROP_BIT64("hv-reenlightenment", X86CPU, "hyperv_features", 10, False),
    DEFINE_PROP_BIT64("hv-tlbflush", X86CPU, "hyperv_features", 11, False),
    DEFINE_PROP_BIT64("hv-evmcs", X86CPU, "hyperv_features", 12, False),
    DEFINE_PROP_BIT64("hv-ipi", X86CPU, "hyperv_features", 13, False),
    DEFINE_PROP_BIT64("hv-stimer-direct", X86CPU, "hyperv_features", 14, False),
    DEFINE_PROP_BIT64("hv-avic", X86CPU, "hyperv_features", 15, False),
    DEFINE_PROP_BIT64("hv-emsr-bitmap", X86CPU, "hyperv_features", 17, False),
    DEFINE_PROP_BIT64("hv-xmm-input", X86CPU, "hyperv_features", 18, False),
    DEFINE_PROP_BIT64("hv-tlbflush-ext", X86CPU, "hyperv_features", 19, False),
    DEFINE_PROP_BIT64("hv-tlbflush-direct", X86CPU, "hyperv_features", 20, False),
    DEFINE_PROP_ON_OFF_AUTO("hv-no-nonarch-coresharing", X86CPU, "hyperv_no_nonarch_cs", OnOffAuto.OFF),
    DEFINE_PROP_BIT64("hv-syndbg", X86CPU, "hyperv_features", 16, False),
    DEFINE_PROP_BOOL("hv-passthrough", X86CPU, "hyperv_passthrough", False),
    DEFINE_PROP_BOOL("hv-enforce-cpuid", X86CPU, "hyperv_enforce_cpuid", False),
    DEFINE_PROP_UINT32("hv-version-id-build", X86CPU, "hyperv_ver_id_build", 0x3839),
    DEFINE_PROP_UINT16("hv-version-id-major", X86CPU, "hyperv_ver_id_major", 0x000A),
    DEFINE_PROP_UINT16("hv-version-id-minor", X86CPU, "hyperv_ver_id_minor", 0x0000),
    DEFINE_PROP_UINT32("hv-version-id-spack", X86CPU, "hyperv_ver_id_sp", 0),
    DEFINE_PROP_UINT8("hv-version-id-sbranch", X86CPU, "hyperv_ver_id_sb", 0),
    DEFINE_PROP_UINT32("hv-version-id-snumber", X86CPU, "hyperv_ver_id_sn", 0),
    DEFINE_PROP_BOOL("check", X86CPU, "check_cpuid", True),
    DEFINE_PROP_BOOL("enforce", X86CPU, "enforce_cpuid", False),
    DEFINE_PROP_BOOL("x-force-features", X86CPU, "force_features", False),
    DEFINE_PROP_BOOL("kvm", X86CPU, "expose_kvm", True),
    DEFINE_PROP_UINT32("phys-bits", X86CPU, "phys_bits", 0),
    DEFINE_PROP_BOOL("host-phys-bits", X86CPU, "host_phys_bits", False),
    DEFINE_PROP_UINT8("host-phys-bits-limit", X86CPU, "host_phys_bits_limit", 0),
    DEFINE_PROP_BOOL("fill-mtrr-mask", X86CPU, "fill_mtrr_mask", True),
    DEFINE_PROP_UINT32("level-func7", X86CPU, "env.cpuid_level_func7", 0xFFFFFFFF),
    DEFINE_PROP_UINT32("level", X86CPU, "env.cpuid_level", 0xFFFFFFFF),
    DEFINE_PROP_UINT32("xlevel", X86CPU, "env.cpuid_xlevel", 0xFFFFFFFF),
    DEFINE_PROP_UINT32("xlevel2", X86CPU, "env.cpuid_xlevel2", 0xFFFFFFFF),
    DEFINE_PROP_UINT32("min-level", X86CPU, "env.cpuid_min_level", 0),
    DEFINE_PROP_UINT32("min-xlevel", X86CPU, "env.cpuid_min_xlevel", 0),
    DEFINE_PROP_UINT32("min-xlevel2", X86CPU, "env.cpuid_min_xlevel2", 0),
    DEFINE_PROP_UINT64("ucode-rev", X86CPU, "ucode_rev", 0),
    DEFINE_PROP_BOOL("full-cpuid-auto-level", X86CPU, "full_cpuid_auto_level", True),
    DEFINE_PROP_STRING("hv-vendor-id", X86CPU, "hyperv_vendor"),
    DEFINE_PROP_BOOL("cpuid-0xb", X86CPU, "enable_cpuid_0xb", True),
    DEFINE_PROP_BOOL("x-vendor-cpuid-only", X86CPU, "vendor_cpuid_only", True),
    DEFINE_PROP_BOOL("lmce", X86CPU, "enable_lmce", False),
    DEFINE_PROP_BOOL("l3-cache", X86CPU, "enable_l3_cache", True),
    DEFINE_PROP_BOOL("kvm-no-smi-migration", X86CPU, "kvm_no_smi_migration", False),
    DEFINE_PROP_BOOL("kvm-pv-enforce-cpuid", X86CPU, "kvm_pv_enforce_cpuid", False),
    DEFINE_PROP_BOOL("vmware-cpuid-freq", X86CPU, "vmware_cpuid_freq", True),
    DEFINE_PROP_BOOL("tcg-cpuid", X86CPU, "expose_tcg", True),
    DEFINE_PROP_BOOL("x-migrate-smi-count", X86CPU, "migrate_smi_count", True),
    DEFINE_PROP_BOOL("legacy-cache", X86CPU, "legacy_cache", True),
    DEFINE_PROP_INT32("x-hv-max-vps", X86CPU, "hv_max_vps", -1),
    DEFINE_PROP_BOOL("x-hv-synic-kvm-only", X86CPU, "hyperv_synic_kvm_only", False),
    DEFINE_PROP_BOOL("x-intel-pt-auto-level", X86CPU, "intel_pt_auto_level", True),
)

FEATURE_ALIASES: Final = (
    ("sse3", "pni"),
    ("pclmuldq", "pclmulqdq"),
    ("sse4-1", "sse4.1"),
    ("sse4-2", "sse4.2"),
    ("xd", "nx"),
    ("ffxsr", "fxsr-opt"),
    ("i64", "lm"),
    ("ds_cpl", "ds-cpl"),
    ("tsc_adjust", "tsc-adjust"),
    ("fxsr_opt", "fxsr-opt"),
    ("lahf_lm", "lahf-lm"),
    ("cmp_legacy", "cmp-legacy"),
    ("nodeid_msr", "nodeid-msr"),
    ("perfctr_core", "perfctr-core"),
    ("perfctr_nb", "perfctr-nb"),
    ("kvm_nopiodelay", "kvm-nopiodelay"),
    ("kvm_mmu", "kvm-mmu"),
    ("kvm_asyncpf", "kvm-asyncpf"),
    ("kvm_asyncpf_int", "kvm-asyncpf-int"),
    ("kvm_steal_time", "kvm-steal-time"),
    ("kvm_pv_eoi", "kvm-pv-eoi"),
    ("kvm_pv_unhalt", "kvm-pv-unhalt"),
    ("kvm_poll_control", "kvm-poll-control"),
    ("svm_lock", "svm-lock"),
    ("nrip_save", "nrip-save"),
    ("tsc_scale", "tsc-scale"),
    ("vmcb_clean", "vmcb-clean"),
    ("pause_filter", "pause-filter"),
    ("sse4_1", "sse4.1"),
    ("sse4_2", "sse4.2"),
    ("hv-apicv", "hv-avic"),
    ("lbr_fmt", "lbr-fmt"),
)
