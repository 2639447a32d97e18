"""The types of regions, and what every region begins and ends with (softmmu/memory.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.qapi.visitor import visit_type_int32, visit_type_str, visit_type_uint64
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJ_PROP_FLAG_READ,
    OBJECT,
    TYPE_INTERFACE,
    TYPE_OBJECT,
    TypeInfo,
    object_get_canonical_path,
    object_property_add,
    object_property_add_uint64_ptr,
    type_register_static,
)
from emu.qom.parts import Part
from emu.softmmu.memory.coalesced import memory_region_clear_coalescing
from emu.softmmu.memory.region import memory_region_destructor_none, memory_region_size
from emu.softmmu.memory.structs import (
    MEMORY_REGION,
    TYPE_IOMMU_MEMORY_REGION,
    TYPE_MEMORY_REGION,
    TYPE_RAM_DISCARD_MANAGER,
    IOMMUMemoryRegion,
    IOMMUMemoryRegionClass,
    MemoryRegion,
    MemoryRegionClass,
    MemoryRegionOps,
    MemTxAttrs,
    RamDiscardManagerClass,
    Valid,
)
from emu.softmmu.memory.transaction import memory_region_transaction_begin, memory_region_transaction_commit
from emu.softmmu.memory.tree import memory_region_del_subregion
from emu.trace import Ptr, emulates


def unassigned_mem_accepts(_opaque: Any, _addr: int, _size: int, _is_write: bool, _attrs: MemTxAttrs) -> bool:
    """Refuse every access: nothing is there."""
    return False


unassigned_mem_ops: Final = MemoryRegionOps(name="unassigned_mem_ops", valid=Valid(accepts=unassigned_mem_accepts))


def memory_region_get_container(obj: Part, v: Any, name: str, _opaque: Any) -> Any:
    """Read ``container``: the path of the region that this one is in, "" for none."""
    container = MEMORY_REGION(obj).container
    path = object_get_canonical_path(OBJECT(container)) if container is not None else ""
    return visit_type_str(v, name, path)


def memory_region_resolve_container(obj: Part, _opaque: Any, _part: str) -> Any:
    """Resolve ``container`` in a path."""
    container = MEMORY_REGION(obj).container
    return OBJECT(container) if container is not None else None


def memory_region_get_priority(obj: Part, v: Any, name: str, _opaque: Any) -> Any:
    """Read ``priority``."""
    return visit_type_int32(v, name, MEMORY_REGION(obj).priority)


def memory_region_get_size(obj: Part, v: Any, name: str, _opaque: Any) -> Any:
    """Read ``size``, in bytes."""
    return visit_type_uint64(v, name, memory_region_size(MEMORY_REGION(obj)))


@emulates
def memory_region_initfn(obj: Part) -> None:
    """Instance init: an enabled region of nothing, and its four properties."""
    mr = MEMORY_REGION(obj)
    mr.ops = unassigned_mem_ops
    mr.enabled = True
    mr.romd_mode = True
    mr.destructor = memory_region_destructor_none
    op = object_property_add(obj, "container", f"link<{TYPE_MEMORY_REGION}>", memory_region_get_container, None, None, None)
    op.resolve = memory_region_resolve_container
    object_property_add_uint64_ptr(obj, "addr", Ptr(mr, "addr"), OBJ_PROP_FLAG_READ)
    object_property_add(obj, "priority", "uint32", memory_region_get_priority, None, None, None)
    object_property_add(obj, "size", "uint64", memory_region_get_size, None, None, None)


@emulates
def iommu_memory_region_initfn(obj: Part) -> None:
    """Instance init of a region that translates."""
    MEMORY_REGION(obj).is_iommu = True


@emulates
def memory_region_finalize(obj: Part) -> None:
    """Instance finalize: subregions go first, then the memory behind the region."""
    mr = MEMORY_REGION(obj)
    assert mr.container is None
    # no address space can see it any more: no transaction for the flag
    mr.enabled = False
    memory_region_transaction_begin()
    while len(mr.subregions):
        memory_region_del_subregion(mr, mr.subregions[0])
    memory_region_transaction_commit()
    assert mr.destructor is not None
    mr.destructor(mr)
    memory_region_clear_coalescing(mr)


memory_region_info = TypeInfo(
    name=TYPE_MEMORY_REGION,
    parent=TYPE_OBJECT,
    class_=MemoryRegionClass,
    instance=MemoryRegion,
    instance_init=memory_region_initfn,
    instance_finalize=memory_region_finalize,
    alike=True,
)

iommu_memory_region_info = TypeInfo(
    name=TYPE_IOMMU_MEMORY_REGION,
    parent=TYPE_MEMORY_REGION,
    class_=IOMMUMemoryRegionClass,
    instance=IOMMUMemoryRegion,
    instance_init=iommu_memory_region_initfn,
    abstract=True,
)

ram_discard_manager_info = TypeInfo(name=TYPE_RAM_DISCARD_MANAGER, parent=TYPE_INTERFACE, class_=RamDiscardManagerClass)


def memory_register_types() -> None:
    """Register the types of softmmu/memory.c."""
    type_register_static(memory_region_info)
    type_register_static(iommu_memory_region_info)
    type_register_static(ram_discard_manager_info)


type_init(memory_register_types)
