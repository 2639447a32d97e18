"""The real QEMU, asked over qtest and QMP. It never runs a guest: ``-S``."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from conformance.pci import Bar, PciFunction

PROGRAM = shutil.which("qemu-system-x86_64") or "qemu-system-x86_64"
HEADLESS = ("-accel", "tcg", "-S", "-display", "none")
"""What every machine is started with: no guest runs, nothing is drawn."""
CONFIG_ADDRESS = 0xCF8
CONFIG_DATA = 0xCFC
TIMEOUT = 30.0
"""Seconds to wait for any answer; a start takes some tenths of one."""


class QemuExited(Exception):
    """The program ended instead of starting a machine."""

    def __init__(self, status: int, stderr: str) -> None:
        super().__init__(f"exit status {status}: {stderr}")
        self.status = status
        self.stderr = stderr


class Line:
    """A socket on which lines are asked and answered."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(TIMEOUT)
        self._connection = connection
        self._file = connection.makefile("rb")

    def send(self, text: str) -> None:
        self._connection.sendall(text.encode() + b"\n")

    def receive(self) -> str:
        line = self._file.readline()
        if not line:
            raise EOFError
        return line.decode().rstrip("\r\n")

    def close(self) -> None:
        self._file.close()
        self._connection.close()


class Qemu:
    """A started machine."""

    def __init__(self, qtest: Line, qmp: Line, errors: BinaryIO) -> None:
        self._errors = errors
        self._qtest = qtest
        self._qmp = qmp
        json.loads(qmp.receive())
        self.command("qmp_capabilities")

    def command(self, name: str, /, **arguments: Any) -> Any:
        """Do a QMP command; return what it returns. RuntimeError: it failed."""
        self._qmp.send(json.dumps({"execute": name, "arguments": arguments}))
        while True:
            answer = json.loads(self._qmp.receive())
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise RuntimeError(answer["error"]["desc"])

    @property
    def stderr(self) -> str:
        """What it has printed on standard error by now."""
        self._errors.seek(0)
        return self._errors.read().decode()

    def hmp(self, line: str) -> str:
        """Do a command of the human monitor; return its text."""
        text: str = self.command("human-monitor-command", **{"command-line": line})
        return text

    def qtest(self, line: str) -> str:
        """Do a qtest command; return what follows ``OK``."""
        self._qtest.send(line)
        answer = self._qtest.receive()
        if not answer.startswith("OK"):
            raise RuntimeError(f"qtest {line}: {answer}")
        return answer[3:]

    def config_read(self, devfn: int, at: int) -> int:
        """Read four bytes of the configuration space of a function of bus 0, at a multiple of four."""
        self.qtest(f"outl {CONFIG_ADDRESS:#x} {0x80000000 | devfn << 8 | at:#x}")
        return int(self.qtest(f"inl {CONFIG_DATA:#x}"), 16)

    def config_write(self, devfn: int, at: int, value: int) -> None:
        """Write four bytes there."""
        self.qtest(f"outl {CONFIG_ADDRESS:#x} {0x80000000 | devfn << 8 | at:#x}")
        self.qtest(f"outl {CONFIG_DATA:#x} {value:#x}")

    def pci_functions(self) -> dict[int, PciFunction]:
        """Return each function of bus 0 by its devfn."""
        found = {}
        for devfn in range(256):
            if self.config_read(devfn, 0) & 0xFFFF != 0xFFFF:
                config = b"".join(self.config_read(devfn, at).to_bytes(4, "little") for at in range(0, 256, 4))
                header = config[0x0E] & 0x7F
                count, rom = (2, 0x38) if header == 1 else (6, 0x30)  # a bridge has two, and its option ROM elsewhere
                found[devfn] = PciFunction(config, tuple(self._bars(devfn, count, rom)))
        return found

    def _bars(self, devfn: int, count: int, rom: int) -> Iterator[Bar]:
        """Find the BARs by writing all ones (PCI Local Bus 3.0, 6.2.5.1)."""
        index = 0
        while index < count:
            at = 0x10 + 4 * index
            mask = self._probe(devfn, at)
            type_ = mask & (0x3 if mask & 1 else 0xF)
            wide = not mask & 1 and mask & 0x6 == 0x4
            if wide:
                mask |= self._probe(devfn, at + 4) << 32
            mask &= ~0x3 if mask & 1 else ~0xF
            if mask:
                yield Bar(at, type_, mask & -mask)
            index += 2 if wide else 1
        mask = self._probe(devfn, rom) & ~0x7FF
        if mask:
            yield Bar(rom, 0, mask & -mask)

    def _probe(self, devfn: int, at: int) -> int:
        before = self.config_read(devfn, at)
        self.config_write(devfn, at, 0xFFFFFFFF)
        value = self.config_read(devfn, at)
        self.config_write(devfn, at, before)
        return value


@contextlib.contextmanager
def qemu(*argv: str) -> Iterator[Qemu]:
    """Start the real program. QemuExited: it ended instead."""
    with tempfile.TemporaryDirectory(prefix="qemu-") as folder, contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(_listen(Path(folder) / name)) for name in ("qtest", "qmp")]
        errors = stack.enter_context((Path(folder) / "stderr").open("w+b"))
        process = subprocess.Popen(
            [PROGRAM, *HEADLESS, "-qtest-log", os.devnull, "-qtest", f"unix:{folder}/qtest", "-qmp", f"unix:{folder}/qmp", *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
        try:
            lines = [stack.enter_context(contextlib.closing(Line(_accept(listener, process)))) for listener in listeners]
            machine = Qemu(lines[0], lines[1], errors)
        except (EOFError, ConnectionError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(TIMEOUT)
            process.kill()
            status = process.wait()
            errors.seek(0)
            raise QemuExited(status, errors.read().decode()) from None
        yield machine


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(1)
    return listener


def _accept(listener: socket.socket, process: subprocess.Popen[bytes]) -> socket.socket:
    """Wait for the program to connect. EOFError: it ended before."""
    listener.settimeout(0.05)
    while True:
        try:
            return listener.accept()[0]
        except TimeoutError:
            if process.poll() is not None:
                raise EOFError from None
