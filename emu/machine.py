"""A machine that stands ready and goes on taking commands: from monitors, from a test program, from the host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from emu.errors import NotModelled, QemuExit
from emu.host.loop import run_main_loop
from emu.monitor.hmp import MonitorHMP, handle_hmp_command
from emu.monitor.monitor import monitor_data_init, monitor_list_append
from emu.monitor.qmp import MonitorQMP, handle_qmp_command, monitor_qmp_new
from emu.qapi.error import Error
from emu.qapi.qmp_dispatch import main_loop_turns
from emu.qobject.qdict import plain, qobject_of
from emu.qobject.qjson import qobject_from_json
from emu.softmmu.memory import MEMTXATTRS_UNSPECIFIED
from emu.softmmu.physmem import address_space_memory, address_space_read, address_space_write
from emu.softmmu.runstate import main_loop_turn
from emu.softmmu.runstate.cleanup import qemu_cleanup
from emu.trace import Recorder
from emu.util.error_report import error_report_state

HOST: Final = "host "

host_lines: Final[list[Callable[[str], str]]] = []
"""What does a line that begins with ``host``: the rest of it in, what is to be said out. Error: it makes no sense."""


def _turn() -> None:
    main_loop_turn()


main_loop_turns.append(_turn)


class Machine:
    """What stands ready after the start of a run. All methods act within the run, recorded like its start.

    ``status``: the program's exit status, None while it goes on.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.status: int | None = None
        self._human: MonitorHMP | None = None
        self._program: MonitorQMP | None = None

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Let something happen to the machine, and let its main loop do what follows from it."""
        with self.recorder.active():
            try:
                yield
                self._settle()
            except QemuExit as end:
                self.status = end.status

    def _settle(self) -> None:
        """Do what the main loop would do before it sleeps; give everything back if it comes to its end."""
        run_main_loop()
        if main_loop_turn() and self.status is None:
            self.status = 0
            qemu_cleanup()
        run_main_loop()

    def settle(self) -> None:
        """Let the main loop do what is left to do."""
        with self.acting():
            pass

    def perform(self, command: str) -> str:
        """Do a command: a line of the monitor for people, a QMP command (``{``), or one of the host's (``host ...``).

        Return what it prints. Both are recorded as Messages: the command on stream "command" before anything that it does,
        what it prints on stream "monitor" when it is done.
        """
        text = ""
        with self.acting():
            self.recorder.message("command", command)
            if command.lstrip().startswith("{"):
                self._qmp(command)
            elif command.startswith(HOST):
                self._hmp_monitor().puts(_on_host(command.removeprefix(HOST)))
            else:
                handle_hmp_command(self._hmp_monitor(), command)
            self._settle()
            text = self._taken()
            if text:
                self.recorder.message("monitor", text)
        return text

    def hmp(self, line: str) -> str:
        """Do a line of the monitor for people; return what it prints, lines ending in a newline."""
        with self.acting():
            mon = self._hmp_monitor()
            handle_hmp_command(mon, line)
        return self._hmp_monitor().take()

    def qmp(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do a QMP command, ``{"execute": ...}``; return its answer, ``{"return": ...}`` or ``{"error": ...}``."""
        answers: list[Any] = []
        with self.acting():
            mon = self._qmp_monitor()
            handle_qmp_command(mon, qobject_of(request), None)
            answers = [plain(qobject_from_json(line)) for line in mon.take().splitlines()]
        ended = {"error": {"class": "GenericError", "desc": "the program has ended"}}
        found: dict[str, Any] = next((answer for answer in answers if "event" not in answer), ended)
        return found

    def read(self, addr: int, size: int) -> bytes:
        """Read memory as a processor sees it, devices' registers included."""
        found: list[bytes] = []
        with self.acting():
            found.append(address_space_read(address_space_memory(), addr, MEMTXATTRS_UNSPECIFIED, size)[1])
        return b"".join(found)

    def write(self, addr: int, data: bytes) -> None:
        """Write memory as a processor does."""
        with self.acting():
            address_space_write(address_space_memory(), addr, MEMTXATTRS_UNSPECIFIED, data)

    def _taken(self) -> str:
        """Return what was printed: for people first, then for programs, events among it."""
        return "".join(mon.take() for mon in (self._human, self._program) if mon is not None)

    def _hmp_monitor(self) -> MonitorHMP:
        if self._human is None:
            self._human = MonitorHMP()
            monitor_data_init(self._human, False, True)
        return self._human

    def _qmp_monitor(self) -> MonitorQMP:
        """Return a monitor that is past the negotiation; events come to it."""
        if self._program is None:
            self._program = monitor_qmp_new(False, True, ())
            self._program.negotiated = True
            monitor_list_append(self._program)
        return self._program

    def _qmp(self, text: str) -> None:
        mon = self._qmp_monitor()
        try:
            req = qobject_from_json(text)
        except Error as err:
            handle_qmp_command(mon, None, err)
        else:
            handle_qmp_command(mon, req, None)


def _no_lines(line: str) -> str:
    raise NotModelled("lines of the host")


def _on_host(line: str) -> str:
    state = error_report_state()
    places = len(state.stack)
    try:
        return (host_lines[0] if host_lines else _no_lines)(line)
    except Error as err:
        return f"Error: {err.msg}\n"
    except NotModelled as end:
        del state.stack[places:]
        return f"{end}\n"
