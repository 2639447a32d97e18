"""Machines: their class, their state, and what these hold (include/hw/boards.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from emu.qapi.qapi_visit_machine import BootConfiguration
from emu.qom.parts import Part, caster, class_getter
from emu.trace import Seq, Struct, embedded, per_run, seq

if TYPE_CHECKING:
    from emu.hw.core.qdev import DeviceState
    from emu.qom.object import Object
    from emu.softmmu.memory import MemoryRegion

TYPE_MACHINE_SUFFIX: Final = "-machine"
TYPE_MACHINE: Final = "machine"


def MACHINE_TYPE_NAME(machinename: str) -> str:
    """Return the type name of a machine."""
    return machinename + TYPE_MACHINE_SUFFIX


class CpuInstanceProperties(Struct):
    """Where a CPU sits (qapi/machine.json): an id that is None is not used by the board."""

    node_id: int | None = None
    socket_id: int | None = None
    die_id: int | None = None
    cluster_id: int | None = None
    core_id: int | None = None
    thread_id: int | None = None


class CPUArchId(Struct):
    """A slot that a CPU may take."""

    arch_id: int = 0
    vcpus_count: int = 0
    props: CpuInstanceProperties = embedded(CpuInstanceProperties)
    cpu: Object | None = None
    type: str | None = None


class CPUArchIdList(Struct):
    """All slots for CPUs, present or not."""

    cpus: Seq[CPUArchId] = seq()


class SMPCompatProps(NamedTuple):
    """What a board understands of ``-smp``. A value: the class of a derived board holds a copy of its own."""

    prefer_sockets: bool = False
    dies_supported: bool = False
    clusters_supported: bool = False


class CpuTopology(Struct):
    """The CPUs of a machine, as ``-smp`` says."""

    cpus: int = 0
    sockets: int = 0
    dies: int = 0
    clusters: int = 0
    cores: int = 0
    threads: int = 0
    max_cpus: int = 0


class DeviceMemoryState(Struct):
    """The address range for memory devices."""

    base: int = 0
    mr: MemoryRegion | None = None


class NVDIMMState(Struct):
    """NVDIMM support of a machine (include/hw/mem/nvdimm.h)."""

    is_enabled: bool = False
    persistence: int = 0
    persistence_string: str | None = None
    io_mr: MemoryRegion | None = None


class NodeInfo(Struct):
    """A NUMA node; ``node_mem`` in bytes (include/sysemu/numa.h)."""

    node_mem: int = 0
    node_memdev: Part | None = None
    present: bool = False
    has_cpu: bool = False
    initiator: int = 0


class NumaState(Struct):
    """NUMA nodes of a machine (include/sysemu/numa.h)."""

    num_nodes: int = 0
    hmat_enabled: bool = False
    nodes: Seq[NodeInfo] = seq()


class MachineClass(Part):
    """What a board sets for all machines of its type."""

    SIZE: ClassVar[int] = 352
    family: str | None = None
    name: str | None = None
    alias: str | None = None
    desc: str | None = None
    deprecation_reason: str | None = None
    init: Callable[[MachineState], None] | None = None
    reset: Callable[[MachineState, int], None] | None = None
    wakeup: Callable[[MachineState], None] | None = None
    kvm_type: Callable[[MachineState, str | None], int] | None = None
    block_default_type: int = 0
    units_per_default_bus: int = 0
    max_cpus: int = 0
    min_cpus: int = 0
    default_cpus: int = 0
    no_serial: int = 0
    no_parallel: int = 0
    no_floppy: int = 0
    no_cdrom: int = 0
    no_sdcard: int = 0
    pci_allow_0_address: int = 0
    legacy_fw_cfg_order: int = 0
    is_default: bool = False
    default_machine_opts: str | None = None
    default_boot_order: str | None = None
    default_display: str | None = None
    compat_props: Seq[Any]
    hw_version: str | None = None
    default_ram_size: int = 0
    default_cpu_type: str | None = None
    default_kernel_irqchip_split: bool = False
    option_rom_has_mr: bool = False
    rom_file_has_mr: bool = False
    minimum_page_bits: int = 0
    has_hotpluggable_cpus: bool = False
    ignore_memory_transaction_failures: bool = False
    numa_mem_align_shift: int = 0
    valid_cpu_types: tuple[str, ...] | None = None
    allowed_dynamic_sysbus_devices: Seq[str] = seq()
    auto_enable_numa_with_memhp: bool = False
    auto_enable_numa_with_memdev: bool = False
    ignore_boot_device_suffixes: bool = False
    smbus_no_migration_support: bool = False
    nvdimm_supported: bool = False
    numa_mem_supported: bool = False
    auto_enable_numa: bool = False
    smp_props: SMPCompatProps = SMPCompatProps()
    default_ram_id: str | None = None
    get_hotplug_handler: Callable[[MachineState, DeviceState], Any] | None = None
    hotplug_allowed: Callable[[MachineState, DeviceState], bool] | None = None
    cpu_index_to_instance_props: Callable[[MachineState, int], CpuInstanceProperties] | None = None
    possible_cpu_arch_ids: Callable[[MachineState], CPUArchIdList] | None = None
    get_default_cpu_node_id: Callable[[MachineState, int], int] | None = None
    fixup_ram_size: Callable[[int], int] | None = None


class MachineState(Part):
    """One machine."""

    SIZE: ClassVar[int] = 344
    dtb: str | None = None
    dumpdtb: str | None = None
    phandle_start: int = 0
    dt_compatible: str | None = None
    dump_guest_core: bool = False
    mem_merge: bool = False
    usb: bool = False
    usb_disabled: bool = False
    firmware: str | None = None
    iommu: bool = False
    suppress_vmdesc: bool = False
    enable_graphics: bool = False
    cgs: Object | None = None
    memdev: Object | None = None
    ram: MemoryRegion | None = None
    device_memory: DeviceMemoryState | None = None
    ram_size: int = 0
    maxram_size: int = 0
    ram_slots: int = 0
    boot_config: BootConfiguration = embedded(BootConfiguration)
    kernel_filename: str | None = None
    kernel_cmdline: str | None = None
    initrd_filename: str | None = None
    cpu_type: str | None = None
    accelerator: Object | None = None
    possible_cpus: CPUArchIdList | None = None
    smp: CpuTopology = embedded(CpuTopology)
    nvdimms_state: NVDIMMState | None = None
    numa_state: NumaState | None = None


MACHINE = caster(MachineState, TYPE_MACHINE)
MACHINE_CLASS = caster(MachineClass, TYPE_MACHINE)
MACHINE_GET_CLASS = class_getter(MachineClass)


class MachineGlobals(Struct):
    """The file-level state of hw/core/machine.c."""

    current_machine: MachineState | None = None
    machine_init_done_notifiers: Seq[Any] = seq()


machine_globals = per_run(MachineGlobals)


def current_machine() -> MachineState:
    """Return the machine of the run (``current_machine``)."""
    machine = machine_globals().current_machine
    assert machine is not None
    return machine
