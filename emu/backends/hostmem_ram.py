"""Anonymous host memory (backends/hostmem-ram.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.backends.hostmem import (
    MEMORY_BACKEND_CLASS,
    TYPE_MEMORY_BACKEND,
    TYPE_MEMORY_BACKEND_RAM,
    HostMemoryBackend,
    host_memory_backend_get_name,
)
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.softmmu.memory import memory_region_init_ram_flags_nomigrate
from emu.trace import Ptr, emulates

RAM_SHARED: Final = 1 << 1
RAM_NORESERVE: Final = 1 << 7


@emulates
def ram_backend_memory_alloc(backend: HostMemoryBackend) -> None:
    """Make the memory region. Error: size 0."""
    if not backend.size:
        error_setg("can't create backend with size 0")
    name = host_memory_backend_get_name(backend)
    ram_flags = (RAM_SHARED if backend.share else 0) | (0 if backend.reserve else RAM_NORESERVE)
    memory_region_init_ram_flags_nomigrate(Ptr(backend, "mr"), backend, name or "", backend.size, ram_flags)


@emulates
def ram_backend_class_init(oc: ObjectClass, data: Any) -> None:
    """Set how the memory is made."""
    MEMORY_BACKEND_CLASS(oc).alloc = ram_backend_memory_alloc


ram_backend_info: Final = TypeInfo(name=TYPE_MEMORY_BACKEND_RAM, parent=TYPE_MEMORY_BACKEND, class_init=ram_backend_class_init)


@type_init
@emulates
def register_types() -> None:
    """Register the type."""
    type_register_static(ram_backend_info)
