"""A small machine of two structs to record: for tests of what is not QEMU's own (log, wire, server, page)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from emu import Run
from emu.qom.parts import Part, allocate
from emu.trace import Buf, Map, Recorder, Seq, Struct, emulates, fresh, g_free, mapping, recorder, seq


class Space(Buf):
    """Sixteen bytes."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(16)


class Box(Struct):
    SIZE = 48
    name: str = ""
    weight: int = 0
    inside: Box | None = None
    open: Callable[[Box], None] | None = None
    config: Buf = fresh(Space)
    items: Seq[int] = seq()
    labels: Map[str] = mapping()


class Whole(Part):
    SIZE = 8
    count: int = 0


@emulates
def box_open(box: Box) -> None:
    box.weight += 1


@emulates
def box_fill(box: Box, count: int) -> int:
    for i in range(count):
        box.items.append(i)
        box.config.write(i % 16, i & 0xFF, 1)
    box.labels["last"] = str(count)
    box.open = box_open
    box_open(box)
    return count


@emulates
def box_fail(box: Box) -> None:
    box.weight = 2**60
    raise ValueError("the box is stuck")


@emulates
def demo_main(argv: tuple[str, ...], count: int) -> None:
    box = Box(name="outer")
    box.inside = Box(name="inner", weight=3)
    whole: Whole = allocate("whole", (Whole,))
    for round_ in range(1, count):
        whole.count = round_
        box_fill(box, 20)
        while len(box.items):
            box.items.pop()
        del box.labels["last"]
    try:
        box_fail(box)
    except ValueError as err:
        recorder().message("stderr", f"demo: {err}\n")
    g_free(box.inside)
    box.inside = None


def run(
    argv: Sequence[str],
    version: str = "7.2",
    *,
    commands: Sequence[str] = (),
    on_start: Callable[[Run], None] | None = None,
    limit: int = 5_000_000,
    hold: threading.Event | None = None,
) -> Run:
    """Do what ``emu.run`` does, with the demo machine. ``-rounds N`` makes the log longer, ``-crash`` fails.

    ``hold``: an event that the run waits for in its middle.
    """
    rec = Recorder(limit=limit)
    result = Run(tuple(argv), version, rec, commands=tuple(commands))
    if on_start is not None:
        on_start(result)
    words = list(argv)
    rounds = int(words[words.index("-rounds") + 1]) if "-rounds" in words else 3
    with rec.active():
        demo_main(tuple(argv), rounds)
        if hold is not None:
            hold.wait(10)
            demo_main(tuple(argv), rounds)
        for command in commands:
            rec.message("command", command)
            demo_main((command,), 1)
        if "-crash" in words:
            raise RuntimeError("crashed as it was told to")
    result.exit_status = 1 if "-fail" in words else 0
    return result
