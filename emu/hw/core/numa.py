"""NUMA nodes and their memory (hw/core/numa.c); distances, CPUs by name and HMAT are not modelled."""

from __future__ import annotations

from typing import Final

from emu.errors import NotModelled, QemuExit
from emu.exec.heap import g_new_region
from emu.hw.core.machine.structs import MACHINE, MACHINE_GET_CLASS, CPUArchId, MachineState, NodeInfo
from emu.hw.core.qdev import DeviceState
from emu.qapi.error import Error, error_abort, error_fatal, error_setg
from emu.qapi.opts_visitor import opts_visitor_new
from emu.qapi.qapi_struct import qapi_free, visit_struct
from emu.qapi.qapi_types_machine import NumaNodeOptions, NumaOptions, NumaOptionsType
from emu.qom.object import (
    OBJECT,
    object_property_get_int,
    object_property_get_uint,
    object_property_set_int,
    object_ref,
    object_resolve_path_type,
)
from emu.softmmu.memory import MemoryRegion, memory_region_add_subregion, memory_region_init
from emu.softmmu.qtest.state import qtest_enabled
from emu.trace import Struct, emulates, per_run
from emu.util.cutils import qemu_strtosz_MiB
from emu.util.error_report import error_report, warn_report
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import QemuOpts, qemu_opt_get, qemu_opts_foreach

MAX_NODES: Final = 128
CPU_UNSET_NUMA_NODE_ID: Final = -1


class NumaStatics(Struct):
    """``hw/core/numa.c``'s own variables."""

    have_memdevs: bool = False
    have_mem: bool = False
    max_numa_nodeid: int = 0


numa_statics = per_run(NumaStatics)


def numa_uses_legacy_mem() -> bool:
    """Tell whether no node has host memory of its own (``-numa node,memdev=``)."""
    return not numa_statics().have_memdevs


def _node(ms: MachineState, number: int) -> NodeInfo:
    """Return a node of the table; there are those up to the highest that was named."""
    assert ms.numa_state is not None
    nodes = ms.numa_state.nodes
    while len(nodes) <= number:
        nodes.append(NodeInfo())
    return nodes[number]


@emulates
def parse_numa_node(ms: MachineState, node: NumaNodeOptions) -> None:
    """Note a node. Error: it is there already, or its memory is described in two ways."""
    mc, statics = MACHINE_GET_CLASS(ms), numa_statics()
    assert ms.numa_state is not None
    nodenr = node.nodeid if node.nodeid is not None else ms.numa_state.num_nodes
    if nodenr >= MAX_NODES:
        error_setg(f"Max number of NUMA nodes reached: {nodenr}")
    info = _node(ms, nodenr)
    if info.present:
        error_setg(f"Duplicate NUMA nodeid: {nodenr}")
    info.initiator = MAX_NODES
    if node.initiator is not None:
        if not ms.numa_state.hmat_enabled:
            error_setg(
                "ACPI Heterogeneous Memory Attribute Table (HMAT) is disabled, enable it with -machine hmat=on "
                "before using any of hmat specific options"
            )
        raise NotModelled("-numa node,initiator=")
    if node.cpus is not None and len(node.cpus):
        raise NotModelled("-numa node,cpus=")

    statics.have_memdevs = statics.have_memdevs or node.memdev is not None
    statics.have_mem = statics.have_mem or node.mem is not None
    if (node.mem is not None and statics.have_memdevs) or (node.memdev is not None and statics.have_mem):
        error_setg("numa configuration should use either mem= or memdev=,mixing both is not allowed")
    if node.mem is not None:
        if not mc.numa_mem_supported:
            err = Error("Parameter -numa node,mem is not supported by this machine type")
            err.hint += "Use -numa node,memdev instead\n"
            raise err
        info.node_mem = node.mem
        if not qtest_enabled():
            warn_report("Parameter -numa node,mem is deprecated, use -numa node,memdev instead")
    if node.memdev is not None:
        from emu.backends.hostmem import MEMORY_BACKEND  # its types take their defaults from the machine

        o, _ = object_resolve_path_type(node.memdev, "memory-backend")
        if o is None:
            error_setg(f"memdev={node.memdev} is ambiguous")
        object_ref(o)
        info.node_mem = object_property_get_uint(o, "size")
        info.node_memdev = MEMORY_BACKEND(o)
    info.present = True
    statics.max_numa_nodeid = max(statics.max_numa_nodeid, nodenr + 1)
    ms.numa_state.num_nodes += 1


@emulates
def set_numa_options(ms: MachineState, object: NumaOptions) -> None:
    """Do what a ``-numa`` says. Error: the machine knows nothing of nodes, or parse_numa_node's."""
    if ms.numa_state is None:
        error_setg("NUMA is not supported by this machine-type")
    parse_numa_node(ms, object.u.node)


@emulates
def parse_numa(opaque: MachineState, opts: QemuOpts) -> int:
    """One ``-numa``. Error: it does not fit."""
    options = visit_struct(opts_visitor_new(opts), None, NumaOptions)
    node = options.u.node
    if options.type == NumaOptionsType.NODE and node.mem is not None:
        mem_str = qemu_opt_get(opts, "mem")
        assert mem_str is not None
        node.mem = qemu_strtosz_MiB(mem_str).value  # without a suffix it means MiB
    set_numa_options(MACHINE(opaque), options)
    qapi_free(options)
    return 0


@emulates
def parse_numa_opts(ms: MachineState) -> None:
    """All ``-numa``; exits if one does not fit."""
    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("numa"), parse_numa, ms)


@emulates
def numa_init_memdev_container(ms: MachineState, ram: MemoryRegion) -> None:
    """Put the memory of the nodes one after the other."""
    from emu.hw.core.machine.board import machine_consume_memdev  # the board asks for nodes

    assert ms.numa_state is not None
    addr = 0
    for info in ms.numa_state.nodes:
        if info.node_memdev is None:
            continue
        memory_region_add_subregion(ram, addr, machine_consume_memdev(ms, info.node_memdev))
        addr += info.node_mem


@emulates
def numa_complete_configuration(ms: MachineState) -> None:
    """Check the nodes, and make one where memory may be added at run time and there is none yet; exits if they don't fit."""
    mc = MACHINE_GET_CLASS(ms)
    numa = ms.numa_state
    assert numa is not None
    with_memhp = bool(ms.ram_slots) and mc.auto_enable_numa_with_memhp
    with_memdev = ms.maxram_size > ms.ram_size and mc.auto_enable_numa_with_memdev
    if numa.num_nodes == 0 and (with_memhp or with_memdev or mc.auto_enable_numa):
        with error_abort():
            parse_numa_node(ms, NumaNodeOptions())
        numa.nodes[0].node_mem = ms.ram_size
    for i in reversed(range(numa_statics().max_numa_nodeid)):
        if not numa.nodes[i].present:
            error_report(f"numa: Node ID missing: {i}")
            raise QemuExit(1)
    if not numa.num_nodes:
        return
    total = sum(info.node_mem for info in numa.nodes)
    if total != ms.ram_size:
        error_report(f"total memory for NUMA nodes ({total:#x}) should equal RAM size ({ms.ram_size:#x})")
        raise QemuExit(1)
    if not numa_uses_legacy_mem() and mc.default_ram_id is not None:
        if ms.memdev is not None:
            error_report("'-machine memory-backend' and '-numa memdev' properties are mutually exclusive")
            raise QemuExit(1)
        region = g_new_region()
        memory_region_init(region, OBJECT(ms), mc.default_ram_id, ms.ram_size)
        ms.ram = region.get()
        assert ms.ram is not None
        numa_init_memdev_container(ms, ms.ram)


@emulates
def numa_cpu_pre_plug(slot: CPUArchId, dev: DeviceState) -> None:
    """Tell a CPU its node. Error: it says another."""
    node_id = object_property_get_int(OBJECT(dev), "node-id")
    if node_id == CPU_UNSET_NUMA_NODE_ID:
        if slot.props.node_id is not None:
            object_property_set_int(OBJECT(dev), "node-id", slot.props.node_id)
    elif node_id != (slot.props.node_id or 0):
        error_setg(f"invalid node-id, must be {slot.props.node_id or 0}")
