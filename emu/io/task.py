"""Work that another thread does, with what follows in the main loop (io/task.c).

The worker runs when the main loop comes to it, not at once: the start of the machine is over by then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.qapi.error import Error
from emu.qom.object import OBJECT, Object, object_ref, object_unref
from emu.qom.parts import Part
from emu.trace import Struct, emulates, g_free
from emu.util.main_loop import main_loop

QIOTaskFunc = Callable[["QIOTask", Any], None]
QIOTaskWorker = Callable[["QIOTask", Any], None]


class QIOTask(Struct):
    """A piece of work (io/task.c). ``error`` is the text of the error that it met."""

    source: Object
    func: QIOTaskFunc
    opaque: Any = None
    error: str | None = None
    worker: QIOTaskWorker | None = None
    worker_opaque: Any = None


@emulates
def qio_task_new(source: Part, func: QIOTaskFunc, opaque: Any) -> QIOTask:
    """io/task.c."""
    task = QIOTask(source=OBJECT(source), func=func, opaque=opaque)
    object_ref(OBJECT(source))
    return task


@emulates
def qio_task_run_in_thread(task: QIOTask, worker: QIOTaskWorker, opaque: Any) -> None:
    """io/task.c."""
    task.worker = worker
    task.worker_opaque = opaque
    main_loop().pending.append(task)


@emulates
def qio_task_set_error(task: QIOTask, err: Error | None) -> None:
    """io/task.c."""
    task.error = err.msg if err is not None else None


@emulates
def qio_task_complete(task: QIOTask) -> None:
    """io/task.c. Calls what is to follow."""
    task.func(task, task.opaque)
    object_unref(task.source)
    g_free(task)


@emulates
def qio_task_wait_thread(task: QIOTask) -> None:
    """io/task.c. Waits for the work to be done."""
    main_loop().pending.remove(task)
    qio_task_run(task)


def qio_task_run(task: QIOTask) -> None:
    """Do the work and what follows, as thread and main loop would."""
    assert task.worker
    task.worker(task, task.worker_opaque)
    qio_task_complete(task)
