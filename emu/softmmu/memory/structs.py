"""The structs of the memory API (include/exec/memory.h, include/exec/memattrs.h)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, NamedTuple

from emu.exec.ramlist import RAMBlock
from emu.qom.object import Object, ObjectClass
from emu.qom.parts import Part, caster, class_getter
from emu.trace import Fn, Seq, Struct, per_run, seq

TYPE_MEMORY_REGION: Final = "memory-region"
TYPE_IOMMU_MEMORY_REGION: Final = "iommu-memory-region"
TYPE_RAM_DISCARD_MANAGER: Final = "qemu:ram-discard-manager"

UINT64_MAX: Final = (1 << 64) - 1
HWADDR_MAX: Final = UINT64_MAX
INT128_2_64: Final = 1 << 64
RAM_ADDR_INVALID: Final = UINT64_MAX

DEVICE_NATIVE_ENDIAN: Final = 0
DEVICE_BIG_ENDIAN: Final = 1
DEVICE_LITTLE_ENDIAN: Final = 2

MEMTX_OK: Final = 0
MEMTX_ERROR: Final = 1
MEMTX_DECODE_ERROR: Final = 2
MEMTX_ACCESS_ERROR: Final = 4


class MemTxAttrs(NamedTuple):
    """What a memory transaction says of its initiator (include/exec/memattrs.h)."""

    unspecified: bool = False
    secure: bool = False
    user: bool = False
    memory: bool = False
    requester_id: int = 0


MEMTXATTRS_UNSPECIFIED: Final = MemTxAttrs(unspecified=True)

ReadFn = Callable[[Any, int, int], int]
WriteFn = Callable[[Any, int, int, int], None]
ReadWithAttrsFn = Callable[[Any, int, int, MemTxAttrs], tuple[int, int]]
WriteWithAttrsFn = Callable[[Any, int, int, int, MemTxAttrs], int]
AcceptsFn = Callable[[Any, int, int, bool, MemTxAttrs], bool]


class Valid(NamedTuple):
    """``MemoryRegionOps.valid``: accesses that the guest may make. Sizes in bytes; 0: no bound."""

    min_access_size: int = 0
    max_access_size: int = 0
    unaligned: bool = False
    accepts: AcceptsFn | None = None


class Impl(NamedTuple):
    """``MemoryRegionOps.impl``: accesses that the callbacks see; others are split or widened. Sizes in bytes; 0: 1 to 4."""

    min_access_size: int = 0
    max_access_size: int = 0
    unaligned: bool = False


ANY_VALID: Final = Valid()
ANY_IMPL: Final = Impl()


@dataclass(frozen=True, kw_only=True, eq=False)
class MemoryRegionOps:
    """How accesses to a region reach its device.

    ``read(opaque, addr, size)`` returns the value; ``write(opaque, addr, data, size)``.
    ``read_with_attrs`` returns the result and the value, ``write_with_attrs`` the result.
    """

    name: str
    """The C name of the table."""
    read: ReadFn | None = None
    write: WriteFn | None = None
    read_with_attrs: ReadWithAttrsFn | None = None
    write_with_attrs: WriteWithAttrsFn | None = None
    endianness: int = DEVICE_NATIVE_ENDIAN
    valid: Valid = ANY_VALID
    impl: Impl = ANY_IMPL

    @property
    def _enc(self) -> Fn:
        return Fn(self.name)


class CoalescedMemoryRange(Struct):
    """A range whose writes may be batched: ``addr`` within the region, ``size`` in bytes."""

    addr: int = 0
    size: int = 0


class MemoryRegionIoeventfd(Struct):
    """An access that signals an event notifier instead of reaching the device."""

    addr: int = 0
    size: int = 0
    match_data: bool = False
    data: int = 0
    e: Struct | None = None


class MemoryRegionClass(Part):
    """The class of memory regions."""

    SIZE: ClassVar[int] = ObjectClass.SIZE


class MemoryRegion(Part):
    """A range of addresses and what is behind it: a container, a device, RAM, or a window into another region."""

    SIZE: ClassVar[int] = 272
    romd_mode: bool = False
    ram: bool = False
    subpage: bool = False
    readonly: bool = False
    nonvolatile: bool = False
    rom_device: bool = False
    flush_coalesced_mmio: bool = False
    dirty_log_mask: int = 0
    is_iommu: bool = False
    ram_block: RAMBlock | None = None
    owner: Object | None = None
    dev: Any = None
    ops: MemoryRegionOps | None = None
    opaque: Any = None
    container: MemoryRegion | None = None
    mapped_via_alias: int = 0
    size: int = 0
    addr: int = 0
    destructor: Callable[[MemoryRegion], None] | None = None
    align: int = 0
    terminates: bool = False
    ram_device: bool = False
    enabled: bool = False
    vga_logging_count: int = 0
    alias: MemoryRegion | None = None
    alias_offset: int = 0
    priority: int = 0
    subregions: Seq[MemoryRegion] = seq()
    coalesced: Seq[CoalescedMemoryRange] = seq()
    name: str | None = None
    ioeventfd_nb: int = 0
    ioeventfds: Seq[MemoryRegionIoeventfd] = seq()
    disable_reentrancy_guard: bool = False


class IOMMUMemoryRegionClass(Part):
    """The class of regions that translate addresses."""

    SIZE: ClassVar[int] = 160
    translate: Callable[..., Any] | None = None
    notify_flag_changed: Callable[..., int] | None = None


class IOMMUMemoryRegion(Part):
    """A region that translates each access."""

    SIZE: ClassVar[int] = 288
    iommu_notify_flags: int = 0


class RamDiscardManagerClass(Part):
    """Interface of devices that give up parts of RAM."""

    SIZE: ClassVar[int] = 160


class MemoryRegionSection(NamedTuple):
    """A piece of a region as an address space shows it. Offsets and size in bytes."""

    mr: MemoryRegion | None = None
    offset_within_region: int = 0
    size: int = 0
    offset_within_address_space: int = 0
    readonly: bool = False
    nonvolatile: bool = False


class MemoryListener(Struct):
    """Callbacks on changes of an address space, embedded in the struct that listens."""

    begin: Callable[[MemoryListener], None] | None = None
    commit: Callable[[MemoryListener], None] | None = None
    region_add: Callable[[MemoryListener, MemoryRegionSection], None] | None = None
    region_del: Callable[[MemoryListener, MemoryRegionSection], None] | None = None
    region_nop: Callable[[MemoryListener, MemoryRegionSection], None] | None = None
    log_start: Callable[..., None] | None = None
    log_stop: Callable[..., None] | None = None
    log_global_after_sync: Callable[[MemoryListener], None] | None = None
    eventfd_add: Callable[..., None] | None = None
    eventfd_del: Callable[..., None] | None = None
    coalesced_io_add: Callable[..., None] | None = None
    coalesced_io_del: Callable[..., None] | None = None
    priority: int = 0
    name: str | None = None
    address_space: AddressSpace | None = None


class AddressSpace(Struct):
    """A root region and who listens to its changes."""

    name: str | None = None
    root: MemoryRegion | None = None
    ioeventfd_nb: int = 0
    ioeventfds: Seq[MemoryRegionIoeventfd] = seq()
    listeners: Seq[MemoryListener] = seq()


class MemoryGlobals(Struct):
    """The file-level variables of softmmu/memory.c."""

    _transaction_depth: int
    """``memory_region_transaction_depth``, not recorded: it goes up and down hundreds of times."""
    memory_region_update_pending: bool = False
    ioeventfd_update_pending: bool = False
    global_dirty_tracking: int = 0
    memory_listeners: Seq[MemoryListener] = seq()
    address_spaces: Seq[AddressSpace] = seq()


MEMORY_REGION = caster(MemoryRegion, TYPE_MEMORY_REGION)
IOMMU_MEMORY_REGION = caster(IOMMUMemoryRegion, TYPE_IOMMU_MEMORY_REGION)
IOMMU_MEMORY_REGION_GET_CLASS = class_getter(IOMMUMemoryRegionClass)
memory_globals = per_run(MemoryGlobals)
