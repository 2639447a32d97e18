"""What is recorded, how, and how it is folded. Knows nothing of QEMU."""

from emu.trace.containers import Buf, Map, Seq, fresh, mapping, seq
from emu.trace.events import ABSENT, OUTSIDE, Fn, Ref
from emu.trace.recorder import Recorder, TooManyEvents, emulates, per_run, recorder
from emu.trace.structs import Ptr, Struct, g_free

__all__ = [
    "ABSENT",
    "OUTSIDE",
    "Buf",
    "Fn",
    "Map",
    "Ptr",
    "Recorder",
    "Ref",
    "Seq",
    "Struct",
    "TooManyEvents",
    "emulates",
    "fresh",
    "g_free",
    "mapping",
    "per_run",
    "recorder",
    "seq",
]
