"""A card tells the network where it is now, by frames that everybody hears (net/announce.c)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from emu.net.net import NICState, qemu_foreach_nic, qemu_get_queue, qemu_send_packet_raw
from emu.trace import Map, Struct, embedded, emulates, g_free, mapping, per_run
from emu.util.qemu_timer import (
    QEMU_CLOCK_REALTIME,
    QEMUClockType,
    QEMUTimer,
    qemu_clock_get_ms,
    timer_free,
    timer_mod,
    timer_new_ms,
)

ETH_P_RARP: Final = 0x8035
ARP_HTYPE_ETH: Final = 0x0001
ARP_PTYPE_IP: Final = 0x0800
ARP_OP_REQUEST_REV: Final = 0x3
ETH_ALEN: Final = 6
ANNOUNCE_FRAME_SIZE: Final = 60


@dataclass(slots=True)
class AnnounceParameters:
    """How often to announce, at what distance in milliseconds, and on which interfaces (qapi/net.json)."""

    initial: int
    max: int
    rounds: int
    step: int
    interfaces: tuple[str, ...] | None = None
    id: str | None = None


class AnnounceTimerParams(Struct):
    """The timer's own copy of the parameters."""

    initial: int = 0
    max: int = 0
    rounds: int = 0
    step: int = 0
    interfaces: tuple[str, ...] | None = None
    id: str | None = None


class AnnounceTimer(Struct):
    """The rounds of announcements that are still to come (include/net/announce.h)."""

    tm: QEMUTimer | None = None
    params: AnnounceTimerParams = embedded(AnnounceTimerParams)
    type: int = 0
    round: int = 0


class NamedTimers(Struct):
    """The file-level state of net/announce.c."""

    named_timers: Map[AnnounceTimer] = mapping()


announce_c = per_run(NamedTimers)


@emulates
def qemu_announce_timer_step(timer: AnnounceTimer) -> int:
    """Arm the timer for the next round; return the distance in milliseconds."""
    step = timer.params.initial + (timer.params.rounds - timer.round - 1) * timer.params.step
    if step < 0 or step > timer.params.max:
        step = timer.params.max
    assert timer.tm is not None
    timer_mod(timer.tm, qemu_clock_get_ms(QEMUClockType(timer.type)) + step)
    return step


@emulates
def qemu_announce_timer_del(timer: AnnounceTimer, free_named: bool) -> None:
    """Give back what a timer holds, and with ``free_named`` a named timer itself."""
    free_timer = False
    if timer.tm is not None:
        timer_free(timer.tm)
        timer.tm = None
    timer.params.interfaces = None
    if free_named and timer.params.id is not None:
        assert announce_c().named_timers[timer.params.id] is timer
        free_timer = True
        del announce_c().named_timers[timer.params.id]
    timer.params.id = None
    if free_timer:
        g_free(timer)


@emulates
def qemu_announce_timer_reset(
    timer: AnnounceTimer,
    params: AnnounceParameters,
    type: QEMUClockType,
    cb: Callable[[Any], None],
    opaque: Any,
) -> None:
    """Begin anew: take the parameters over, make the timer."""
    qemu_announce_timer_del(timer, False)
    timer.params.initial = params.initial
    timer.params.max = params.max
    timer.params.rounds = params.rounds
    timer.params.step = params.step
    timer.params.interfaces = params.interfaces
    timer.params.id = params.id
    timer.round = params.rounds
    timer.type = int(type)
    timer.tm = timer_new_ms(type, cb, opaque)


@emulates
def announce_self_create(mac_addr: bytes) -> bytes:
    """Return a RARP request that asks everybody for the address of a card (RFC 903), 60 bytes."""
    frame = b"\xff" * ETH_ALEN + mac_addr + ETH_P_RARP.to_bytes(2, "big")
    frame += ARP_HTYPE_ETH.to_bytes(2, "big") + ARP_PTYPE_IP.to_bytes(2, "big") + bytes([ETH_ALEN, 4])
    frame += ARP_OP_REQUEST_REV.to_bytes(2, "big") + mac_addr + bytes(4) + mac_addr + bytes(4)
    return frame.ljust(ANNOUNCE_FRAME_SIZE, b"\0")


@emulates
def qemu_announce_self_iter(nic: NICState, opaque: Any) -> None:
    """Announce one card, if its interface is among those asked for."""
    timer: AnnounceTimer = opaque
    interfaces = timer.params.interfaces
    if interfaces is not None and nic.ncs[0].name not in interfaces:
        return
    assert nic.conf is not None
    buf = announce_self_create(bytes(nic.conf.macaddr.a))
    qemu_send_packet_raw(qemu_get_queue(nic), buf, len(buf))
    if nic.ncs[0].info.announce:
        nic.ncs[0].info.announce(nic.ncs[0])


@emulates
def qemu_announce_self_once(opaque: Any) -> None:
    """One round."""
    timer: AnnounceTimer = opaque
    qemu_foreach_nic(qemu_announce_self_iter, timer)
    timer.round -= 1
    if timer.round:
        qemu_announce_timer_step(timer)
    else:
        qemu_announce_timer_del(timer, True)


@emulates
def qemu_announce_self(timer: AnnounceTimer, params: AnnounceParameters) -> None:
    """Announce all cards, as many rounds as asked for."""
    qemu_announce_timer_reset(timer, params, QEMU_CLOCK_REALTIME, qemu_announce_self_once, timer)
    if params.rounds:
        qemu_announce_self_once(timer)
    else:
        qemu_announce_timer_del(timer, True)


@emulates
def qmp_announce_self(params: AnnounceParameters) -> None:
    """QMP command ``announce-self``; a timer is named so that it can be begun anew."""
    if params.id is None:
        params.id = ""
    named_timer = announce_c().named_timers.get(params.id)
    if named_timer is None:
        named_timer = AnnounceTimer()
        announce_c().named_timers[params.id] = named_timer
    qemu_announce_self(named_timer, params)
