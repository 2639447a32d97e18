"""Forwards to the guest at run time (net/slirp.c), in the real program's words."""

from __future__ import annotations

import pytest

import emu
from emu.trace.fold import fold

BOARD = ("-nodefaults", "-M", "pc", "-netdev", "user,id=n0,hostfwd=udp::2053-:53")


def said(*commands: str, board: tuple[str, ...] = BOARD) -> str:
    """Return what the monitor printed."""
    run = emu.run(board, commands=commands)
    assert run.exit_status == 0
    return run.output("monitor")


def forwards(*commands: str) -> int:
    """Return how many sockets listen for the guest in the end."""
    run = emu.run(BOARD, commands=commands)
    found = [obj for obj in fold(run.events).objects.values() if obj.type == "HostForward"]
    return sum(not obj.freed for obj in found)


def test_add_and_remove() -> None:
    """hmp_hostfwd_add, hmp_hostfwd_remove."""
    assert said("hostfwd_add n0 tcp::2022-:22") == ""
    assert forwards("hostfwd_add n0 tcp::2022-:22") == 2
    assert said("hostfwd_add tcp:127.0.0.1:2022-:22", "hostfwd_remove tcp:127.0.0.1:2022") == (
        "host forwarding rule for tcp:127.0.0.1:2022 removed\n"
    )
    assert forwards("hostfwd_remove udp::2053") == 0


def test_a_port_is_free_again() -> None:
    """hmp_hostfwd_remove."""
    again = "hostfwd_add n0 tcp::2022-:22"
    assert said(again, again) == "Could not set up host forwarding rule 'tcp::2022-:22'\n"
    assert said(again, "hostfwd_remove n0 tcp::2022", again) == "host forwarding rule for tcp::2022 removed\n"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("hostfwd_remove tcp::1", "host forwarding rule for tcp::1 not found\n"),
        ("hostfwd_remove tcp::2053", "host forwarding rule for tcp::2053 not found\n"),
        ("hostfwd_remove tcp:127.0.0.1:2053", "host forwarding rule for tcp:127.0.0.1:2053 not found\n"),
        ("hostfwd_remove tcp::x", "invalid format\n"),
        ("hostfwd_remove foo", "invalid format\n"),
        ("hostfwd_add foo", "Invalid host forwarding rule 'foo' (No : separators)\n"),
        ("hostfwd_add no tcp::1-:1", "unrecognized netdev id 'no'\n"),
    ],
)
def test_refusals(line: str, answer: str) -> None:
    """slirp_lookup, slirp_hostfwd."""
    assert said(line) == answer


def test_without_the_backend() -> None:
    """slirp_lookup."""
    board = ("-nodefaults", "-M", "pc", "-netdev", "socket,id=s,listen=:2000")
    assert said("hostfwd_add tcp::1-:1", board=board) == "user mode network stack not in use\n"
    assert said("hostfwd_add s tcp::1-:1", board=board) == "invalid device specified\n"


def test_sockets_of_each_backend() -> None:
    """hmp_info_usernet: those for TCP come first, the latest of each at the head."""
    head = "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\n"
    told = said("hostfwd_add tcp:127.0.0.1:2022-10.0.2.16:22", "hostfwd_add tcp::2023-:23", "info usernet")
    lines = told.splitlines(keepends=True)
    assert lines[:2] == ["Hub -1 (n0):\n", head]
    assert [line[:19] + line[23:] for line in lines[2:]] == [
        "  TCP[HOST_FORWARD]               *  2023       10.0.2.15    23     0     0\n",
        "  TCP[HOST_FORWARD]       127.0.0.1  2022       10.0.2.16    22     0     0\n",
        "  UDP[HOST_FORWARD]               *  2053       10.0.2.15    53     0     0\n",
    ]
