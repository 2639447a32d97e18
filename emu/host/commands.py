"""Lines that begin with ``host``: what happens on the simulated host, and what the guest's card does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.host.descriptors import host
from emu.host.loop import run_main_loop
from emu.host.settings import BadSetting, have, lack
from emu.host.vhost_user import VhostUserPeer
from emu.hw.net.vhost_net import get_vhost_net
from emu.machine import host_lines
from emu.net.net.clients import qemu_find_net_clients_except
from emu.net.net.packets import qemu_send_packet
from emu.net.net.structs import NET_BUFSIZE, NetClientState
from emu.net.queue import NetQueue
from emu.trace import recorder
from emu.util.qemu_timer import (
    QEMU_CLOCK_REALTIME,
    SCALE_MS,
    main_loop_tlg,
    qtest_clock_warp,
    timer_del,
    virtual_clock,
)

LONGEST_WAIT: Final = 5
"""Digits: less than 100 s."""
SMALLEST_FRAME: Final = 14
BROADCAST: Final = b"\xff" * 6
SOURCE: Final = bytes.fromhex("525500000001")
EXPERIMENTAL: Final = b"\x88\xb5"
"""The EtherType for local experiments (IEEE 802)."""


def frame_of(text: str) -> bytes:
    """Return a frame: its bytes in hexadecimal, or its size (a broadcast of zeros). BadSetting: neither."""
    if text.isdigit() and len(text) <= len(str(NET_BUFSIZE)):
        size = int(text)
        if not SMALLEST_FRAME <= size <= NET_BUFSIZE:
            raise BadSetting(f"a frame has {SMALLEST_FRAME} to {NET_BUFSIZE} bytes")
        return (BROADCAST + SOURCE + EXPERIMENTAL).ljust(size, b"\0")
    try:
        frame = bytes.fromhex(text)
    except ValueError:
        raise BadSetting(f"a frame is its bytes in hexadecimal, or its size, not '{text[:40]}'") from None
    if len(frame) < SMALLEST_FRAME:
        raise BadSetting(f"a frame has at least {SMALLEST_FRAME} bytes")
    return frame


def client(name: str, index: int = 0) -> NetClientState:
    """Return a queue of a client, card or backend. BadSetting: there is none."""
    found = qemu_find_net_clients_except(name, None, index + 1)
    if len(found) <= index:
        raise BadSetting(f"no network client '{name}'" if not found else f"'{name}' has {len(found)} queues")
    return found[index]


def _waiting(nc: NetClientState) -> int:
    queue: NetQueue | None = nc.peer.incoming_queue if nc.peer else None
    return len(queue.packets) if queue else 0


def _served_outside(nc: NetClientState) -> bool:
    """Tell whether vhost serves the queues while a driver runs the card: frames go past the emulator."""
    net = get_vhost_net(nc)
    return net is not None and bool(net.dev.started)


def _send(words: list[str]) -> str:
    """``host send CLIENT FRAME [QUEUE]``: the client sends a frame to its peer."""
    if len(words) not in {2, 3} or (len(words) == 3 and not words[2].isdigit()):
        raise BadSetting("host send CLIENT HEX|SIZE [QUEUE]")
    nc = client(words[0], int(words[2]) if len(words) == 3 else 0)
    frame = frame_of(words[1])
    if not nc.peer:
        return f"{nc.name} has no peer: the frame is lost\n"
    if nc.link_down:
        return f"the link of {nc.name} is down: the frame is lost\n"
    if _served_outside(nc) or _served_outside(nc.peer):
        return f"not modelled: what vhost does with frames; it serves the queues of {nc.name} and {nc.peer.name}\n"
    before = _waiting(nc)
    taken = qemu_send_packet(nc, frame, len(frame))
    if _waiting(nc) > before:
        return f"{len(frame)} bytes wait for {nc.peer.name}\n"
    if taken == 0:
        return f"{nc.peer.name} cannot take the frame, and its queue is full: it is lost\n"
    return f"{nc.peer.name} took {taken} bytes\n" if taken > 0 else f"{nc.peer.name} refused the frame ({taken})\n"


def _peer(words: list[str]) -> VhostUserPeer:
    if len(words) != 1:
        raise BadSetting("host peer-come|peer-gone PATH")
    peer = host().peers.get(words[0])
    if not isinstance(peer, VhostUserPeer):
        raise BadSetting(f"nobody is to be at '{words[0]}': host with vhost-user {words[0]}")
    return peer


def _peer_gone(words: list[str]) -> str:
    """``host peer-gone PATH``: the program there ends."""
    _peer(words).go()
    return ""


def _peer_come(words: list[str]) -> str:
    """``host peer-come PATH``: the program there begins."""
    peer = _peer(words)
    if peer.socket is not None or peer.end is not None:
        raise BadSetting(f"'{words[0]}' is there already")
    peer.come()
    return ""


def _with(words: list[str]) -> str:
    """``host with KIND NAME [WORD or NAME=VALUE ...]``."""
    if len(words) < 2:
        raise BadSetting("host with KIND NAME [WORD or NAME=VALUE ...]")
    have(words[0], words[1], words[2:])
    return ""


def _without(words: list[str]) -> str:
    """``host without NAME``."""
    if len(words) != 1:
        raise BadSetting("host without NAME")
    lack(words[0])
    return ""


def _wait(words: list[str]) -> str:
    """``host wait [MILLISECONDS]``: time passes, for the guest and for the host."""
    if len(words) > 1 or (words and not (words[0].isdigit() and len(words[0]) <= LONGEST_WAIT)):
        raise BadSetting("host wait [MILLISECONDS]")
    nanoseconds = int(words[0]) * SCALE_MS if words else 0
    qtest_clock_warp(virtual_clock().ns + nanoseconds)
    due = [ts for ts in main_loop_tlg().tl[QEMU_CLOCK_REALTIME].active_timers if ts.expire_time <= nanoseconds]
    for ts in due:
        timer_del(ts)
        assert ts.cb is not None
        ts.cb(ts.opaque)
    return ""


def _sockets(words: list[str]) -> str:
    """``host peers``: who is at which path, and what it was asked."""
    if words:
        raise BadSetting("host peers")
    lines = []
    for path, peer in host().peers.items():
        if isinstance(peer, VhostUserPeer):
            state = "connected" if peer.end is not None else "listening" if peer.socket is not None else "absent"
            lines.append(f"{path}: vhost-user, {state}, {len(peer.requests)} requests\n")
    return "".join(lines) or "nobody\n"


COMMANDS: Final[dict[str, Callable[[list[str]], str]]] = {
    "send": _send,
    "peer-gone": _peer_gone,
    "peer-come": _peer_come,
    "peers": _sockets,
    "wait": _wait,
    "with": _with,
    "without": _without,
}


def is_host_command(line: str) -> bool:
    """Tell whether a line is for the host."""
    return line.split(None, 1)[:1] == ["host"]


def is_host_setting(line: str) -> bool:
    """Tell whether a line sets the host up; such lines at the head of the commands come before the program starts."""
    return line.split()[:2] in (["host", "with"], ["host", "without"])


def run_host_command(line: str) -> str:
    """Do a line, ``host ...``, and what follows in the main loop; return what is to be shown.

    A line that is not understood says so. NotModelled, QemuExit: what follows in the program.
    """
    words = line.split()[1:]
    action = COMMANDS.get(words[0]) if words else None
    if action is None:
        return f"host {'|'.join(COMMANDS)}\n"
    try:
        shown = action(words[1:])
    except BadSetting as err:
        return f"{err}\n"
    if not is_host_setting(line):
        run_main_loop()
    return shown


def prepare_host(line: str) -> None:
    """Set the host up before the program starts; recorded as Messages, as Machine.perform does."""
    recorder().message("command", line)
    shown = run_host_command(line)
    if shown:
        recorder().message("monitor", shown)


host_lines.append(lambda rest: run_host_command(f"host {rest}"))
