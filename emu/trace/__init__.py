"""What is recorded, how, and how it is folded. Knows nothing of QEMU."""

from emu.trace.calls import argument, emulates, refused
from emu.trace.containers import Buf, BufAt, Map, Seq, fresh, mapping, seq
from emu.trace.events import ABSENT, OUTSIDE, Fn, Ref
from emu.trace.prelude import Prelude, depart, passage
from emu.trace.recorder import Recorder, TooManyEvents, per_run, recorder
from emu.trace.stamp import stamped
from emu.trace.structs import Ptr, Struct, container_of, embedded, g_free, late

__all__ = [
    "ABSENT",
    "OUTSIDE",
    "Buf",
    "BufAt",
    "Fn",
    "Map",
    "Prelude",
    "Ptr",
    "Recorder",
    "Ref",
    "Seq",
    "Struct",
    "TooManyEvents",
    "argument",
    "container_of",
    "depart",
    "embedded",
    "emulates",
    "fresh",
    "g_free",
    "late",
    "mapping",
    "passage",
    "per_run",
    "recorder",
    "refused",
    "seq",
    "stamped",
]
