"""The memory API: regions, address spaces, what they show (softmmu/memory.c, include/exec/memory.h)."""

from emu.softmmu.memory.access import (
    memory_region_access_valid,
    memory_region_dispatch_read,
    memory_region_dispatch_write,
)
from emu.softmmu.memory.address_space import (
    address_space_destroy,
    address_space_init,
    memory_region_find,
    memory_region_present,
)
from emu.softmmu.memory.coalesced import (
    memory_region_add_coalescing,
    memory_region_clear_coalescing,
    memory_region_clear_flush_coalesced,
    memory_region_set_coalescing,
    memory_region_set_flush_coalesced,
)
from emu.softmmu.memory.flatview import FlatRange, FlatView, address_space_to_flatview
from emu.softmmu.memory.listeners import (
    address_space_remove_listeners,
    memory_listener_register,
    memory_listener_unregister,
)
from emu.softmmu.memory.mtree import mtree_info
from emu.softmmu.memory.region import (
    memory_region_init,
    memory_region_init_alias,
    memory_region_init_io,
    memory_region_init_ram,
    memory_region_init_ram_flags_nomigrate,
    memory_region_init_ram_nomigrate,
    memory_region_init_ram_ptr,
    memory_region_init_resizeable_ram,
    memory_region_init_rom,
    memory_region_init_rom_device,
    memory_region_init_rom_device_nomigrate,
    memory_region_init_rom_nomigrate,
    memory_region_name,
    memory_region_owner,
    memory_region_ref,
    memory_region_size,
    memory_region_unref,
)
from emu.softmmu.memory.structs import (
    DEVICE_BIG_ENDIAN,
    DEVICE_LITTLE_ENDIAN,
    DEVICE_NATIVE_ENDIAN,
    HWADDR_MAX,
    IOMMU_MEMORY_REGION,
    IOMMU_MEMORY_REGION_GET_CLASS,
    MEMORY_REGION,
    MEMTX_ACCESS_ERROR,
    MEMTX_DECODE_ERROR,
    MEMTX_ERROR,
    MEMTX_OK,
    MEMTXATTRS_UNSPECIFIED,
    TYPE_IOMMU_MEMORY_REGION,
    TYPE_MEMORY_REGION,
    UINT64_MAX,
    AddressSpace,
    Impl,
    IOMMUMemoryRegion,
    IOMMUMemoryRegionClass,
    MemoryListener,
    MemoryRegion,
    MemoryRegionIoeventfd,
    MemoryRegionOps,
    MemoryRegionSection,
    MemTxAttrs,
    Valid,
    memory_globals,
)
from emu.softmmu.memory.transaction import memory_region_transaction_begin, memory_region_transaction_commit
from emu.softmmu.memory.tree import (
    memory_region_add_eventfd,
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_del_eventfd,
    memory_region_del_subregion,
    memory_region_is_mapped,
    memory_region_rom_device_set_romd,
    memory_region_set_address,
    memory_region_set_alias_offset,
    memory_region_set_enabled,
    memory_region_set_nonvolatile,
    memory_region_set_readonly,
    memory_region_set_size,
)
from emu.softmmu.memory.types import unassigned_mem_ops
