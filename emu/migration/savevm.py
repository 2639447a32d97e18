"""The register of what a migration would save (migration/savevm.c): names and ids, not contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from emu.exec.ramlist import qemu_ram_set_idstr, qemu_ram_set_migratable, qemu_ram_unset_idstr, qemu_ram_unset_migratable
from emu.hw.core.vmstate_if import vmstate_if_get_id
from emu.qapi.error import error_setg
from emu.qom.parts import Part
from emu.trace import Seq, Struct, emulates, g_free, per_run, seq

if TYPE_CHECKING:
    from emu.softmmu.memory.structs import MemoryRegion

VMSTATE_INSTANCE_ID_ANY: Final = -1
MIG_PRI_DEFAULT: Final = 0
MIG_PRI_IOMMU: Final = 1
MIG_PRI_PCI_BUS: Final = 2


@dataclass(frozen=True, slots=True)
class VMStateDescription:
    """What is modelled of a VMStateDescription: its name, versions, priority (``MIG_PRI_*``)."""

    name: str
    version_id: int = 0
    minimum_version_id: int = 0
    priority: int = MIG_PRI_DEFAULT
    unmigratable: bool = False

    @property
    def _enc(self) -> str:
        return f"vmstate {self.name}"


@dataclass(frozen=True, slots=True)
class SaveVMHandlers:
    """Functions that save what has no state description (include/migration/register.h): the variable's name, what is modelled."""

    variable: str
    save_setup: bool = False

    @property
    def _enc(self) -> str:
        return self.variable


class CompatEntry(Struct):
    """The id that older versions gave an entry."""

    idstr: str = ""
    instance_id: int = 0


class SaveStateEntry(Struct):
    """One entry of the register."""

    idstr: str = ""
    instance_id: int = 0
    alias_id: int = 0
    version_id: int = 0
    section_id: int = 0
    vmsd: VMStateDescription | None = None
    opaque: Any = None
    compat: CompatEntry | None = None
    ops: SaveVMHandlers | None = None
    is_ram: bool = False


class SaveState(Struct):
    """``savevm_state`` of migration/savevm.c, and ``only_migratable``."""

    handlers: Seq[SaveStateEntry] = seq()
    global_section_id: int = 0
    only_migratable: bool = False


savevm_state = per_run(SaveState)


def vmstate_check_only_migratable(vmsd: VMStateDescription | None) -> bool:
    """Tell whether a device may stay under ``-only-migratable``."""
    return not savevm_state().only_migratable or not (vmsd is not None and vmsd.unmigratable)


def calculate_new_instance_id(idstr: str) -> int:
    """Return the first instance id that is free for a name."""
    return max((se.instance_id + 1 for se in savevm_state().handlers if se.idstr == idstr), default=0)


def calculate_compat_instance_id(idstr: str) -> int:
    """Return the first compat instance id that is free for a name."""
    compats = [se.compat for se in savevm_state().handlers if se.compat is not None]
    return max((compat.instance_id + 1 for compat in compats if compat.idstr == idstr), default=0)


@emulates
def savevm_state_handler_insert(nse: SaveStateEntry) -> None:
    """Enter an entry behind the others of its priority or above."""
    state = savevm_state()
    priority = nse.vmsd.priority if nse.vmsd is not None else MIG_PRI_DEFAULT
    for at, se in enumerate(state.handlers):
        if (se.vmsd.priority if se.vmsd is not None else MIG_PRI_DEFAULT) < priority:
            state.handlers.insert(at, nse)
            return
    state.handlers.append(nse)


@emulates
def vmstate_register_with_alias_id(
    obj: Part | None,
    instance_id: int,
    vmsd: VMStateDescription,
    opaque: Any,
    alias_id: int,
    required_for_version: int,
) -> None:
    """Register a state description for an object. Error: its path is too long."""
    assert alias_id == -1 or required_for_version >= vmsd.minimum_version_id
    state = savevm_state()
    se = SaveStateEntry(version_id=vmsd.version_id, section_id=state.global_section_id, opaque=opaque)
    state.global_section_id += 1
    se.vmsd = vmsd
    se.alias_id = alias_id
    idstr = ""
    id_ = vmstate_if_get_id(obj)
    if id_ is not None:
        idstr = f"{id_}/"
        if len(idstr) >= 256:
            g_free(se)
            error_setg(f"Path too long for VMState ({id_})")
        compat_id = calculate_compat_instance_id(vmsd.name) if instance_id == VMSTATE_INSTANCE_ID_ANY else instance_id
        se.compat = CompatEntry(idstr=vmsd.name, instance_id=compat_id)
        instance_id = VMSTATE_INSTANCE_ID_ANY
    se.idstr = idstr + vmsd.name
    se.instance_id = calculate_new_instance_id(se.idstr) if instance_id == VMSTATE_INSTANCE_ID_ANY else instance_id
    assert se.compat is None or se.instance_id == 0
    savevm_state_handler_insert(se)


@emulates(file="include/migration/vmstate.h")
def vmstate_register(obj: Part | None, instance_id: int, vmsd: VMStateDescription, opaque: Any) -> None:
    """Register a state description for an object."""
    vmstate_register_with_alias_id(obj, instance_id, vmsd, opaque, -1, 0)


@emulates
def vmstate_unregister(obj: Part | None, vmsd: VMStateDescription, opaque: Any) -> None:
    """Take the entries of an object out of the register."""
    handlers = savevm_state().handlers
    for se in list(handlers):
        if se.vmsd is vmsd and se.opaque is opaque:
            handlers.remove(se)
            g_free(se.compat)
            g_free(se)


@emulates
def vmstate_register_ram(mr: MemoryRegion, dev: Any) -> None:
    """Name the RAM of a region for migration, under the path of its device."""
    assert mr.ram_block is not None
    assert mr.name is not None
    qemu_ram_set_idstr(mr.ram_block, mr.name, dev)
    qemu_ram_set_migratable(mr.ram_block)


@emulates
def vmstate_unregister_ram(mr: MemoryRegion, _dev: Any) -> None:
    """Take the RAM of a region out of migration."""
    assert mr.ram_block is not None
    qemu_ram_unset_idstr(mr.ram_block)
    qemu_ram_unset_migratable(mr.ram_block)


@emulates
def vmstate_register_ram_global(mr: MemoryRegion) -> None:
    """Name the RAM of a region that belongs to no device."""
    vmstate_register_ram(mr, None)


@emulates
def register_savevm_live(idstr: str, instance_id: int, version_id: int, ops: SaveVMHandlers, opaque: Any) -> int:
    """Register something that saves itself."""
    state = savevm_state()
    se = SaveStateEntry(version_id=version_id, section_id=state.global_section_id, ops=ops, opaque=opaque)
    state.global_section_id += 1
    se.is_ram = ops.save_setup
    se.idstr = idstr
    se.instance_id = calculate_new_instance_id(idstr) if instance_id == VMSTATE_INSTANCE_ID_ANY else instance_id
    savevm_state_handler_insert(se)
    return 0


@emulates
def unregister_savevm(obj: Part | None, idstr: str, opaque: Any) -> None:
    """Take what saves itself out of the register."""
    handlers = savevm_state().handlers
    id_ = vmstate_if_get_id(obj)
    name = idstr if id_ is None else f"{id_}/{idstr}"
    for se in list(handlers):
        if se.idstr == name and se.opaque is opaque:
            handlers.remove(se)
            g_free(se.compat)
            g_free(se)
