"""The list of reset handlers (hw/core/reset.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.trace import Seq, Struct, emulates, g_free, per_run, seq


class QEMUResetEntry(Struct):
    """A function to call at system reset."""

    func: Callable[[Any], None]
    opaque: Any = None
    skip_on_snapshot_load: bool = False


class ResetHandlers(Struct):
    """File-level state of hw/core/reset.c."""

    reset_handlers: Seq[QEMUResetEntry] = seq()


handlers = per_run(ResetHandlers)


@emulates
def qemu_register_reset(func: Callable[[Any], None], opaque: Any) -> None:
    """Add a reset handler at the end."""
    handlers().reset_handlers.append(QEMUResetEntry(func=func, opaque=opaque))


@emulates
def qemu_register_reset_nosnapshotload(func: Callable[[Any], None], opaque: Any) -> None:
    """Add a reset handler that loading a snapshot leaves out."""
    handlers().reset_handlers.append(QEMUResetEntry(func=func, opaque=opaque, skip_on_snapshot_load=True))


@emulates
def qemu_unregister_reset(func: Callable[[Any], None], opaque: Any) -> None:
    """Remove a reset handler."""
    for entry in handlers().reset_handlers:
        if entry.func is func and entry.opaque is opaque:
            handlers().reset_handlers.remove(entry)
            g_free(entry)
            return


@emulates
def qemu_devices_reset(reason: int) -> None:
    """Call every reset handler, the first registered first."""
    for entry in list(handlers().reset_handlers):
        entry.func(entry.opaque)
