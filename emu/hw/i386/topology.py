"""APIC ids: which bits name the thread, core, die and package (include/hw/i386/topology.h)."""

from __future__ import annotations

from typing import NamedTuple


class X86CPUTopoInfo(NamedTuple):
    """How many of each there are in the next level up."""

    dies_per_pkg: int
    cores_per_die: int
    threads_per_core: int


class X86CPUTopoIDs(NamedTuple):
    """Where a CPU sits."""

    pkg_id: int
    die_id: int
    core_id: int
    smt_id: int


def apicid_bitwidth_for_count(count: int) -> int:
    """Return how many bits ``count`` ids need."""
    assert count >= 1
    return (count - 1).bit_length()


def apicid_core_offset(info: X86CPUTopoInfo) -> int:
    """Return the first bit of the core's id."""
    return apicid_bitwidth_for_count(info.threads_per_core)


def apicid_die_offset(info: X86CPUTopoInfo) -> int:
    """Return the first bit of the die's id."""
    return apicid_core_offset(info) + apicid_bitwidth_for_count(info.cores_per_die)


def apicid_pkg_offset(info: X86CPUTopoInfo) -> int:
    """Return the first bit of the package's id."""
    return apicid_die_offset(info) + apicid_bitwidth_for_count(info.dies_per_pkg)


def x86_apicid_from_topo_ids(info: X86CPUTopoInfo, ids: X86CPUTopoIDs) -> int:
    """Return the APIC id of a place."""
    return (
        ids.pkg_id << apicid_pkg_offset(info)
        | ids.die_id << apicid_die_offset(info)
        | ids.core_id << apicid_core_offset(info)
        | ids.smt_id
    )


def x86_topo_ids_from_idx(info: X86CPUTopoInfo, cpu_index: int) -> X86CPUTopoIDs:
    """Return the place of a CPU by its number, counted without gaps."""
    dies, cores, threads = info
    return X86CPUTopoIDs(
        cpu_index // (dies * cores * threads),
        cpu_index // (cores * threads) % dies,
        cpu_index // threads % cores,
        cpu_index % threads,
    )


def x86_topo_ids_from_apicid(apicid: int, info: X86CPUTopoInfo) -> X86CPUTopoIDs:
    """Return the place that an APIC id names."""

    def field(offset: int, count: int) -> int:
        return apicid >> offset & ((1 << apicid_bitwidth_for_count(count)) - 1)

    return X86CPUTopoIDs(
        apicid >> apicid_pkg_offset(info),
        field(apicid_die_offset(info), info.dies_per_pkg),
        field(apicid_core_offset(info), info.cores_per_die),
        field(0, info.threads_per_core),
    )


def x86_apicid_from_cpu_idx(info: X86CPUTopoInfo, cpu_index: int) -> int:
    """Return the APIC id of a CPU by its number."""
    return x86_apicid_from_topo_ids(info, x86_topo_ids_from_idx(info, cpu_index))
