"""What ``-smp`` means (hw/core/machine-smp.c)."""

from __future__ import annotations

from emu.hw.core.machine.structs import MACHINE_GET_CLASS, MachineState
from emu.qapi.error import error_setg
from emu.qapi.qapi_visit_machine import SMPConfiguration
from emu.trace import emulates
from emu.util.error_report import warn_report


def cpu_hierarchy_to_string(ms: MachineState) -> str:
    """Return the levels of the topology with their sizes, the largest first."""
    props = MACHINE_GET_CLASS(ms).smp_props
    levels = [f"sockets ({ms.smp.sockets})"]
    if props.dies_supported:
        levels.append(f"dies ({ms.smp.dies})")
    if props.clusters_supported:
        levels.append(f"clusters ({ms.smp.clusters})")
    levels += [f"cores ({ms.smp.cores})", f"threads ({ms.smp.threads})"]
    return " * ".join(levels)


def _missing(config: SMPConfiguration, prefer_sockets: bool, dies: int, clusters: int) -> tuple[int, int, int, int]:
    """Return sockets, cores, threads and maxcpus, with what was left out worked out (0: it can't be)."""
    sockets, cores, threads = config.sockets or 0, config.cores or 0, config.threads or 0
    maxcpus = config.maxcpus or config.cpus or 0
    fixed = dies * clusters
    if not maxcpus:
        return sockets or 1, cores or 1, threads or 1, 0
    if prefer_sockets:
        if not sockets:
            cores, threads = cores or 1, threads or 1
            sockets = maxcpus // (fixed * cores * threads)
        elif not cores:
            threads = threads or 1
            cores = maxcpus // (sockets * fixed * threads)
    elif not cores:
        sockets, threads = sockets or 1, threads or 1
        cores = maxcpus // (sockets * fixed * threads)
    elif not sockets:
        threads = threads or 1
        sockets = maxcpus // (fixed * cores * threads)
    if not threads:
        threads = maxcpus // (sockets * fixed * cores)
    return sockets, cores, threads, maxcpus


@emulates
def machine_parse_smp_config(ms: MachineState, config: SMPConfiguration) -> None:
    """Fill in what the topology leaves open, and check it. Error: it does not fit itself or the machine."""
    mc = MACHINE_GET_CLASS(ms)
    given = (config.cpus, config.sockets, config.dies, config.clusters, config.cores, config.threads, config.maxcpus)
    if 0 in given:
        warn_report("Deprecated CPU topology (considered invalid): CPU topology parameters must be greater than zero")
    dies, clusters = config.dies or 0, config.clusters or 0
    if not mc.smp_props.dies_supported and dies > 1:
        error_setg("dies not supported by this machine's CPU topology")
    if not mc.smp_props.clusters_supported and clusters > 1:
        error_setg("clusters not supported by this machine's CPU topology")
    dies, clusters = dies or 1, clusters or 1
    sockets, cores, threads, maxcpus = _missing(config, mc.smp_props.prefer_sockets, dies, clusters)
    product = sockets * dies * clusters * cores * threads & 0xFFFFFFFF
    maxcpus = maxcpus or product
    cpus = config.cpus or maxcpus

    smp = ms.smp
    smp.cpus, smp.sockets, smp.dies, smp.clusters = cpus, sockets, dies, clusters
    smp.cores, smp.threads, smp.max_cpus = cores, threads, maxcpus

    if product != maxcpus:
        error_setg(
            "Invalid CPU topology: product of the hierarchy must match maxcpus: "
            f"{cpu_hierarchy_to_string(ms)} != maxcpus ({maxcpus})"
        )
    if maxcpus < cpus:
        error_setg(
            "Invalid CPU topology: maxcpus must be equal to or greater than smp: "
            f"{cpu_hierarchy_to_string(ms)} == maxcpus ({maxcpus}) < smp_cpus ({cpus})"
        )
    if cpus < mc.min_cpus:
        error_setg(f"Invalid SMP CPUs {cpus}. The min CPUs supported by machine '{mc.name}' is {mc.min_cpus}")
    if maxcpus > mc.max_cpus:
        error_setg(f"Invalid SMP CPUs {maxcpus}. The max CPUs supported by machine '{mc.name}' is {mc.max_cpus}")
