"""The limits of a server, each with its words."""

from __future__ import annotations

import asyncio
import functools
import threading
from typing import Any

import demo
import pytest

from app import runs as runs_module
from app.limits import Limits, resident
from app.protocol import ProtocolError
from app.recording import Recording
from app.runs import Runs

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def finished(recording: Recording) -> Recording:
    async with asyncio.timeout(10):
        while not recording.done:
            await asyncio.sleep(0.005)
    return recording


async def test_the_same_run_is_done_once() -> None:
    done = []

    def execute(*args: Any, **kwargs: Any) -> Any:
        done.append(args)
        return demo.run(*args, **kwargs)

    runs = Runs(execute=execute)
    first, second = await asyncio.gather(runs.get("7.2", ["-x"]), runs.get("7.2", ["-x"]))
    third = await runs.get("7.2", ["-x"])
    assert first is second is third
    assert await runs.get("7.2", ["-y"]) is not first
    await finished(first)
    assert len(done) == 2


async def test_runs_at_once_are_bounded_and_more_may_wait() -> None:
    hold = threading.Event()
    runs = Runs(Limits(runs=1, waiting=1), functools.partial(demo.run, hold=hold))
    first = await runs.get("7.2", ["-1"])
    second = asyncio.create_task(runs.get("7.2", ["-2"]))
    await asyncio.sleep(0.05)
    assert not second.done()
    with pytest.raises(ProtocolError, match="2 runs are going on or waiting already"):
        await runs.get("7.2", ["-3"])
    hold.set()
    await finished(first)
    await finished(await second)


async def test_a_run_that_takes_too_long_is_ended() -> None:
    runs = Runs(Limits(seconds=0.05, events=10**9), demo.run)
    recording = await finished(await runs.get("7.2", ["-rounds", "1000000"]))
    assert recording.problem is not None
    assert (recording.problem.code, recording.problem.message) == ("too-slow", "the run was ended after 0.05 seconds")
    assert len(recording) > 0
    assert await runs.get("7.2", ["-rounds", "1000000"]) is not recording
    runs.close()


async def test_a_run_that_nobody_waits_for_is_ended() -> None:
    endless = ["-rounds", "1000000000"]
    runs = Runs(Limits(runs=1, events=10**9), demo.run)
    going = await runs.get("7.2", endless)
    waiting = asyncio.create_task(runs.get("7.2", ["-x"]))
    await asyncio.sleep(0.05)
    runs.close()
    for thread in runs._threads._threads:
        await asyncio.to_thread(thread.join, 20)
        assert not thread.is_alive()
    assert not going.done
    waiting.cancel()


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    used = 0
    monkeypatch.setattr(runs_module, "resident", lambda: used)
    hold = threading.Event()
    runs = Runs(Limits(memory=1 << 20), functools.partial(demo.run, hold=hold))
    recording = await runs.get("7.2", ["-x"])
    used = 2 << 20
    with pytest.raises(ProtocolError, match="the server uses more than 1 MiB already"):
        await runs.get("7.2", ["-y"])
    await asyncio.sleep(0.2)
    hold.set()
    await finished(recording)
    assert recording.problem is not None
    assert recording.problem.code == "no-memory"


async def test_old_runs_make_room_for_new_ones() -> None:
    runs = Runs(Limits(cached_events=len(demo.run([]).events) * 3 // 2), demo.run)
    first = await finished(await runs.get("7.2", ["-1"]))
    assert await runs.get("7.2", ["-1"]) is first
    await finished(await runs.get("7.2", ["-2"]))
    await asyncio.sleep(0.05)
    assert await runs.get("7.2", ["-1"]) is not first


async def test_a_run_that_fails_before_its_first_event() -> None:
    def broken(*_args: object, **_kwargs: object) -> Any:
        raise RuntimeError("no such luck")

    with pytest.raises(ProtocolError, match="the emulation failed: RuntimeError: no such luck"):
        await Runs(execute=broken).get("7.2", [])


def test_resident_memory_is_told() -> None:
    assert resident() > 1 << 20
