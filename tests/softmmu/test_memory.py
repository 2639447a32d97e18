"""softmmu/memory.c and softmmu/physmem.c: the region tree, what address spaces show of it, accesses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emu.qom.container import container_register_types
from emu.qom.object import OBJECT, object_get_canonical_path, object_property_print, object_unref
from emu.qom.object.base import register_types
from emu.softmmu.ioport import MemoryRegionPortio, PortioList, portio_list_add, portio_list_init
from emu.softmmu.memory import (
    DEVICE_BIG_ENDIAN,
    DEVICE_LITTLE_ENDIAN,
    MEMTX_DECODE_ERROR,
    MEMTX_OK,
    MEMTXATTRS_UNSPECIFIED,
    UINT64_MAX,
    AddressSpace,
    Impl,
    MemoryListener,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    address_space_destroy,
    address_space_init,
    address_space_to_flatview,
    memory_globals,
    memory_listener_register,
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_del_subregion,
    memory_region_dispatch_read,
    memory_region_dispatch_write,
    memory_region_find,
    memory_region_init,
    memory_region_init_alias,
    memory_region_init_io,
    memory_region_init_ram_nomigrate,
    memory_region_init_rom_nomigrate,
    memory_region_set_address,
    memory_region_set_enabled,
    memory_region_size,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
    transaction,
)
from emu.softmmu.memory.subpage import subpage_t
from emu.softmmu.memory.types import memory_register_types
from emu.softmmu.physmem import address_space_ld, address_space_read, address_space_st, address_space_write
from emu.trace import Ptr, Recorder, Struct
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot

IO = MemoryRegionOps(name="test_ops", read=lambda opaque, addr, size: addr, write=lambda opaque, addr, val, size: None)


class Holder(Struct):
    mr: MemoryRegion | None = None


@pytest.fixture
def rec() -> Iterator[Recorder]:
    with started() as recorder:
        yield recorder


@contextmanager
def started() -> Iterator[Recorder]:
    """A run with the types that memory needs."""
    recorder = Recorder()
    with recorder.active():
        for register in (register_types, container_register_types, memory_register_types):
            register()
        yield recorder


def make(init: Any, *args: Any) -> MemoryRegion:
    holder = Holder()
    init(Ptr(holder, "mr"), *args)
    assert holder.mr is not None
    return holder.mr


def container(name: str, size: int) -> MemoryRegion:
    return make(memory_region_init, None, name, size)


def device(name: str, size: int, ops: MemoryRegionOps = IO, opaque: Any = None) -> MemoryRegion:
    return make(memory_region_init_io, None, ops, opaque, name, size)


def alias(name: str, orig: MemoryRegion, offset: int, size: int) -> MemoryRegion:
    return make(memory_region_init_alias, None, name, orig, offset, size)


def space(root: MemoryRegion) -> AddressSpace:
    as_ = AddressSpace()
    address_space_init(as_, root, "test")
    return as_


def shown(as_: AddressSpace) -> list[tuple[int, int, str | None, int]]:
    ranges = address_space_to_flatview(as_).ranges
    return [(fr.start, fr.end - 1, fr.mr.name, fr.offset_in_region) for fr in ranges]


def test_the_priorities_of_memory_rst(rec: Recorder) -> None:
    a, b = container("A", 0x8000), container("B", 0x4000)
    c, d, e = device("C", 0x6000), device("D", 0x1000), device("E", 0x1000)
    as_ = space(a)
    memory_region_add_subregion_overlap(a, 0, c, 1)
    memory_region_add_subregion_overlap(a, 0x2000, b, 2)
    memory_region_add_subregion(b, 0, d)
    memory_region_add_subregion(b, 0x2000, e)
    assert shown(as_) == [
        (0x0, 0x1FFF, "C", 0),
        (0x2000, 0x2FFF, "D", 0),
        (0x3000, 0x3FFF, "C", 0x3000),
        (0x4000, 0x4FFF, "E", 0),
        (0x5000, 0x5FFF, "C", 0x5000),
    ]


def test_the_memory_map_of_memory_rst(rec: Recorder) -> None:
    gib = 1 << 30
    system, pci = container("system", 1 << 48), container("pci", 4 * gib)
    ram, vram = device("ram", 4 * gib), device("vram", 1 << 24)
    as_ = space(system)
    memory_region_add_subregion(system, 0, alias("lomem", ram, 0, 0xE0000000))
    memory_region_add_subregion(system, 4 * gib, alias("himem", ram, 0xE0000000, 0x20000000))
    memory_region_add_subregion_overlap(system, 0xA0000, alias("vga-window", pci, 0xA0000, 0x20000), 1)
    memory_region_add_subregion(system, 0xE0000000, alias("pci-hole", pci, 0xE0000000, 0x20000000))
    area = container("vga-area", 0x20000)
    memory_region_add_subregion(pci, 0xA0000, area)
    memory_region_add_subregion(area, 0, alias("bank0", vram, 0x10000, 0x8000))
    memory_region_add_subregion(area, 0x8000, alias("bank1", vram, 0x20000, 0x8000))
    memory_region_add_subregion(pci, 0xE1000000, vram)
    memory_region_add_subregion(pci, 0xE2000000, device("vga-mmio", 0x10000))
    assert shown(as_) == [
        (0x0, 0x9FFFF, "ram", 0),
        (0xA0000, 0xA7FFF, "vram", 0x10000),
        (0xA8000, 0xAFFFF, "vram", 0x20000),
        (0xB0000, 0xDFFFFFFF, "ram", 0xB0000),
        (0xE1000000, 0xE1FFFFFF, "vram", 0),
        (0xE2000000, 0xE200FFFF, "vga-mmio", 0),
        (0x100000000, 0x11FFFFFFF, "ram", 0xE0000000),
    ]


def test_names_and_properties(rec: Recorder) -> None:
    mr = container("a/b", UINT64_MAX)
    assert object_get_canonical_path(OBJECT(mr)) == r"/machine/unattached/a\x2fb[0]"
    assert memory_region_size(mr) == UINT64_MAX
    inner = device("inner", 0x100)
    memory_region_add_subregion_overlap(mr, 0x1000, inner, -3)
    assert [object_property_print(OBJECT(inner), name, False) for name in ("addr", "size", "priority", "container")] == [
        "4096",
        "256",
        "-3",
        r"/machine/unattached/a\x2fb[0]",
    ]


def test_pages_that_several_regions_share_become_subpages(rec: Recorder) -> None:
    root = container("root", 0x10000)
    as_ = space(root)
    for at, size in ((0x0, 0x1000), (0x1000, 0x10), (0x1800, 0x10), (0x2FFF, 0x1002), (0x5000, 0x2001)):
        memory_region_add_subregion(root, at, device(f"at {at:x}", size))
    view = address_space_to_flatview(as_)
    assert [page.base for page in view.subpages] == [0x1000, 0x2000, 0x4000, 0x7000]
    pages = [number for number, struct in enumerate(rec.objects, 1) if isinstance(struct, subpage_t)]
    freed = {event[3] for event in rec.events if event[0] == "F"}
    assert len(set(pages) - freed) == 4
    assert fold(rec.events) == snapshot(rec)


def test_a_transaction_renders_once(rec: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    root = container("root", 0x10000)
    space(root)
    rendered: list[int] = []
    reset = transaction.flatviews_reset

    def counted() -> None:
        rendered.append(1)
        reset()

    monkeypatch.setattr(transaction, "flatviews_reset", counted)
    memory_region_transaction_begin()
    for n in range(4):
        memory_region_add_subregion(root, n * 0x1000, device(f"d{n}", 0x1000))
    assert not rendered
    memory_region_transaction_commit()
    assert rendered == [1]


def test_listeners_hear_what_comes_and_goes(rec: Recorder) -> None:
    root, d = container("root", 0x10000), device("d", 0x1000)
    as_ = space(root)
    heard: list[Any] = []

    def note(kind: str) -> Any:
        def callback(listener: MemoryListener, section: Any = None) -> None:
            heard.append((kind, section.offset_within_address_space) if section is not None else kind)

        return callback

    callbacks = {kind: note(kind) for kind in ("begin", "commit", "region_add", "region_del", "region_nop")}
    memory_listener_register(MemoryListener(**callbacks), as_)
    assert heard == ["begin", "commit"]
    heard.clear()
    memory_region_add_subregion(root, 0x1000, d)
    assert heard == ["begin", ("region_add", 0x1000), "commit"]
    heard.clear()
    memory_region_set_address(d, 0x3000)
    assert heard == ["begin", ("region_del", 0x1000), ("region_add", 0x3000), "commit"]
    heard.clear()
    memory_region_set_enabled(d, False)
    assert heard == ["begin", ("region_del", 0x3000), "commit"]


def test_the_end_of_a_region_and_of_an_address_space(rec: Recorder) -> None:
    root, d = make(memory_region_init, None, None, 0x1000), device("d", 0x10)
    as_ = space(root)
    memory_region_add_subregion(root, 0, d)
    address_space_destroy(as_)
    assert not len(memory_globals().address_spaces)
    object_unref(OBJECT(root))
    assert d.container is None


def test_ram_and_rom(rec: Recorder) -> None:
    root = container("root", 0x10000)
    as_ = space(root)
    memory_region_add_subregion(root, 0, make(memory_region_init_ram_nomigrate, None, "ram", 0x2000))
    memory_region_add_subregion(root, 0x2000, make(memory_region_init_rom_nomigrate, None, "rom", 0x1000))
    address_space_st(as_, 0xFFE, 0x11223344, 4)
    assert address_space_ld(as_, 0x1000, 2) == 0x1122
    assert address_space_write(as_, 0x2000, MEMTXATTRS_UNSPECIFIED, b"x") == MEMTX_DECODE_ERROR
    assert address_space_read(as_, 0x1FFF, MEMTXATTRS_UNSPECIFIED, 2) == (MEMTX_OK, b"\0\0")
    assert address_space_read(as_, 0x8000, MEMTXATTRS_UNSPECIFIED, 2) == (MEMTX_DECODE_ERROR, b"\0\0")


@pytest.mark.parametrize(
    ("impl", "valid", "endianness", "reads", "value"),
    [
        (Impl(1, 1), Valid(), DEVICE_LITTLE_ENDIAN, [(8, 1), (9, 1), (10, 1), (11, 1)], 0x0B0A0908),
        (Impl(1, 1), Valid(), DEVICE_BIG_ENDIAN, [(8, 1), (9, 1), (10, 1), (11, 1)], 0x0B0A0908),
        (Impl(2, 2), Valid(), DEVICE_LITTLE_ENDIAN, [(8, 2), (10, 2)], 0x000A0008),
        (Impl(), Valid(), DEVICE_LITTLE_ENDIAN, [(8, 4)], 0x8),
        (Impl(), Valid(1, 2), DEVICE_LITTLE_ENDIAN, [], 0),
    ],
)
def test_accesses_are_cut_to_what_callbacks_take(
    rec: Recorder, impl: Impl, valid: Valid, endianness: int, reads: list[tuple[int, int]], value: int
) -> None:
    seen: list[tuple[int, ...]] = []

    def read(opaque: Any, addr: int, size: int) -> int:
        seen.append((addr, size))
        return addr

    ops = MemoryRegionOps(
        name="ops", read=read, write=lambda *a: seen.append(a[1:]), impl=impl, valid=valid, endianness=endianness
    )
    mr = device("d", 0x100, ops)
    result = memory_region_dispatch_read(mr, 8, 4, MEMTXATTRS_UNSPECIFIED)
    assert seen == reads
    assert result == ((MEMTX_OK, value) if reads else (MEMTX_DECODE_ERROR, 0))
    seen.clear()
    assert memory_region_dispatch_write(mr, 0, 0x0403, 2, MEMTXATTRS_UNSPECIFIED) == MEMTX_OK
    if impl == Impl(1, 1):
        assert seen == [(0, 3, 1), (1, 4, 1)]


def test_lists_of_ports(rec: Recorder) -> None:
    root = container("io", 0x10000)
    as_ = space(root)
    ports = [
        MemoryRegionPortio(0, 2, 1, read=lambda opaque, port: port & 0xFF),
        MemoryRegionPortio(4, 1, 2, read=lambda opaque, port: 0x1234),
    ]
    portio_list_init(piolist := PortioList(), None, ports, None, "ports")
    portio_list_add(piolist, root, 0x170)
    assert [(start, end) for start, end, _, _ in shown(as_)] == [(0x170, 0x171), (0x174, 0x175)]
    assert [address_space_ld(as_, 0x170, 1), address_space_ld(as_, 0x170, 2), address_space_ld(as_, 0x174, 2)] == [
        0x70,
        0x7170,
        0x1234,
    ]


SIZE = 64
REGIONS = st.lists(
    st.tuples(
        st.sampled_from(["container", "device", "alias"]),
        st.integers(0, SIZE),  # place
        st.integers(0, SIZE),  # size
        st.integers(-1, 2),  # priority
        st.integers(0, 20),  # which region to be in
        st.integers(0, 20),  # which region to show
        st.integers(0, SIZE),  # from where on
    ),
    max_size=14,
)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["hide", "show", "move", "remove"]), st.integers(0, 20), st.integers(0, SIZE)), max_size=8
)


def answer(mr: MemoryRegion, addr: int) -> tuple[str | None, int] | None:
    """Who answers at ``addr`` of a region, straight from the rules of docs/devel/memory.rst."""
    if not mr.enabled or not 0 <= addr < mr.size:
        return None
    if mr.alias is not None:
        return answer(mr.alias, addr + mr.alias_offset)
    for sub in mr.subregions:
        found = answer(sub, addr - sub.addr)
        if found is not None:
            return found
    return (mr.name, addr) if mr.terminates else None


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(REGIONS, CHANGES)
def test_what_is_shown_follows_the_rules_through_all_changes(regions: list[Any], changes: list[Any]) -> None:
    with started() as rec:
        root = container("root", SIZE)
        as_ = space(root)
        made = [root]
        for n, (kind, at, size, priority, where, what, offset) in enumerate(regions):
            orig = made[what % len(made)]
            if kind == "alias" and reaches(orig, made):
                mr = alias(f"r{n}", orig, offset, size)
            elif kind == "container":
                mr = container(f"r{n}", size)
            else:
                mr = device(f"r{n}", size)
            parents = [m for m in made if m.alias is None]
            memory_region_add_subregion_overlap(parents[where % len(parents)], at, mr, priority)
            made.append(mr)
            check(as_, root)
        for kind, which, at in changes:
            mr = made[which % len(made)]
            if kind in ("hide", "show"):
                memory_region_set_enabled(mr, kind == "show")
            elif mr.container is not None:
                if kind == "move":
                    memory_region_set_address(mr, at)
                else:
                    memory_region_del_subregion(mr.container, mr)
            check(as_, root)
        assert fold(rec.events) == snapshot(rec)


def reaches(orig: MemoryRegion, made: list[MemoryRegion]) -> bool:
    """An alias of something that holds it would go round for ever: only leaves are shown here."""
    return orig.terminates and not len(orig.subregions)


def check(as_: AddressSpace, root: MemoryRegion) -> None:
    view = address_space_to_flatview(as_)
    for addr in range(SIZE):
        fr = view.lookup(addr)
        shown_ = (fr.mr.name, addr - fr.start + fr.offset_in_region) if fr is not None else None
        assert shown_ == answer(root, addr)
        section = memory_region_find(root, addr, 1)
        assert (section.mr.name if section.mr is not None else None) == (shown_[0] if shown_ is not None else None)
