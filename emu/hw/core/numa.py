"""NUMA nodes (hw/core/numa.c): whether there are any; their memory and distances are not modelled."""

from __future__ import annotations

from emu.hw.core.machine.structs import MACHINE_GET_CLASS, MachineState
from emu.trace import emulates


def numa_uses_legacy_mem() -> bool:
    """Tell whether no node has host memory of its own (``-numa node,memdev=``, which is not modelled)."""
    return True


@emulates
def numa_complete_configuration(ms: MachineState) -> None:
    """Check the nodes, and make one where memory may be added at run time and there is none yet."""
    mc = MACHINE_GET_CLASS(ms)
    assert ms.numa_state is not None
    with_memhp = bool(ms.ram_slots) and mc.auto_enable_numa_with_memhp
    with_memdev = ms.maxram_size > ms.ram_size and mc.auto_enable_numa_with_memdev
    if ms.numa_state.num_nodes == 0 and (with_memhp or with_memdev or mc.auto_enable_numa):
        parse_numa_node(ms)
        ms.numa_state.num_nodes = 1


@emulates(modelled=False)
def parse_numa_node(ms: MachineState) -> None:
    """Make a NUMA node; its CPUs, memory and distances are left out."""
