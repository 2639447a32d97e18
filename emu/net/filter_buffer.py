"""A filter that holds packets back and lets them go from time to time (net/filter-buffer.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.net.filter.receive import NETFILTER_CLASS, TYPE_NETFILTER, NetFilterState
from emu.net.filter.types import qemu_netfilter_pass_to_next
from emu.net.net.structs import NetClientState
from emu.net.queue import (
    NetPacketSent,
    NetQueue,
    qemu_net_queue_append_iov,
    qemu_net_queue_flush,
    qemu_net_queue_purge,
    qemu_new_net_queue,
)
from emu.qapi.error import error_setg
from emu.qapi.visitor import Visitor, visit_type_uint32
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, object_class_property_add, object_get_typename, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import embedded, emulates, g_free
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, SCALE_US, QEMUTimer, qemu_clock_get_ns, timer_del, timer_init_full, timer_mod

TYPE_FILTER_BUFFER: Final = "filter-buffer"


class FilterBufferState(Part):
    """The filter; ``interval`` in microseconds."""

    SIZE: ClassVar[int] = 160
    incoming_queue: NetQueue | None = None
    interval: int = 0
    release_timer: QEMUTimer = embedded(QEMUTimer)


FILTER_BUFFER = caster(FilterBufferState, TYPE_FILTER_BUFFER)


def _after_interval(s: FilterBufferState) -> None:
    timer_mod(s.release_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) // SCALE_US + s.interval)


@emulates
def filter_buffer_flush(nf: NetFilterState) -> None:
    """net/filter-buffer.c. Lets all packets go; what the receiver does not take is lost."""
    s = FILTER_BUFFER(nf)
    assert s.incoming_queue

    if not qemu_net_queue_flush(s.incoming_queue):
        qemu_net_queue_purge(s.incoming_queue, nf.netdev)


@emulates
def filter_buffer_release_timer(opaque: NetFilterState) -> None:
    """net/filter-buffer.c. The time is over; the next begins."""
    nf = opaque

    filter_buffer_flush(nf)
    _after_interval(FILTER_BUFFER(nf))


@emulates
def filter_buffer_receive_iov(
    nf: NetFilterState,
    sender: NetClientState,
    flags: int,
    iov: tuple[bytes, ...],
    iovcnt: int,
    sent_cb: NetPacketSent | None,
) -> int:
    """net/filter-buffer.c. Takes the packet: for the sender it is away."""
    s = FILTER_BUFFER(nf)
    assert s.incoming_queue

    qemu_net_queue_append_iov(s.incoming_queue, sender, flags, iov, iovcnt, None)
    return sum(map(len, iov[:iovcnt]))


@emulates
def filter_buffer_cleanup(nf: NetFilterState) -> None:
    """net/filter-buffer.c."""
    s = FILTER_BUFFER(nf)

    if s.interval:
        timer_del(s.release_timer)

    if s.incoming_queue:
        filter_buffer_flush(nf)
        g_free(s.incoming_queue)
        s.incoming_queue = None


@emulates
def filter_buffer_setup_timer(nf: NetFilterState) -> None:
    """net/filter-buffer.c."""
    s = FILTER_BUFFER(nf)

    if s.interval:
        timer_init_full(s.release_timer, QEMU_CLOCK_VIRTUAL, SCALE_US, 0, filter_buffer_release_timer, nf)
        _after_interval(s)


@emulates
def filter_buffer_setup(nf: NetFilterState) -> None:
    """net/filter-buffer.c. Error: no interval."""
    s = FILTER_BUFFER(nf)

    if not s.interval:
        error_setg("Parameter 'interval' expects a non-zero interval")

    s.incoming_queue = qemu_new_net_queue(qemu_netfilter_pass_to_next, nf)
    filter_buffer_setup_timer(nf)


@emulates
def filter_buffer_status_changed(nf: NetFilterState) -> None:
    """net/filter-buffer.c. Switched off, it holds nothing."""
    s = FILTER_BUFFER(nf)

    if not nf.on:
        if s.interval:
            timer_del(s.release_timer)
        filter_buffer_flush(nf)
    else:
        filter_buffer_setup_timer(nf)


@emulates
def filter_buffer_get_interval(obj: Object, v: Visitor, name: str, opaque: Any) -> None:
    """net/filter-buffer.c. Property ``interval``."""
    visit_type_uint32(v, name, FILTER_BUFFER(obj).interval)


@emulates
def filter_buffer_set_interval(obj: Object, v: Visitor, name: str, opaque: Any) -> None:
    """net/filter-buffer.c. Error: no number of 32 bits, or 0."""
    value = visit_type_uint32(v, name, 0)
    if not value:
        error_setg(f"Property '{object_get_typename(obj)}.{name}' requires a positive value")
    FILTER_BUFFER(obj).interval = value


@emulates
def filter_buffer_class_init(oc: ObjectClass, data: Any) -> None:
    """net/filter-buffer.c."""
    nfc = NETFILTER_CLASS(oc)

    object_class_property_add(oc, "interval", "uint32", filter_buffer_get_interval, filter_buffer_set_interval)

    nfc.setup = filter_buffer_setup
    nfc.cleanup = filter_buffer_cleanup
    nfc.receive_iov = filter_buffer_receive_iov
    nfc.status_changed = filter_buffer_status_changed


filter_buffer_info = TypeInfo(
    name=TYPE_FILTER_BUFFER,
    parent=TYPE_NETFILTER,
    class_init=filter_buffer_class_init,
    instance=FilterBufferState,
)


@type_init
@emulates
def register_types() -> None:
    """net/filter-buffer.c."""
    type_register_static(filter_buffer_info)
