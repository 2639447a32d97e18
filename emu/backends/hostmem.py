"""Host memory that a guest's RAM is made of (backends/hostmem.c, include/sysemu/hostmem.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from emu.errors import NotModelled
from emu.hw.core.machine import MACHINE, machine_dump_guest_core, machine_mem_merge
from emu.hw.core.qdev import qdev_get_machine
from emu.qapi.error import error_setg
from emu.qapi.qapi_util import QEnumLookup
from emu.qapi.visitor import visit_type_size, visit_type_uint32
from emu.qemu.module import type_init
from emu.qom.object import (
    OBJ_PROP_LINK_STRONG,
    TYPE_OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_apply_compat_props,
    object_class_property_add,
    object_class_property_add_bool,
    object_class_property_add_enum,
    object_class_property_add_link,
    object_class_property_set_description,
    object_get_canonical_path,
    object_get_canonical_path_component,
    object_get_typename,
    object_property_allow_set_link,
    type_register_static,
)
from emu.qom.object_interfaces import TYPE_USER_CREATABLE, USER_CREATABLE_CLASS
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import memory_region_size
from emu.trace import emulates

if TYPE_CHECKING:
    from emu.softmmu.memory import MemoryRegion

TYPE_MEMORY_BACKEND: Final = "memory-backend"
TYPE_MEMORY_BACKEND_RAM: Final = "memory-backend-ram"
TYPE_MEMORY_BACKEND_FILE: Final = "memory-backend-file"
TYPE_THREAD_CONTEXT: Final = "thread-context"

HOST_MEM_POLICY_DEFAULT: Final = 0
HostMemPolicy_lookup: Final = QEnumLookup(("default", "preferred", "bind", "interleave"))


class HostMemoryBackendClass(Part):
    """What kinds of host memory differ in."""

    SIZE: ClassVar[int] = 104
    alloc: Callable[[HostMemoryBackend], None] | None = None


class HostMemoryBackend(Part):
    """A piece of host memory; ``size`` in bytes."""

    SIZE: ClassVar[int] = 384
    size: int = 0
    merge: bool = False
    dump: bool = False
    use_canonical_path: bool = False
    prealloc: bool = False
    is_mapped: bool = False
    share: bool = False
    reserve: bool = False
    prealloc_threads: int = 0
    prealloc_context: Object | None = None
    policy: int = HOST_MEM_POLICY_DEFAULT
    mr: MemoryRegion | None = None


MEMORY_BACKEND = caster(HostMemoryBackend, TYPE_MEMORY_BACKEND)
MEMORY_BACKEND_CLASS = caster(HostMemoryBackendClass, TYPE_MEMORY_BACKEND)
MEMORY_BACKEND_GET_CLASS = class_getter(HostMemoryBackendClass)


def host_memory_backend_get_name(backend: HostMemoryBackend) -> str | None:
    """Return the name of the backend's RAM block."""
    if not backend.use_canonical_path:
        return object_get_canonical_path_component(backend)
    return object_get_canonical_path(backend)


def host_memory_backend_get_size(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the size."""
    visit_type_size(v, name, MEMORY_BACKEND(obj).size)


@emulates
def host_memory_backend_set_size(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the size. Error: 0, or the memory is there already."""
    backend = MEMORY_BACKEND(obj)
    if host_memory_backend_mr_inited(backend):
        error_setg(f"cannot change property {name} of {object_get_typename(obj)} ")
    value = visit_type_size(v, name, 0)
    if not value:
        error_setg(f"property '{name}' of {object_get_typename(obj)} doesn't take value '{value}'")
    backend.size = value


def host_memory_backend_get_host_nodes(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the host's NUMA nodes."""
    raise NotModelled("binding of memory to NUMA nodes of the host (host-nodes)")


def host_memory_backend_set_host_nodes(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the host's NUMA nodes."""
    raise NotModelled("binding of memory to NUMA nodes of the host (host-nodes)")


def host_memory_backend_get_policy(obj: Object) -> int:
    """Return the NUMA policy."""
    return MEMORY_BACKEND(obj).policy


@emulates
def host_memory_backend_set_policy(obj: Object, policy: int) -> None:
    """Set the NUMA policy."""
    MEMORY_BACKEND(obj).policy = policy


def host_memory_backend_get_merge(obj: Object) -> bool:
    """Tell whether equal pages may be merged."""
    return MEMORY_BACKEND(obj).merge


@emulates
def host_memory_backend_set_merge(obj: Object, value: bool) -> None:
    """Set whether equal pages may be merged."""
    MEMORY_BACKEND(obj).merge = value


def host_memory_backend_get_dump(obj: Object) -> bool:
    """Tell whether core dumps hold the memory."""
    return MEMORY_BACKEND(obj).dump


@emulates
def host_memory_backend_set_dump(obj: Object, value: bool) -> None:
    """Set whether core dumps hold the memory."""
    MEMORY_BACKEND(obj).dump = value


def host_memory_backend_get_prealloc(obj: Object) -> bool:
    """Tell whether the memory is allocated at once."""
    return MEMORY_BACKEND(obj).prealloc


@emulates
def host_memory_backend_set_prealloc(obj: Object, value: bool) -> None:
    """Set whether the memory is allocated at once. Error: it is not reserved."""
    backend = MEMORY_BACKEND(obj)
    if not backend.reserve and value:
        error_setg("'prealloc=on' and 'reserve=off' are incompatible")
    backend.prealloc = value


def host_memory_backend_get_prealloc_threads(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the number of threads that allocate."""
    visit_type_uint32(v, name, MEMORY_BACKEND(obj).prealloc_threads)


@emulates
def host_memory_backend_set_prealloc_threads(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the number of threads that allocate."""
    value = visit_type_uint32(v, name, 0)
    if value <= 0:
        error_setg(f"property '{name}' of {object_get_typename(obj)} doesn't take value '{value}'")
    MEMORY_BACKEND(obj).prealloc_threads = value


@emulates
def host_memory_backend_init(obj: Object) -> None:
    """Take the defaults from the machine."""
    backend, machine = MEMORY_BACKEND(obj), MACHINE(qdev_get_machine())
    backend.merge = machine_mem_merge(machine)
    backend.dump = machine_dump_guest_core(machine)
    backend.reserve = True
    backend.prealloc_threads = machine.smp.cpus


@emulates
def host_memory_backend_post_init(obj: Object) -> None:
    """Apply compat properties: this is no device, so nobody else does."""
    object_apply_compat_props(obj)


def host_memory_backend_mr_inited(backend: HostMemoryBackend) -> bool:
    """Tell whether the memory is there."""
    return backend.mr is not None and memory_region_size(backend.mr) != 0


def host_memory_backend_get_memory(backend: HostMemoryBackend) -> MemoryRegion | None:
    """Return the memory, if it is there."""
    return backend.mr if host_memory_backend_mr_inited(backend) else None


def host_memory_backend_set_mapped(backend: HostMemoryBackend, mapped: bool) -> None:
    """Note that somebody uses the memory."""
    backend.is_mapped = mapped


def host_memory_backend_is_mapped(backend: HostMemoryBackend) -> bool:
    """Tell whether somebody uses the memory."""
    return backend.is_mapped


@emulates
def host_memory_backend_memory_complete(uc: Object) -> None:
    """Allocate the memory, once all properties are set. Error: as the kind of memory says."""
    backend, bc = MEMORY_BACKEND(uc), MEMORY_BACKEND_GET_CLASS(uc)
    if bc.alloc is None:
        return
    bc.alloc(backend)
    if backend.policy != HOST_MEM_POLICY_DEFAULT:
        error_setg(f"host-nodes must be set for policy {HostMemPolicy_lookup.array[backend.policy]}")


def host_memory_backend_can_be_deleted(uc: Object) -> bool:
    """Tell whether nobody uses the memory."""
    return not host_memory_backend_is_mapped(MEMORY_BACKEND(uc))


def host_memory_backend_get_share(obj: Object) -> bool:
    """Tell whether the memory is shared."""
    return MEMORY_BACKEND(obj).share


@emulates
def host_memory_backend_set_share(obj: Object, value: bool) -> None:
    """Set whether the memory is shared. Error: it is there already."""
    backend = MEMORY_BACKEND(obj)
    if host_memory_backend_mr_inited(backend):
        error_setg("cannot change property value")
    backend.share = value


def host_memory_backend_get_reserve(obj: Object) -> bool:
    """Tell whether swap space is reserved."""
    return MEMORY_BACKEND(obj).reserve


@emulates
def host_memory_backend_set_reserve(obj: Object, value: bool) -> None:
    """Set whether swap space is reserved. Error: the memory is there already, or is allocated at once."""
    backend = MEMORY_BACKEND(obj)
    if host_memory_backend_mr_inited(backend):
        error_setg("cannot change property value")
    if backend.prealloc and not value:
        error_setg("'prealloc=on' and 'reserve=off' are incompatible")
    backend.reserve = value


def host_memory_backend_get_use_canonical_path(obj: Object) -> bool:
    """Tell whether the RAM block is named after the whole path."""
    return MEMORY_BACKEND(obj).use_canonical_path


@emulates
def host_memory_backend_set_use_canonical_path(obj: Object, value: bool) -> None:
    """Set whether the RAM block is named after the whole path."""
    MEMORY_BACKEND(obj).use_canonical_path = value


@emulates
def host_memory_backend_class_init(oc: ObjectClass, data: Any) -> None:
    """Add the properties of all host memory."""
    ucc = USER_CREATABLE_CLASS(oc)
    ucc.complete = host_memory_backend_memory_complete
    ucc.can_be_deleted = host_memory_backend_can_be_deleted

    def describe(name: str, text: str) -> None:
        object_class_property_set_description(oc, name, text)

    object_class_property_add_bool(oc, "merge", host_memory_backend_get_merge, host_memory_backend_set_merge)
    describe("merge", "Mark memory as mergeable")
    object_class_property_add_bool(oc, "dump", host_memory_backend_get_dump, host_memory_backend_set_dump)
    describe("dump", "Set to 'off' to exclude from core dump")
    object_class_property_add_bool(oc, "prealloc", host_memory_backend_get_prealloc, host_memory_backend_set_prealloc)
    describe("prealloc", "Preallocate memory")
    object_class_property_add(
        oc,
        "prealloc-threads",
        "int",
        host_memory_backend_get_prealloc_threads,
        host_memory_backend_set_prealloc_threads,
    )
    describe("prealloc-threads", "Number of CPU threads to use for prealloc")
    object_class_property_add_link(
        oc,
        "prealloc-context",
        TYPE_THREAD_CONTEXT,
        (HostMemoryBackend, "prealloc_context"),
        object_property_allow_set_link,
        OBJ_PROP_LINK_STRONG,
    )
    describe("prealloc-context", "Context to use for creating CPU threads for preallocation")
    object_class_property_add(oc, "size", "int", host_memory_backend_get_size, host_memory_backend_set_size)
    describe("size", "Size of the memory region (ex: 500M)")
    object_class_property_add(oc, "host-nodes", "int", host_memory_backend_get_host_nodes, host_memory_backend_set_host_nodes)
    describe("host-nodes", "Binds memory to the list of NUMA host nodes")
    object_class_property_add_enum(
        oc,
        "policy",
        "HostMemPolicy",
        HostMemPolicy_lookup,
        host_memory_backend_get_policy,
        host_memory_backend_set_policy,
    )
    describe("policy", "Set the NUMA policy")
    object_class_property_add_bool(oc, "share", host_memory_backend_get_share, host_memory_backend_set_share)
    describe("share", "Mark the memory as private to QEMU or shared")
    object_class_property_add_bool(oc, "reserve", host_memory_backend_get_reserve, host_memory_backend_set_reserve)
    describe("reserve", "Reserve swap space (or huge pages) if applicable")
    object_class_property_add_bool(
        oc,
        "x-use-canonical-path-for-ramblock-id",
        host_memory_backend_get_use_canonical_path,
        host_memory_backend_set_use_canonical_path,
    )


host_memory_backend_info: Final = TypeInfo(
    name=TYPE_MEMORY_BACKEND,
    parent=TYPE_OBJECT,
    abstract=True,
    class_=HostMemoryBackendClass,
    class_init=host_memory_backend_class_init,
    instance=HostMemoryBackend,
    instance_init=host_memory_backend_init,
    instance_post_init=host_memory_backend_post_init,
    interfaces=(TYPE_USER_CREATABLE,),
)


@type_init
@emulates
def register_types() -> None:
    """Register the type."""
    type_register_static(host_memory_backend_info)
