from __future__ import annotations

import pytest

from app.protocol import BATCH, ProtocolError
from app.recording import Outcome, Recording
from app.session import State, Stream


@pytest.fixture
def recording() -> Recording:
    made = Recording("7.2", [])
    made.started([("M", -1, 0, "stderr", "x")] * 5000, {"format": 1})
    made.outcome = Outcome(0, "", "")
    return made


@pytest.mark.parametrize("request_", ["seek", "play", "pause", "step"])
def test_before_a_run_there_is_nothing_to_move(request_: str) -> None:
    with pytest.raises(ProtocolError, match="makes no sense before a run"):
        Stream().check(request_)


@pytest.mark.parametrize("request_", ["run", "resume", "stop"])
def test_a_run_may_begin_in_every_state(request_: str, recording: Recording) -> None:
    stream = Stream()
    stream.check(request_)
    stream.begin(recording, 0)
    stream.check(request_)
    stream.end()
    stream.check(request_)


def test_events_flow_in_batches(recording: Recording) -> None:
    stream = Stream()
    assert stream.allowance() == 0
    stream.begin(recording, 0)
    assert stream.allowance() == BATCH


def test_pause_and_step(recording: Recording) -> None:
    stream = Stream()
    stream.begin(recording, 0)
    stream.pause()
    assert (stream.state, stream.allowance()) == (State.HELD, 0)
    stream.step(3)
    stream.step(2)
    assert stream.allowance() == 5
    stream.sent(5)
    assert (stream.at, stream.allowance()) == (5, 0)
    stream.step(5000)
    assert stream.allowance() == BATCH
    stream.play(None)
    assert (stream.state, stream.allowance()) == (State.FLOWING, BATCH)


def test_step_holds_a_flowing_stream(recording: Recording) -> None:
    stream = Stream()
    stream.begin(recording, 0)
    stream.step(7)
    assert (stream.state, stream.allowance()) == (State.HELD, 7)


def test_a_pace_is_kept(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("app.session.time.monotonic", lambda: now)
    stream = Stream()
    stream.begin(recording, 0)
    stream.play(10)
    assert stream.allowance() == 0
    assert stream.tick is not None
    now += 0.35
    assert stream.allowance() == 3
    stream.sent(3)
    now += 0.06
    assert stream.allowance() == 1
    now += 1e6
    assert stream.allowance() == BATCH


def test_a_resume_past_the_end_is_refused(recording: Recording) -> None:
    with pytest.raises(ProtocolError, match="there is none to resume at 5001"):
        Stream().begin(recording, 5001)


def test_stop_forgets(recording: Recording) -> None:
    stream = Stream()
    stream.begin(recording, 0)
    stream.stop()
    assert stream.recording is None
    with pytest.raises(ProtocolError):
        stream.check("seek")
