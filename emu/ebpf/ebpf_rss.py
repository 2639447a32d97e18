"""Receive side scaling by a program in the kernel (ebpf/ebpf_rss.c). The simulated host runs none: loading it is refused."""

from __future__ import annotations

from typing import Any

from emu.trace import Struct, emulates


class EBPFRSSContext(Struct):
    """A loaded program and its maps (ebpf/ebpf_rss.h)."""

    obj: Any = None
    program_fd: int = 0
    map_configuration: int = 0
    map_toeplitz_key: int = 0
    map_indirections_table: int = 0


class EBPFRSSConfig(Struct):
    """What the program is told (ebpf/ebpf_rss.h)."""

    redirect: int = 0
    populate_hash: int = 0
    hash_types: int = 0
    indirections_len: int = 0
    default_queue: int = 0


@emulates
def ebpf_rss_init(ctx: EBPFRSSContext) -> None:
    """Begin with no program."""
    ctx.obj = None


@emulates
def ebpf_rss_is_loaded(ctx: EBPFRSSContext) -> bool:
    """Tell whether a program is loaded."""
    return ctx.obj is not None


@emulates
def ebpf_rss_load(ctx: EBPFRSSContext) -> bool:
    """Load the program; False: the host refuses, as it does to everybody without the privilege."""
    ctx.obj = None
    return False


@emulates
def ebpf_rss_set_all(
    ctx: EBPFRSSContext, config: EBPFRSSConfig, indirections_table: tuple[int, ...] | None, toeplitz_key: bytes
) -> bool:
    """Configure the program; False without one."""
    return False


@emulates
def ebpf_rss_unload(ctx: EBPFRSSContext) -> None:
    """Unload the program, if there is one."""
