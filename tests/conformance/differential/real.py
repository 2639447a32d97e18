"""The real program, started once for all questions about a command line."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from conformance.differential.answers import HEADLESS, Answers, ask, without_chance

PROGRAM = shutil.which("qemu-system-x86_64") or "qemu-system-x86_64"
TIMEOUT = 30.0
THREADS = 2.0
"""Seconds within which the program's threads have connected, or found that they cannot."""
NETWORK = "info network"


class Real:
    """A started machine: QMP over its standard streams, qtest over a socket."""

    def __init__(self, process: subprocess.Popen[bytes], listener: socket.socket) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[bytes] = process.stdin
        self._out: IO[bytes] = process.stdout
        self._connection = listener.accept()[0]
        self._connection.settimeout(TIMEOUT)
        self._lines = self._connection.makefile("rb")

    def close(self) -> None:
        self._lines.close()
        self._connection.close()

    def qtest(self, lines: Sequence[str]) -> list[str]:
        """Do lines of qtest at once; return what follows ``OK`` of each."""
        answers = []
        for at in range(0, len(lines), 256):  # no more than the buffers of a socket hold
            some = lines[at : at + 256]
            self._connection.sendall("".join(f"{line}\n" for line in some).encode())
            answers += [self._lines.readline().decode().split(maxsplit=1) for _ in some]
        assert all(answer[0] == "OK" for answer in answers)
        return [answer[1].strip() if len(answer) > 1 else "" for answer in answers]

    def monitor(self, hmp: Sequence[str], qmp: Sequence[str]) -> tuple[list[str], list[Any]]:
        """Do lines of the human monitor, then commands of the other one; return what each answered."""
        asked = [{"execute": "human-monitor-command", "arguments": {"command-line": line}} for line in hmp]
        asked += [{"execute": name} for name in qmp]
        for each in asked:
            self._in.write(json.dumps(each).encode() + b"\n")
        self._in.flush()
        answers = [self._answer() for _ in asked]
        return answers[: len(hmp)], answers[len(hmp) :]

    def _answer(self) -> Any:
        while True:
            answer = json.loads(self._out.readline())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                return answer


class Started:
    """The real program on its way: it starts while the other one is emulated."""

    def __init__(self, *argv: str, files: Mapping[str, str] | None = None) -> None:
        self._stack = contextlib.ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="qemu-")))
        for name, text in (files or {}).items():
            (folder / name).write_text(text)
        self._listener = self._stack.enter_context(socket.socket(socket.AF_UNIX))
        self._listener.bind(str(folder / "qtest"))
        self._listener.listen(1)
        self._errors = self._stack.enter_context((folder / "stderr").open("w+b"))
        self.process = subprocess.Popen(
            [PROGRAM, *HEADLESS, "-qtest-log", "none", "-qtest", "unix:qtest", *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=folder,
        )
        self._stack.callback(self._end)

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def answers(self, expected: str | None = None) -> Answers:
        """Ask all questions, or say how it ended. ``expected``: what is to be said of networks once threads are done."""
        with self._stack:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(b'{"execute": "qmp_capabilities"}\n')
                self.process.stdin.flush()
            out = self.process.stdout
            lines = [out.readline(), out.readline()]  # a greeting is given before it is sure that the machine will stand
            found = Answers()
            if lines[1].startswith(b'{"return"'):
                with contextlib.closing(Real(self.process, self._listener)) as guest:
                    ask(guest, found)
                    deadline = time.monotonic() + THREADS
                    while expected is not None and found.texts[NETWORK] != expected and time.monotonic() < deadline:
                        time.sleep(0.02)
                        found.texts[NETWORK] = without_chance(guest.monitor((NETWORK,), ())[0][0])
            else:
                lines += out.readlines()
                found.stdout = b"".join(line for line in lines if not line.startswith(b'{"QMP"')).decode()
                status = self.process.wait(TIMEOUT)
                found.status = 128 - status if status < 0 else status  # as a shell tells which signal ended it
            self._errors.seek(0)
            found.stderr = without_chance(self._errors.read().decode())
            return found
