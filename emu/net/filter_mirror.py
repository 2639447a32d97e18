"""Filters that copy packets to another program, or lead them through it (net/filter-mirror.c)."""

from __future__ import annotations

import errno
import os
from typing import Any, ClassVar, Final

from emu.chardev.char import qemu_chr_find
from emu.chardev.char_fe import (
    qemu_chr_fe_backend_connected,
    qemu_chr_fe_deinit,
    qemu_chr_fe_init,
    qemu_chr_fe_set_handlers,
    qemu_chr_fe_write_all,
)
from emu.chardev.structs import CHR_EVENT_CLOSED, CharBackend
from emu.net.filter.receive import (
    NET_FILTER_DIRECTION_ALL,
    NET_FILTER_DIRECTION_RX,
    NET_FILTER_DIRECTION_TX,
    NETFILTER,
    NETFILTER_CLASS,
    TYPE_NETFILTER,
    NetFilterState,
)
from emu.net.filter.types import qemu_netfilter_pass_to_next
from emu.net.net.readstate import net_fill_rstate, net_socket_rs_init
from emu.net.net.structs import NET_BUFSIZE, NetClientState, SocketReadState
from emu.net.queue import NetPacketSent
from emu.qapi.error import ERROR_CLASS_DEVICE_NOT_FOUND, error_set, error_setg
from emu.qemu.module import type_init
from emu.qom.object import (
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add_bool,
    object_class_property_add_str,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.trace import container_of, embedded, emulates
from emu.util.error_report import error_report

TYPE_FILTER_MIRROR: Final = "filter-mirror"
TYPE_FILTER_REDIRECTOR: Final = "filter-redirector"
REDIRECTOR_MAX_LEN: Final = NET_BUFSIZE


class MirrorState(Part):
    """Either filter."""

    SIZE: ClassVar[int] = 69896
    indev: str | None = None
    outdev: str | None = None
    chr_in: CharBackend = embedded(CharBackend)
    chr_out: CharBackend = embedded(CharBackend)
    rs: SocketReadState = embedded(SocketReadState)
    vnet_hdr: bool = False


FILTER_MIRROR = caster(MirrorState, TYPE_FILTER_MIRROR)
FILTER_REDIRECTOR = caster(MirrorState, TYPE_FILTER_REDIRECTOR)


@emulates
def _filter_send(s: MirrorState, buf: bytes, size: int) -> int:
    """net/filter-mirror.c. Sends a packet after its length; returns its size or a negative errno."""
    nf: NetFilterState = NETFILTER(s)
    assert nf.netdev
    parts = [size.to_bytes(4, "big")]
    if s.vnet_hdr:
        parts.append(nf.netdev.vnet_hdr_len.to_bytes(4, "big"))
    for part in (*parts, buf[:size]):
        ret = qemu_chr_fe_write_all(s.chr_out, part, len(part))
        if ret != len(part):
            return ret if ret < 0 else -errno.EIO
    return size


@emulates
def filter_send(s: MirrorState, iov: tuple[bytes, ...], iovcnt: int) -> int:
    """net/filter-mirror.c. Sends a packet, in a coroutine that is waited for."""
    buf = b"".join(iov[:iovcnt])
    return _filter_send(s, buf, len(buf)) if buf else 0


@emulates
def redirector_to_filter(nf: NetFilterState, buf: bytes, len: int) -> None:
    """net/filter-mirror.c. Lets a packet that came from the other program go on."""
    assert nf.netdev
    if nf.direction in {NET_FILTER_DIRECTION_ALL, NET_FILTER_DIRECTION_TX}:
        qemu_netfilter_pass_to_next(nf.netdev, 0, (buf[:len],), 1, nf)

    if nf.direction in {NET_FILTER_DIRECTION_ALL, NET_FILTER_DIRECTION_RX}:
        qemu_netfilter_pass_to_next(nf.netdev.peer, 0, (buf[:len],), 1, nf)


@emulates
def redirector_chr_can_read(opaque: NetFilterState) -> int:
    """net/filter-mirror.c."""
    return REDIRECTOR_MAX_LEN


@emulates
def redirector_chr_read(opaque: NetFilterState, buf: bytes, size: int) -> None:
    """net/filter-mirror.c. Bytes from the other program; no more of them after a packet that is too long."""
    s = FILTER_REDIRECTOR(opaque)

    if net_fill_rstate(s.rs, buf, size) == -1:
        qemu_chr_fe_set_handlers(s.chr_in, None, None, None, None)


@emulates
def redirector_chr_event(opaque: NetFilterState, event: int) -> None:
    """net/filter-mirror.c. The other program has gone."""
    if event == CHR_EVENT_CLOSED:
        qemu_chr_fe_set_handlers(FILTER_REDIRECTOR(opaque).chr_in, None, None, None, None)


@emulates
def filter_mirror_receive_iov(
    nf: NetFilterState,
    sender: NetClientState,
    flags: int,
    iov: tuple[bytes, ...],
    iovcnt: int,
    sent_cb: NetPacketSent | None,
) -> int:
    """net/filter-mirror.c. Copies the packet and lets it pass, even if the copy fails."""
    ret = filter_send(FILTER_MIRROR(nf), iov, iovcnt)
    if ret < 0:
        error_report(f"filter mirror send failed({os.strerror(-ret)})")

    return 0


@emulates
def filter_redirector_receive_iov(
    nf: NetFilterState,
    sender: NetClientState,
    flags: int,
    iov: tuple[bytes, ...],
    iovcnt: int,
    sent_cb: NetPacketSent | None,
) -> int:
    """net/filter-mirror.c. Takes the packet if there is a program to send it to."""
    s = FILTER_REDIRECTOR(nf)

    if not qemu_chr_fe_backend_connected(s.chr_out):
        return 0
    ret = filter_send(s, iov, iovcnt)
    if ret < 0:
        error_report(f"filter redirector send failed({os.strerror(-ret)})")
    return ret


@emulates
def filter_mirror_cleanup(nf: NetFilterState) -> None:
    """net/filter-mirror.c."""
    qemu_chr_fe_deinit(FILTER_MIRROR(nf).chr_out, False)


@emulates
def filter_redirector_cleanup(nf: NetFilterState) -> None:
    """net/filter-mirror.c."""
    s = FILTER_REDIRECTOR(nf)

    qemu_chr_fe_deinit(s.chr_in, False)
    qemu_chr_fe_deinit(s.chr_out, False)


@emulates
def filter_mirror_setup(nf: NetFilterState) -> None:
    """net/filter-mirror.c. Error: no such character device, or another holds it."""
    s = FILTER_MIRROR(nf)

    if s.outdev is None:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, "filter-mirror parameter 'outdev' cannot be empty")

    chr_ = qemu_chr_find(s.outdev)
    if chr_ is None:
        error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"Device '{s.outdev}' not found")

    qemu_chr_fe_init(s.chr_out, chr_)


@emulates
def redirector_rs_finalize(rs: SocketReadState) -> None:
    """net/filter-mirror.c. A packet is complete."""
    redirector_to_filter(NETFILTER(container_of(rs)), rs.buf, rs.packet_len)


@emulates
def filter_redirector_setup(nf: NetFilterState) -> None:
    """net/filter-mirror.c. Error: no character device, the same twice, no such, or another holds it."""
    s = FILTER_REDIRECTOR(nf)

    if s.indev is None and s.outdev is None:
        error_setg("filter redirector needs 'indev' or 'outdev' at least one property set")
    if s.indev == s.outdev:
        error_setg("'indev' and 'outdev' could not be same for filter redirector")

    net_socket_rs_init(s.rs, redirector_rs_finalize, s.vnet_hdr)

    if s.indev is not None:
        chr_ = qemu_chr_find(s.indev)
        if chr_ is None:
            error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"IN Device '{s.indev}' not found")

        qemu_chr_fe_init(s.chr_in, chr_)

        qemu_chr_fe_set_handlers(s.chr_in, redirector_chr_can_read, redirector_chr_read, redirector_chr_event, nf)

    if s.outdev is not None:
        chr_ = qemu_chr_find(s.outdev)
        if chr_ is None:
            error_set(ERROR_CLASS_DEVICE_NOT_FOUND, f"OUT Device '{s.outdev}' not found")
        qemu_chr_fe_init(s.chr_out, chr_)


@emulates
def filter_redirector_get_indev(obj: Object) -> str | None:
    """net/filter-mirror.c. Property ``indev``."""
    return FILTER_REDIRECTOR(obj).indev


@emulates
def filter_redirector_set_indev(obj: Object, value: str) -> None:
    """net/filter-mirror.c."""
    FILTER_REDIRECTOR(obj).indev = value


@emulates
def filter_mirror_get_outdev(obj: Object) -> str | None:
    """net/filter-mirror.c. Property ``outdev``."""
    return FILTER_MIRROR(obj).outdev


@emulates
def filter_mirror_set_outdev(obj: Object, value: str) -> None:
    """net/filter-mirror.c."""
    FILTER_MIRROR(obj).outdev = value


@emulates
def filter_mirror_get_vnet_hdr(obj: Object) -> bool:
    """net/filter-mirror.c. Property ``vnet_hdr_support``."""
    return FILTER_MIRROR(obj).vnet_hdr


@emulates
def filter_mirror_set_vnet_hdr(obj: Object, value: bool) -> None:
    """net/filter-mirror.c."""
    FILTER_MIRROR(obj).vnet_hdr = value


@emulates
def filter_redirector_get_outdev(obj: Object) -> str | None:
    """net/filter-mirror.c. Property ``outdev``."""
    return FILTER_REDIRECTOR(obj).outdev


@emulates
def filter_redirector_set_outdev(obj: Object, value: str) -> None:
    """net/filter-mirror.c."""
    FILTER_REDIRECTOR(obj).outdev = value


@emulates
def filter_redirector_get_vnet_hdr(obj: Object) -> bool:
    """net/filter-mirror.c. Property ``vnet_hdr_support``."""
    return FILTER_REDIRECTOR(obj).vnet_hdr


@emulates
def filter_redirector_set_vnet_hdr(obj: Object, value: bool) -> None:
    """net/filter-mirror.c."""
    FILTER_REDIRECTOR(obj).vnet_hdr = value


@emulates
def filter_mirror_class_init(oc: ObjectClass, data: Any) -> None:
    """net/filter-mirror.c."""
    nfc = NETFILTER_CLASS(oc)

    object_class_property_add_str(oc, "outdev", filter_mirror_get_outdev, filter_mirror_set_outdev)
    object_class_property_add_bool(oc, "vnet_hdr_support", filter_mirror_get_vnet_hdr, filter_mirror_set_vnet_hdr)

    nfc.setup = filter_mirror_setup
    nfc.cleanup = filter_mirror_cleanup
    nfc.receive_iov = filter_mirror_receive_iov


@emulates
def filter_redirector_class_init(oc: ObjectClass, data: Any) -> None:
    """net/filter-mirror.c."""
    nfc = NETFILTER_CLASS(oc)

    object_class_property_add_str(oc, "indev", filter_redirector_get_indev, filter_redirector_set_indev)
    object_class_property_add_str(oc, "outdev", filter_redirector_get_outdev, filter_redirector_set_outdev)
    object_class_property_add_bool(oc, "vnet_hdr_support", filter_redirector_get_vnet_hdr, filter_redirector_set_vnet_hdr)

    nfc.setup = filter_redirector_setup
    nfc.cleanup = filter_redirector_cleanup
    nfc.receive_iov = filter_redirector_receive_iov


@emulates
def filter_mirror_init(obj: Object) -> None:
    """net/filter-mirror.c."""
    FILTER_MIRROR(obj).vnet_hdr = False


@emulates
def filter_redirector_init(obj: Object) -> None:
    """net/filter-mirror.c."""
    FILTER_REDIRECTOR(obj).vnet_hdr = False


@emulates
def filter_mirror_fini(obj: Object) -> None:
    """net/filter-mirror.c."""
    FILTER_MIRROR(obj).outdev = None


@emulates
def filter_redirector_fini(obj: Object) -> None:
    """net/filter-mirror.c."""
    s = FILTER_REDIRECTOR(obj)
    s.indev = None
    s.outdev = None


filter_redirector_info = TypeInfo(
    name=TYPE_FILTER_REDIRECTOR,
    parent=TYPE_NETFILTER,
    class_init=filter_redirector_class_init,
    instance_init=filter_redirector_init,
    instance_finalize=filter_redirector_fini,
    instance=MirrorState,
)

filter_mirror_info = TypeInfo(
    name=TYPE_FILTER_MIRROR,
    parent=TYPE_NETFILTER,
    class_init=filter_mirror_class_init,
    instance_init=filter_mirror_init,
    instance_finalize=filter_mirror_fini,
    instance=MirrorState,
)


@type_init
@emulates
def register_types() -> None:
    """net/filter-mirror.c."""
    type_register_static(filter_mirror_info)
    type_register_static(filter_redirector_info)
