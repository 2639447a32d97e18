"""What the main loop would do before it sleeps: threads' work, sockets of which something was heard, bottom halves."""

from __future__ import annotations

from typing import Final

from emu.host import host
from emu.io.task import QIOTask, qio_task_complete
from emu.util.async_ import run_pending
from emu.util.gsource import dispatch_sources
from emu.util.main_loop import main_loop

TURNS: Final = 100


def call_handlers() -> bool:
    """Call what waits for a descriptor to be read or written, once each; return whether any did (``aio_dispatch_handlers``)."""
    ready = []
    for key, handler in main_loop().handlers.items():
        there = host().descriptors.get(key)
        if there is None:
            continue
        if handler.io_read is not None and there.readable():
            ready.append((handler.io_read, handler.opaque))
        elif handler.io_write is not None and there.writable():
            ready.append((handler.io_write, handler.opaque))
    for function, opaque in ready:
        function(opaque)
    return bool(ready)


def run_main_loop() -> None:
    """Let everything that has happened on the host be noticed, until nothing is left to do."""
    for _ in range(TURNS):
        busy = False
        while len(main_loop().pending):
            task = main_loop().pending.pop(0)
            assert isinstance(task, QIOTask)
            assert task.worker is not None
            task.worker(task, task.worker_opaque)
            # Who listens hears of a connection before the thread that made it has said so.
            dispatch_sources()
            qio_task_complete(task)
            busy = True
        busy |= call_handlers()
        busy |= dispatch_sources()
        run_pending()
        if not busy:
            return
