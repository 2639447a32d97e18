"""Host memory that is an anonymous file (backends/hostmem-memfd.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.backends.hostmem import (
    MEMORY_BACKEND,
    MEMORY_BACKEND_CLASS,
    TYPE_MEMORY_BACKEND,
    HostMemoryBackend,
    host_memory_backend_get_name,
    host_memory_backend_mr_inited,
)
from emu.backends.hostmem_ram import RAM_NORESERVE, RAM_SHARED
from emu.errors import NotModelled
from emu.host.descriptors import host
from emu.qapi.error import error_setg
from emu.qapi.visitor import visit_type_size
from emu.qemu.module import type_init
from emu.qom.object import (
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_class_property_add_bool,
    object_class_property_set_description,
    object_get_typename,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.memory.file import MemoryFile, memory_region_init_ram_from_fd
from emu.trace import Ptr, emulates

TYPE_MEMORY_BACKEND_MEMFD: Final = "memory-backend-memfd"


class HostMemoryBackendMemfd(Part):
    """A piece of host memory that an anonymous file holds; ``hugetlbsize`` in bytes."""

    SIZE: ClassVar[int] = 416
    hugetlb: bool = False
    hugetlbsize: int = 0
    seal: bool = False


MEMORY_BACKEND_MEMFD = caster(HostMemoryBackendMemfd, TYPE_MEMORY_BACKEND_MEMFD)


@emulates
def memfd_backend_memory_alloc(backend: HostMemoryBackend) -> None:
    """Map an anonymous file. Error: size 0. NotModelled: huge pages."""
    m = MEMORY_BACKEND_MEMFD(backend)
    if not backend.size:
        error_setg("can't create backend with size 0")
    if m.hugetlb:
        raise NotModelled("huge pages of the host")
    fd = host().open(MemoryFile())
    name = host_memory_backend_get_name(backend) or ""
    ram_flags = (RAM_SHARED if backend.share else 0) | (0 if backend.reserve else RAM_NORESERVE)
    memory_region_init_ram_from_fd(Ptr(backend, "mr"), backend, name, backend.size, ram_flags, fd)


def memfd_backend_get_hugetlb(o: Object) -> bool:
    """Tell whether huge pages are used."""
    return MEMORY_BACKEND_MEMFD(o).hugetlb


@emulates
def memfd_backend_set_hugetlb(o: Object, value: bool) -> None:
    """Set whether huge pages are used."""
    MEMORY_BACKEND_MEMFD(o).hugetlb = value


@emulates
def memfd_backend_set_hugetlbsize(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the size of huge pages. Error: 0, or the memory is there already."""
    if host_memory_backend_mr_inited(MEMORY_BACKEND(obj)):
        error_setg("cannot change property value")
    value = visit_type_size(v, name, 0)
    if not value:
        error_setg(f"Property '{object_get_typename(obj)}.{name}' doesn't take value '{value}'")
    MEMORY_BACKEND_MEMFD(obj).hugetlbsize = value


def memfd_backend_get_hugetlbsize(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the size of huge pages."""
    visit_type_size(v, name, MEMORY_BACKEND_MEMFD(obj).hugetlbsize)


def memfd_backend_get_seal(o: Object) -> bool:
    """Tell whether the file may not change its size."""
    return MEMORY_BACKEND_MEMFD(o).seal


@emulates
def memfd_backend_set_seal(o: Object, value: bool) -> None:
    """Set whether the file may not change its size."""
    MEMORY_BACKEND_MEMFD(o).seal = value


@emulates
def memfd_backend_instance_init(obj: Object) -> None:
    """Share and seal, unless told otherwise."""
    MEMORY_BACKEND_MEMFD(obj).seal = True
    MEMORY_BACKEND(obj).share = True


@emulates
def memfd_backend_class_init(oc: ObjectClass, data: Any) -> None:
    """Add the properties of the file."""
    MEMORY_BACKEND_CLASS(oc).alloc = memfd_backend_memory_alloc
    object_class_property_add_bool(oc, "hugetlb", memfd_backend_get_hugetlb, memfd_backend_set_hugetlb)
    object_class_property_set_description(oc, "hugetlb", "Use huge pages")
    object_class_property_add(oc, "hugetlbsize", "int", memfd_backend_get_hugetlbsize, memfd_backend_set_hugetlbsize)
    object_class_property_set_description(oc, "hugetlbsize", "Huge pages size (ex: 2M, 1G)")
    object_class_property_add_bool(oc, "seal", memfd_backend_get_seal, memfd_backend_set_seal)
    object_class_property_set_description(oc, "seal", "Seal growing & shrinking")


memfd_backend_info: Final = TypeInfo(
    name=TYPE_MEMORY_BACKEND_MEMFD,
    parent=TYPE_MEMORY_BACKEND,
    instance=HostMemoryBackendMemfd,
    instance_init=memfd_backend_instance_init,
    class_init=memfd_backend_class_init,
)


@type_init
@emulates
def register_types() -> None:
    """Register the type."""
    type_register_static(memfd_backend_info)
