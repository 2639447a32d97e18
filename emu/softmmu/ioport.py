"""I/O ports: access from outside, and lists of ports that make up regions (softmmu/ioport.c, include/exec/ioport.h)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from emu.qom.object import OBJECT, object_unparent
from emu.qom.parts import Part
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    MEMTXATTRS_UNSPECIFIED,
    UINT64_MAX,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init_io,
    memory_region_set_flush_coalesced,
)
from emu.trace import Ptr, Seq, Struct, container_of, emulates, g_free, seq


def unassigned_io_read(_opaque: Any, _addr: int, _size: int) -> int:
    """Read a port that nothing answers: all ones."""
    return UINT64_MAX


def unassigned_io_write(_opaque: Any, _addr: int, _val: int, _size: int) -> None:
    """Write a port that nothing answers."""


unassigned_io_ops: Final = MemoryRegionOps(name="unassigned_io_ops", read=unassigned_io_read, write=unassigned_io_write)


def _out(addr: int, val: int, size: int) -> None:
    data = (val & ((1 << 8 * size) - 1)).to_bytes(size, "little")
    physmem.address_space_write(physmem.address_space_io(), addr, MEMTXATTRS_UNSPECIFIED, data)


def _in(addr: int, size: int) -> int:
    _, data = physmem.address_space_read(physmem.address_space_io(), addr, MEMTXATTRS_UNSPECIFIED, size)
    return int.from_bytes(data, "little")


@emulates
def cpu_outb(addr: int, val: int) -> None:
    """Write a byte to a port."""
    _out(addr, val, 1)


@emulates
def cpu_outw(addr: int, val: int) -> None:
    """Write two bytes to ports."""
    _out(addr, val, 2)


@emulates
def cpu_outl(addr: int, val: int) -> None:
    """Write four bytes to ports."""
    _out(addr, val, 4)


@emulates
def cpu_inb(addr: int) -> int:
    """Read a byte from a port."""
    return _in(addr, 1)


@emulates
def cpu_inw(addr: int) -> int:
    """Read two bytes from ports."""
    return _in(addr, 2)


@emulates
def cpu_inl(addr: int) -> int:
    """Read four bytes from ports."""
    return _in(addr, 4)


class MemoryRegionPortio(NamedTuple):
    """Ports of a device: ``len`` of them from ``offset`` on, accessed ``size`` bytes at a time.

    ``read(opaque, port)`` returns the value, ``write(opaque, port, value)``; ``base`` is where the device lies.
    """

    offset: int
    len: int
    size: int
    read: Callable[[Any, int], int] | None = None
    write: Callable[[Any, int, int], None] | None = None
    base: int = 0


class MemoryRegionPortioList(Struct):
    """The region of one run of ports."""

    mr: MemoryRegion | None = None
    portio_opaque: Any = None

    def ports(self) -> Sequence[MemoryRegionPortio]:
        """Return the ports, by offset within the region."""
        ports: Sequence[MemoryRegionPortio] = self.__dict__["_ports"]
        return ports


class PortioList(Struct):
    """All ports of a device."""

    regions: Seq[MemoryRegion] = seq()
    nr: int = 0
    address_space: MemoryRegion | None = None
    opaque: Any = None
    owner: Part | None = None
    name: str | None = None
    flush_coalesced_mmio: bool = False


@emulates
def portio_list_init(
    piolist: PortioList, owner: Part | None, callbacks: Sequence[MemoryRegionPortio], opaque: Any, name: str
) -> None:
    """Prepare a list of ports, sorted by offset."""
    piolist.__dict__["_ports"] = tuple(callbacks)
    piolist.nr = 0
    piolist.opaque = opaque
    piolist.owner = owner
    piolist.name = name
    piolist.flush_coalesced_mmio = False


@emulates
def portio_list_set_flush_coalesced(piolist: PortioList) -> None:
    """Have batched writes done before the ports are accessed."""
    piolist.flush_coalesced_mmio = True


@emulates
def portio_list_destroy(piolist: PortioList) -> None:
    """Give the regions of the ports back."""
    for region in piolist.regions:
        mrpio = container_of(region)
        object_unparent(OBJECT(region))
        g_free(mrpio)


def find_portio(mrpio: MemoryRegionPortioList, offset: int, size: int, write: bool) -> MemoryRegionPortio | None:
    """Return the entry that answers an access."""
    for mrp in mrpio.ports():
        callback = mrp.write if write else mrp.read
        if mrp.offset <= offset < mrp.offset + mrp.len and size == mrp.size and callback is not None:
            return mrp
    return None


@emulates
def portio_read(opaque: MemoryRegionPortioList, addr: int, size: int) -> int:
    """Read ports; two bytes may come from two ports of one byte."""
    mrp = find_portio(opaque, addr, size, False)
    if mrp is not None and mrp.read is not None:
        return mrp.read(opaque.portio_opaque, mrp.base + addr)
    data = (1 << size * 8) - 1
    mrp = find_portio(opaque, addr, 1, False) if size == 2 else None
    if mrp is not None and mrp.read is not None:
        data = mrp.read(opaque.portio_opaque, mrp.base + addr)
        if addr + 1 < mrp.offset + mrp.len:
            data |= mrp.read(opaque.portio_opaque, mrp.base + addr + 1) << 8
        else:
            data |= 0xFF00
    return data


@emulates
def portio_write(opaque: MemoryRegionPortioList, addr: int, data: int, size: int) -> None:
    """Write ports; two bytes may go to two ports of one byte."""
    mrp = find_portio(opaque, addr, size, True)
    if mrp is not None and mrp.write is not None:
        mrp.write(opaque.portio_opaque, mrp.base + addr, data)
        return
    mrp = find_portio(opaque, addr, 1, True) if size == 2 else None
    if mrp is not None and mrp.write is not None:
        mrp.write(opaque.portio_opaque, mrp.base + addr, data & 0xFF)
        if addr + 1 < mrp.offset + mrp.len:
            mrp.write(opaque.portio_opaque, mrp.base + addr + 1, data >> 8)


portio_ops: Final = MemoryRegionOps(
    name="portio_ops",
    read=portio_read,
    write=portio_write,
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(unaligned=True),
    impl=Impl(unaligned=True),
)


@emulates
def portio_list_add_1(piolist: PortioList, ports: Sequence[MemoryRegionPortio], start: int, off_low: int, off_high: int) -> None:
    """Make a region of ports that lie together."""
    mrpio = MemoryRegionPortioList(portio_opaque=piolist.opaque)
    mrpio.__dict__["_ports"] = tuple(p._replace(offset=p.offset - off_low, base=start + off_low) for p in ports)
    memory_region_init_io(Ptr(mrpio, "mr"), piolist.owner, portio_ops, mrpio, piolist.name, off_high - off_low)
    region = mrpio.mr
    assert region is not None
    assert piolist.address_space is not None
    if piolist.flush_coalesced_mmio:
        memory_region_set_flush_coalesced(region)
    memory_region_add_subregion(piolist.address_space, start + off_low, region)
    piolist.regions.append(region)
    piolist.nr += 1


@emulates
def portio_list_add(piolist: PortioList, address_space: MemoryRegion, start: int) -> None:
    """Put the ports of a device at ``start``; each hole between them begins a new region."""
    ports: tuple[MemoryRegionPortio, ...] = piolist.__dict__["_ports"]
    piolist.address_space = address_space
    first = ports[0]
    off_low = first.offset
    off_high = off_low + first.len + first.size - 1
    run = [first]
    for pio in ports[1:]:
        assert pio.offset >= run[-1].offset
        if pio.offset > off_high:
            portio_list_add_1(piolist, run, start, off_low, off_high)
            run = [pio]
            off_low = pio.offset
            off_high = off_low + pio.len + pio.size - 1
            continue
        run.append(pio)
        if pio.offset + pio.len > off_high:
            # QEMU takes the width of the run's first entry
            off_high = pio.offset + pio.len + run[0].size - 1
    portio_list_add_1(piolist, run, start, off_low, off_high)


@emulates
def portio_list_del(piolist: PortioList) -> None:
    """Take the ports of a device out of the address space."""
    assert piolist.address_space is not None
    for region in piolist.regions:
        memory_region_del_subregion(piolist.address_space, region)


from emu.softmmu import physmem  # noqa: E402  # ports are an address space, whose root answers with the functions above
