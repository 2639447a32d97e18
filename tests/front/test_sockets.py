"""The drop-in front's sockets, standard input, signals and log behave as the real program's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from front.programs import OURS, QUIET, REAL, Process, started

pytestmark = pytest.mark.qemu

CAPABILITIES = b'{"execute": "qmp_capabilities"}\n'
QTEST = ("-qtest", "unix:DIR/t,server=on,wait=off")
MONITORS = (
    *("-M", "pc", "-qmp", "unix:DIR/q,server=on,wait=off", "-qmp-pretty", "unix:DIR/p,server=on,wait=off"),
    *("-chardev", "socket,id=m,path=DIR/m,server=on,wait=off", "-mon", "m", *QTEST, "-qtest-log", "none"),
)


def compare(scenario: Callable[[Process], list[bytes]], *argv: str) -> None:
    """Let the same happen to both programs; what was heard must be the same."""
    heard = []
    for program in (REAL, OURS):
        with started(program, argv) as process:
            heard.append(scenario(process))
    assert heard[1] == heard[0]


def talk(process: Process) -> list[bytes]:
    """Talk to all servers at once, with rubbish, leave and come back, and quit."""
    heard = []
    with contextlib.ExitStack() as stack:
        q, p, m, t = (stack.enter_context(process.connect(name)) for name in "qpmt")
        heard += [process.hear(each) for each in (q, p, m)]
        for client, text in (
            (m, b"info status\ninfo verx\x7fsion\r\nnothing\n\n"),
            (q, b'\xff\xfe\x00garbage}}} "'),
            (q, b'"\n{"execute": "query-status"}\n'),
            (q, b'{"execute": "qmp_capabilities", "arguments": {"enable": ["oob", "x"]}}'),
            (q, b'{"execute": "qmp_capabilities", "arguments": {"enable": ["oob"]}}'),
            (q, b'{"execute": "query-status"}{"execute": "query-status", "id": 3}'),
            (q, b'{"exec-oob": "migrate-pause", "x": 1}'),  # alone: it may overtake what comes before it
            (p, CAPABILITIES + b'{"execute": "query-pci", "id": 3}'),
            (t, b"inl 0xcf8\noutl 0xcf8 0x80000000\ninl 0xcf8\n\x80\xff\nhalf a li"),
            (t, b"ne\nendianness\n"),
        ):
            client.sendall(text)
            heard.append(process.hear(client))
        q.sendall(b'{{{ "never closed')
        heard.append(process.hear(q, first=QUIET))
        q.close()
        q = stack.enter_context(process.connect("q"))
        heard.append(process.hear(q))
        q.sendall(CAPABILITIES)
        heard.append(process.hear(q))
        second = stack.enter_context(process.connect("q"))
        heard.append(process.hear(second, first=QUIET))
        m.sendall(b"system_reset\n")
        heard += [process.hear(each) for each in (m, q, p)]
        m.sendall(b"quit\ninfo status\n")
        heard += [process.hear(each) for each in (m, q, p, t)]
    return heard + process.end()


def test_servers() -> None:
    compare(talk, *MONITORS)


def killed(process: Process) -> list[bytes]:
    with process.connect("q") as q:
        heard = [process.hear(q)]
        q.sendall(CAPABILITIES)
        heard.append(process.hear(q))
        process.terminate()
        heard.append(process.hear(q))
    return heard + process.end()


@pytest.mark.parametrize("more", [(), QTEST], ids=["alone", "under test"])
def test_sigterm_ends_it_with_0(more: tuple[str, ...]) -> None:
    """Who sent the signal is said, unless a test program is there."""
    compare(killed, "-M", "pc", "-qmp", "unix:DIR/q,server=on,wait=off", *more)


def logged(process: Process) -> list[bytes]:
    with process.connect("t") as t:
        t.sendall(b"inl 0xcf8\nnothing\n")
        heard = [process.hear(t)]
    process.terminate()
    heard += process.end()
    return [*heard, process.scrubbed((Path(process.folder) / "log").read_bytes())]


def test_the_log_of_the_test_server() -> None:
    compare(logged, "-M", "none", *QTEST, "-qtest-log", "DIR/log")


def test_the_monitor_on_standard_input() -> None:
    typed = b"info status\ndevice_add nothing\n\nquit\ninfo status\n"
    compare(lambda process: process.end(typed), "-M", "none", "-monitor", "stdio")


def test_qmp_on_standard_input() -> None:
    typed = CAPABILITIES + b'{"execute": "system_reset"}{"execute": "quit"}\n'
    compare(lambda process: process.end(typed), "-M", "none", "-qmp", "stdio")


@pytest.mark.parametrize("address", ["unix:DIR/nobody", "unix:DIR/no/folder,server=on,wait=off", "tcp:127.0.0.1:1", "nothing"])
def test_what_the_host_refuses(address: str) -> None:
    compare(lambda process: process.end(), "-M", "none", "-qmp", address)


def waited_for(process: Process) -> list[bytes]:
    with process.connect("q") as q:
        q.sendall(CAPABILITIES + b'{"execute": "quit"}\n')
        return [process.hear(q), *process.end()]


def test_it_waits_for_who_is_to_connect() -> None:
    compare(waited_for, "-M", "none", "-qmp", "unix:DIR/q,server=on")
