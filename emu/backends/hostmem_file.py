"""Host memory that is a file (backends/hostmem-file.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.backends.hostmem import (
    MEMORY_BACKEND,
    MEMORY_BACKEND_CLASS,
    TYPE_MEMORY_BACKEND,
    TYPE_MEMORY_BACKEND_FILE,
    HostMemoryBackend,
    host_memory_backend_get_name,
    host_memory_backend_mr_inited,
)
from emu.backends.hostmem_ram import RAM_NORESERVE, RAM_SHARED
from emu.qapi.error import error_setg
from emu.qapi.visitor import visit_type_size
from emu.qemu.module import type_init
from emu.qom.object import (
    Object,
    ObjectClass,
    TypeInfo,
    object_class_property_add,
    object_class_property_add_bool,
    object_class_property_add_str,
    object_get_typename,
    type_register_static,
)
from emu.qom.parts import Part, caster
from emu.softmmu.memory.file import memory_region_init_ram_from_file
from emu.trace import Ptr, emulates

RAM_PMEM: Final = 1 << 5


class HostMemoryBackendFile(Part):
    """A piece of host memory that a file holds; ``align`` in bytes."""

    SIZE: ClassVar[int] = 416
    mem_path: str | None = None
    align: int = 0
    discard_data: bool = False
    is_pmem: bool = False
    readonly: bool = False


MEMORY_BACKEND_FILE = caster(HostMemoryBackendFile, TYPE_MEMORY_BACKEND_FILE)


@emulates
def file_backend_memory_alloc(backend: HostMemoryBackend) -> None:
    """Map the file. Error: size 0, no path, or the file can't be had."""
    fb = MEMORY_BACKEND_FILE(backend)
    if not backend.size:
        error_setg("can't create backend with size 0")
    if not fb.mem_path:
        error_setg("mem-path property not set")
    name = host_memory_backend_get_name(backend) or ""
    ram_flags = (RAM_SHARED if backend.share else 0) | (0 if backend.reserve else RAM_NORESERVE)
    ram_flags |= RAM_PMEM if fb.is_pmem else 0
    memory_region_init_ram_from_file(
        Ptr(backend, "mr"), backend, name, backend.size, fb.align, ram_flags, fb.mem_path, fb.readonly
    )


def get_mem_path(o: Object) -> str | None:
    """Return the path of the file."""
    return MEMORY_BACKEND_FILE(o).mem_path


@emulates
def set_mem_path(o: Object, str: str) -> None:
    """Set the path of the file. Error: the memory is there already."""
    if host_memory_backend_mr_inited(MEMORY_BACKEND(o)):
        error_setg(f"cannot change property 'mem-path' of {object_get_typename(o)}")
    MEMORY_BACKEND_FILE(o).mem_path = str


def file_memory_backend_get_discard_data(o: Object) -> bool:
    """Tell whether the file's contents go with the object."""
    return MEMORY_BACKEND_FILE(o).discard_data


@emulates
def file_memory_backend_set_discard_data(o: Object, value: bool) -> None:
    """Set whether the file's contents go with the object."""
    MEMORY_BACKEND_FILE(o).discard_data = value


def file_memory_backend_get_align(o: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the alignment."""
    visit_type_size(v, name, MEMORY_BACKEND_FILE(o).align)


@emulates
def file_memory_backend_set_align(o: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the alignment. Error: the memory is there already."""
    if host_memory_backend_mr_inited(MEMORY_BACKEND(o)):
        error_setg(f"cannot change property '{name}' of {object_get_typename(o)}")
    MEMORY_BACKEND_FILE(o).align = visit_type_size(v, name, 0)


def file_memory_backend_get_pmem(o: Object) -> bool:
    """Tell whether the file lies in persistent memory."""
    return MEMORY_BACKEND_FILE(o).is_pmem


@emulates
def file_memory_backend_set_pmem(o: Object, value: bool) -> None:
    """Set whether the file lies in persistent memory. Error: the memory is there already."""
    if host_memory_backend_mr_inited(MEMORY_BACKEND(o)):
        error_setg(f"cannot change property 'pmem' of {object_get_typename(o)}.")
    MEMORY_BACKEND_FILE(o).is_pmem = value


def file_memory_backend_get_readonly(obj: Object) -> bool:
    """Tell whether the file is only read."""
    return MEMORY_BACKEND_FILE(obj).readonly


@emulates
def file_memory_backend_set_readonly(obj: Object, value: bool) -> None:
    """Set whether the file is only read. Error: the memory is there already."""
    if host_memory_backend_mr_inited(MEMORY_BACKEND(obj)):
        error_setg(f"cannot change property 'readonly' of {object_get_typename(obj)}.")
    MEMORY_BACKEND_FILE(obj).readonly = value


@emulates
def file_backend_unparent(obj: Object) -> None:
    """Throw the contents away if that is asked for: the simulated host's files have none."""


@emulates
def file_backend_class_init(oc: ObjectClass, data: Any) -> None:
    """Add the properties of the file."""
    MEMORY_BACKEND_CLASS(oc).alloc = file_backend_memory_alloc
    oc.unparent = file_backend_unparent
    object_class_property_add_bool(oc, "discard-data", file_memory_backend_get_discard_data, file_memory_backend_set_discard_data)
    object_class_property_add_str(oc, "mem-path", get_mem_path, set_mem_path)
    object_class_property_add(oc, "align", "int", file_memory_backend_get_align, file_memory_backend_set_align)
    object_class_property_add_bool(oc, "pmem", file_memory_backend_get_pmem, file_memory_backend_set_pmem)
    object_class_property_add_bool(oc, "readonly", file_memory_backend_get_readonly, file_memory_backend_set_readonly)


@emulates
def file_backend_instance_finalize(o: Object) -> None:
    """Give the path back."""
    MEMORY_BACKEND_FILE(o).mem_path = None


file_backend_info: Final = TypeInfo(
    name=TYPE_MEMORY_BACKEND_FILE,
    parent=TYPE_MEMORY_BACKEND,
    instance=HostMemoryBackendFile,
    class_init=file_backend_class_init,
    instance_finalize=file_backend_instance_finalize,
)


@type_init
@emulates
def register_types() -> None:
    """Register the type."""
    type_register_static(file_backend_info)
