"""The WebSocket: reads messages, obeys, streams. Two tasks a connection: one reads, one sends events."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final

from fastapi import WebSocket, WebSocketDisconnect

from app import argv as command_line
from app.protocol import (
    BATCH,
    ClientMessage,
    Pause,
    Play,
    ProtocolError,
    Resume,
    Run,
    Seek,
    Step,
    Stop,
    events_message,
    parse,
    snapshot_message,
)
from app.recording import Recording, run_hash
from app.runs import POLL, Runs, argv_too_long
from app.session import State, Stream

LOG: Final = logging.getLogger("qomscope")
RUBBISH: Final = 20
"""Messages in a row that make no sense before the connection is closed."""


class Session:
    """One connection."""

    def __init__(self, socket: WebSocket, runs: Runs) -> None:
        self._socket = socket
        self._runs = runs
        self._stream = Stream()
        self._changed = asyncio.Event()
        self._sending = asyncio.Lock()

    async def serve(self) -> None:
        """Talk with a client until it goes."""
        await self._socket.accept()
        tasks = {asyncio.create_task(self._read()), asyncio.create_task(self._send())}
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        for result in await asyncio.gather(*done, *rest, return_exceptions=True):
            if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect):
                await self._give_up(result)

    async def refuse(self, why: ProtocolError) -> None:
        """Say why there will be no talk, and close."""
        await self._socket.accept()
        await self._tell(why.text())
        await self._socket.close(1013, why.message)

    async def _give_up(self, err: Exception) -> None:
        """Say that something failed here, where the client can still hear it."""
        LOG.error("a connection failed", exc_info=err)
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._tell(ProtocolError("internal", f"the server failed: {type(err).__name__}: {err}").text())
            await self._socket.close(1011)

    async def _read(self) -> None:
        bad = 0
        while bad < RUBBISH:
            frame = await self._socket.receive()
            if frame["type"] == "websocket.disconnect":
                return
            try:
                message = parse(frame.get("text") or "")
                bad = 0
                await self._obey(message)
            except ProtocolError as err:
                bad += err.code == "bad-message"
                await self._tell(err.text())
        await self._socket.close(1008, "too many messages that make no sense")

    async def _obey(self, message: ClientMessage) -> None:
        stream = self._stream
        stream.check(message.type)
        match message:
            case Run() | Resume():
                await self._begin(await self._recording(message), message.from_)
            case Seek(at=at, window=window):
                await self._seek(at, window)
            case Play(pace=pace):
                stream.play(pace)
            case Pause():
                stream.pause()
            case Step(count=count):
                stream.step(count)
            case Stop():
                stream.stop()
        self._changed.set()

    async def _recording(self, message: Run | Resume) -> Recording:
        self._stream.stop()
        given = message.argv
        try:
            if isinstance(given, str) and len(given) > self._runs.limits.argv_chars:
                raise argv_too_long(len(given), self._runs.limits)
            words = command_line.split(given) if isinstance(given, str) else command_line.checked(given)
            commands = [command_line.checked_command(command) for command in message.commands]
        except command_line.CommandLineError as err:
            raise ProtocolError("bad-command-line", str(err), err.hint) from None
        if isinstance(message, Resume) and run_hash(message.version, words, commands) != message.run:
            raise ProtocolError("other-run", "the command line is not that of the run to resume", 'send "run" instead')
        return await self._runs.get(message.version, words, commands)

    async def _begin(self, recording: Recording, at: int) -> None:
        async with self._sending:
            self._stream.begin(recording, at)
            await self._socket.send_text(recording.header_text(at))

    async def _seek(self, at: int, window: int) -> None:
        recording = self._stream.recording
        if recording is None:
            return
        while at > len(recording) and not recording.done:  # noqa: ASYNC110 # the run's thread notifies nobody: that would cost it
            await asyncio.sleep(POLL)
        if at > len(recording):
            raise ProtocolError("no-such-event", f"the run has {len(recording)} events; there is no place {at}")
        state = await asyncio.to_thread(recording.state_text, at)
        end = min(at + min(window, BATCH), len(recording))
        async with self._sending:
            await self._socket.send_text(snapshot_message(at, state))
            await self._socket.send_text(events_message(at, recording.events_text(at, end)))

    async def _tell(self, text: str) -> None:
        async with self._sending:
            await self._socket.send_text(text)

    async def _send(self) -> None:
        """Send what may be sent, for ever."""
        while True:
            self._changed.clear()
            stream, recording = self._stream, self._stream.recording
            wait: float | None = None
            if recording is not None and stream.state in (State.FLOWING, State.HELD):
                over = recording.done  # looked at before the length: nothing is appended afterwards
                if stream.at >= len(recording):
                    if over:
                        await self._finish(recording)
                        continue
                    wait = POLL
                elif stream.allowance() > 0:
                    await self._batch(recording)
                    continue
                else:
                    wait = stream.tick
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), wait)

    async def _batch(self, recording: Recording) -> None:
        async with self._sending:
            stream = self._stream
            first = stream.at
            end = min(first + stream.allowance(), len(recording), (first // BATCH + 1) * BATCH)
            if stream.recording is not recording or end <= first:
                return
            await self._socket.send_text(events_message(first, recording.events_text(first, end)))
            stream.sent(end - first)

    async def _finish(self, recording: Recording) -> None:
        async with self._sending:
            if self._stream.recording is recording:
                self._stream.end()
                await self._socket.send_text(recording.end_text())
