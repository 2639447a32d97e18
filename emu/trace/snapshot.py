"""The live machine as a ``State``: what ``fold`` of the log must give."""

from __future__ import annotations

from emu.trace.fold import ObjectState, State, thaw
from emu.trace.recorder import Recorder, encode


def snapshot(rec: Recorder) -> State:
    """Read every live object of a run. Only while no call is open."""
    state = State()
    for struct in [struct for struct in rec.objects if struct is not None]:
        for name in struct.LATE:
            getattr(struct, name)
    freed = {event[3] for event in rec.events if event[0] == "F"}
    for number, struct in enumerate(rec.objects, 1):
        if struct is None:  # of a prelude that the run left early
            continue
        new = struct.trace_identity()
        fields = {name: thaw(encode(value)) for name, value in struct.trace_fields()}
        state.objects[number] = ObjectState(new[0], new[1], number in freed, fields)
    state.messages = [(event[3], event[4]) for event in rec.events if event[0] == "M"]
    return state
