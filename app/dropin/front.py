"""The drop-in front from its command line to its end."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import stat
import sys
import threading
import time
from collections.abc import Sequence
from typing import Final

from app.argv import config_files
from app.dropin.inherited import adopt
from app.dropin.timers import RealTimers
from app.dropin.world import CHUNK, RealWorld
from emu.chardev.char import get_chardevs_root, qemu_chr_be_event
from emu.chardev.structs import CHARDEV, CHR_EVENT_CLOSED, Chardev
from emu.chardev.transfer import qemu_chr_be_can_write, qemu_chr_be_write
from emu.host import HostSocket, host
from emu.host.outside import door
from emu.machine import Machine
from emu.program import Run, run
from emu.qapi.qmp_event import event_state
from emu.qom.object import Object, object_child_foreach, object_get_typename
from emu.softmmu.runstate import qemu_system_killed

ACCELERATORS: Final = "tcg:kvm"
"""What the installed program tries where the command line names none."""
ENDING: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Front:
    """One run of the program."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.argv = tuple(argv)
        self.world = RealWorld(self._flush)
        self.timers = RealTimers()
        self.run: Run | None = None
        self._killed: list[tuple[int, int]] = []
        self._stdin = bytearray()
        self._stdin_open = True
        self._serving = False

    def main(self) -> int:
        """Run to the end; return the exit status."""
        wake = self._catch_signals()
        files = config_files(list(self.argv))
        done = run(self.argv, files=files, on_start=self._begin, recording=False, accelerators=ACCELERATORS)
        machine = done.machine
        if machine is not None:
            self.world.watch(wake, selectors.EVENT_READ, lambda _: self._drain(wake))
            self._serve(machine)
            done.exit_status = machine.status
        self._flush()
        with done.recorder.active():
            sockets = [each for each in host().descriptors.values() if isinstance(each, HostSocket)]
            self.world.finish(sockets)
        return done.exit_status or 0

    def _begin(self, starting: Run) -> None:
        self.run = starting
        with starting.recorder.active():
            door().world = self.world
            adopt(self.world, host())
            event_state().real_time = lambda: time.time_ns() // 1000

    def _flush(self) -> None:
        """Print what the program has printed by now."""
        if self.run is None:
            return
        events = self.run.recorder.events
        for event in events:
            if event[0] == "M":
                stream = sys.stdout if event[3] == "stdout" else sys.stderr
                stream.buffer.write(event[4].encode("utf-8", "surrogateescape"))
                stream.buffer.flush()
        events.clear()

    def _catch_signals(self) -> socket.socket:
        """Have signals come as bytes on a socket; a thread waits for them, since only there one learns who sent them."""
        inside, outside = socket.socketpair()
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)

        def wait() -> None:
            while True:
                info = signal.sigwaitinfo(ENDING)
                if not self._serving:
                    # nobody would hear of it before the machine stands ready
                    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
                    os.kill(os.getpid(), info.si_signo)
                self._killed.append((info.si_signo, info.si_pid))
                outside.send(b"!")

        threading.Thread(target=wait, daemon=True).start()
        return inside

    def _drain(self, wake: socket.socket) -> None:
        wake.recv(CHUNK)
        number, pid = self._killed[-1]
        qemu_system_killed(number, pid, _name_of(pid))

    def _serve(self, machine: Machine) -> None:
        self._serving = True
        machine.settle()
        stdio = None
        with machine.recorder.active():
            stdio = _stdio()
        if stdio is not None:
            self._open_stdin()
        while machine.status is None:
            self._flush()
            try:
                with machine.acting():
                    self.world.turn(0 if stdio is not None and self._hand_on(stdio) else self.timers.timeout())
                    self.timers.fire()
            except Exception as err:  # noqa: BLE001  # whatever one end sends, the others are served on
                sys.stderr.write(f"qomscope: not modelled: what was sent ends in {type(err).__name__}: {err}\n")

    def _open_stdin(self) -> None:
        mode = os.fstat(0).st_mode
        if stat.S_ISREG(mode) or (stat.S_ISCHR(mode) and not os.isatty(0)):
            while data := os.read(0, CHUNK):
                self._stdin += data
            self._stdin_open = False
        else:
            self.world.selector.register(0, selectors.EVENT_READ, lambda _: self._read_stdin())

    def _read_stdin(self) -> None:
        data = os.read(0, CHUNK)
        self._stdin += data
        if not data:
            self.world.selector.unregister(0)
            self._stdin_open = False

    def _hand_on(self, stdio: Chardev) -> bool:
        """Give what was typed to who holds standard input; tell whether there is more to give."""
        if self._stdin and (stdio.be is None or stdio.be.chr_can_read is None):
            # a port or a multiplexer holds it: neither hands on what is typed
            sys.stderr.write("qomscope: not modelled: what is typed at a serial port, or where several share standard input\n")
            self._stdin.clear()
        took = qemu_chr_be_can_write(stdio)
        if self._stdin and took > 0:
            data = bytes(self._stdin[:took])
            del self._stdin[:took]
            qemu_chr_be_write(stdio, data, len(data))
            return True
        if not self._stdin and not self._stdin_open and stdio.be_open:
            qemu_chr_be_event(stdio, CHR_EVENT_CLOSED)
        return False


def _stdio() -> Chardev | None:
    """Return the character device on standard input and output."""
    found: list[Chardev] = []

    def look(obj: Object) -> int:
        if object_get_typename(obj) == "chardev-stdio":
            found.append(CHARDEV(obj))
        return 0

    object_child_foreach(get_chardevs_root(), look)
    return found[0] if found else None


def _name_of(pid: int) -> str | None:
    """Return the first word of a process's command line (qemu_get_pid_name)."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123  # a file of the kernel
            return os.fsdecode(file.read().partition(b"\0")[0])
    except OSError:
        return None
