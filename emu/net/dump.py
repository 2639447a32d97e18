"""A filter that writes what passes to a file, in the format of libpcap (net/dump.c)."""

from __future__ import annotations

import struct
from typing import Any, ClassVar, Final

from emu.host import SimulatedError, host
from emu.host.dumps import DumpFile, open_dump
from emu.net.filter.receive import NETFILTER_CLASS, TYPE_NETFILTER, NetFilterState
from emu.net.net.structs import NetClientState
from emu.net.queue import NetPacketSent
from emu.qapi.error import error_setg, error_setg_errno
from emu.qapi.visitor import Visitor, visit_type_uint32
from emu.qemu.module import type_init
from emu.qom.object import (
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_class_property_add_str,
    object_get_typename,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.trace import Struct, embedded, emulates
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, SCALE_US, qemu_clock_get_ns

TYPE_FILTER_DUMP: Final = "filter-dump"
PCAP_MAGIC: Final = 0xA1B2C3D4
PCAP_FILE_HDR: Final = struct.Struct("<IHHiIII")
PCAP_SF_PKTHDR: Final = struct.Struct("<iiII")
LINKTYPE_ETHERNET: Final = 1


class DumpState(Struct):
    """An open file; ``start_ts`` in seconds."""

    start_ts: int = 0
    fd: int = 0
    pcap_caplen: int = 0


class NetFilterDumpState(Part):
    """The filter."""

    SIZE: ClassVar[int] = 128
    ds: DumpState = embedded(DumpState)
    filename: str | None = None
    maxlen: int = 0


FILTER_DUMP = caster(NetFilterDumpState, TYPE_FILTER_DUMP)


def _write(fd: int, data: bytes) -> None:
    file = host().get(fd)
    assert isinstance(file, DumpFile)
    file.write(data)


@emulates
def dump_receive_iov(s: DumpState, iov: tuple[bytes, ...], cnt: int) -> int:
    """net/dump.c. Writes a packet, cut to the length wanted; returns its size."""
    packet = b"".join(iov[:cnt])
    if s.fd < 0:
        return len(packet)

    ts = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) // SCALE_US
    kept = packet[: s.pcap_caplen]
    header = PCAP_SF_PKTHDR.pack(ts // 1000000 + s.start_ts, ts % 1000000, len(kept), len(packet))
    _write(s.fd, header + kept)

    return len(packet)


@emulates
def dump_cleanup(s: DumpState) -> None:
    """net/dump.c."""
    host().close(s.fd)
    s.fd = -1


@emulates
def net_dump_state_init(s: DumpState, filename: str, len: int) -> int:
    """net/dump.c. Error: the file cannot be opened."""
    try:
        fd = open_dump(host(), filename)
    except SimulatedError as err:
        error_setg_errno(err.errno, f"net dump: can't open {filename}")

    _write(fd, PCAP_FILE_HDR.pack(PCAP_MAGIC, 2, 4, 0, 0, len, LINKTYPE_ETHERNET))

    s.fd = fd
    s.pcap_caplen = len
    # The time of day stands still here, at the beginning of 1970.
    s.start_ts = 0

    return 0


@emulates
def filter_dump_receive_iov(
    nf: NetFilterState,
    sndr: NetClientState,
    flags: int,
    iov: tuple[bytes, ...],
    iovcnt: int,
    sent_cb: NetPacketSent | None,
) -> int:
    """net/dump.c. Writes the packet and lets it pass."""
    dump_receive_iov(FILTER_DUMP(nf).ds, iov, iovcnt)
    return 0


@emulates
def filter_dump_cleanup(nf: NetFilterState) -> None:
    """net/dump.c."""
    dump_cleanup(FILTER_DUMP(nf).ds)


@emulates
def filter_dump_setup(nf: NetFilterState) -> None:
    """net/dump.c. Error: no file, or it cannot be opened."""
    nfds = FILTER_DUMP(nf)

    if nfds.filename is None:
        error_setg("dump filter needs 'file' property set!")

    net_dump_state_init(nfds.ds, nfds.filename, nfds.maxlen)


@emulates
def filter_dump_get_maxlen(obj: Object, v: Visitor, name: str, opaque: Any) -> None:
    """net/dump.c. Property ``maxlen``."""
    visit_type_uint32(v, name, FILTER_DUMP(obj).maxlen)


@emulates
def filter_dump_set_maxlen(obj: Object, v: Visitor, name: str, opaque: Any) -> None:
    """net/dump.c. Error: no number of 32 bits, or 0."""
    value = visit_type_uint32(v, name, 0)
    if value == 0:
        error_setg(f"Property '{object_get_typename(obj)}.{name}' doesn't take value '{value}'")
    FILTER_DUMP(obj).maxlen = value


@emulates
def file_dump_get_filename(obj: Object) -> str | None:
    """net/dump.c. Property ``file``."""
    return FILTER_DUMP(obj).filename


@emulates
def file_dump_set_filename(obj: Object, value: str) -> None:
    """net/dump.c."""
    FILTER_DUMP(obj).filename = value


@emulates
def filter_dump_instance_init(obj: Object) -> None:
    """net/dump.c."""
    FILTER_DUMP(obj).maxlen = 65536


@emulates
def filter_dump_instance_finalize(obj: Object) -> None:
    """net/dump.c."""
    FILTER_DUMP(obj).filename = None


@emulates
def filter_dump_class_init(oc: ObjectClass, data: Any) -> None:
    """net/dump.c."""
    nfc = NETFILTER_CLASS(oc)

    object_class_property_add(oc, "maxlen", "uint32", filter_dump_get_maxlen, filter_dump_set_maxlen)
    object_class_property_add_str(oc, "file", file_dump_get_filename, file_dump_set_filename)

    nfc.setup = filter_dump_setup
    nfc.cleanup = filter_dump_cleanup
    nfc.receive_iov = filter_dump_receive_iov


filter_dump_info = TypeInfo(
    name=TYPE_FILTER_DUMP,
    parent=TYPE_NETFILTER,
    class_init=filter_dump_class_init,
    instance_init=filter_dump_instance_init,
    instance_finalize=filter_dump_instance_finalize,
    instance=NetFilterDumpState,
)


@type_init
@emulates
def filter_dump_register_types() -> None:
    """net/dump.c."""
    type_register_static(filter_dump_info)
