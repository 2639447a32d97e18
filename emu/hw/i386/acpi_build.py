"""The ACPI tables (hw/i386/acpi-build.c): that they are handed to the firmware; their contents are not modelled."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.loader import rom_add_blob
from emu.hw.core.qdev import qdev_get_machine
from emu.hw.core.reset import qemu_register_reset
from emu.hw.i386.pc.structs import PC_MACHINE, PC_MACHINE_GET_CLASS
from emu.hw.i386.x86 import X86_MACHINE, x86_machine_is_acpi_enabled
from emu.hw.nvram.fw_cfg import fw_cfg_add_file, fw_cfg_add_file_callback
from emu.migration.savevm import VMStateDescription, vmstate_register
from emu.qom.object import Object, object_resolve_path
from emu.softmmu.memory import MemoryRegion
from emu.trace import Struct, emulates

ACPI_BUILD_TABLE_FILE: Final = "etc/acpi/tables"
ACPI_BUILD_RSDP_FILE: Final = "etc/acpi/rsdp"
ACPI_BUILD_TPMLOG_FILE: Final = "etc/tpm/log"
ACPI_BUILD_LOADER_FILE: Final = "etc/table-loader"
ACPI_BUILD_TABLE_SIZE: Final = 0x20000
ACPI_BUILD_ALIGN_SIZE: Final = 0x1000
MAX_SIZES: Final = {
    ACPI_BUILD_TABLE_FILE: 0x200000,
    ACPI_BUILD_LOADER_FILE: 0x10000,
    ACPI_BUILD_RSDP_FILE: 0x1000,
}
RSDP_SIZE: Final = 20


class AcpiBuildState(Struct):
    """What is needed to build the tables anew when the guest reads them."""

    table_mr: MemoryRegion | None = None
    patched: bool = False
    rsdp_mr: MemoryRegion | None = None
    linker_mr: MemoryRegion | None = None


vmstate_acpi_build: Final = VMStateDescription("acpi_build", version_id=1, minimum_version_id=1)


def acpi_get_i386_pci_host() -> Object | None:
    """Return the host bridge."""
    for path in ("/machine/i440fx", "/machine/q35"):
        found, _ = object_resolve_path(path)
        if found is not None:
            return found
    return None


@emulates(modelled=False)
def acpi_build(tables: Any, machine: Any) -> None:
    """Build the tables."""


@emulates(modelled=False)
def acpi_build_update(build_opaque: Any) -> None:
    """Build the tables anew, as the guest reads them for the first time."""


@emulates(file="hw/acpi/utils.c")
def acpi_add_rom_blob(opaque: AcpiBuildState, size: int, name: str) -> MemoryRegion | None:
    """Hand a table over; its region may grow."""
    return rom_add_blob(name, size, MAX_SIZES[name], -1 & 0xFFFFFFFFFFFFFFFF, name, acpi_build_update, opaque, True)


@emulates
def acpi_build_reset(build_opaque: AcpiBuildState) -> None:
    """Have the tables built anew."""
    build_opaque.patched = False


@emulates
def acpi_setup() -> None:
    """Hand the tables to the firmware, if there is ACPI."""
    pcms = PC_MACHINE(qdev_get_machine())
    x86ms = X86_MACHINE(pcms)
    if x86ms.fw_cfg is None or not pcms.acpi_build_enabled or not x86_machine_is_acpi_enabled(x86ms):
        return
    build_state = AcpiBuildState()
    acpi_build(None, pcms)
    build_state.table_mr = acpi_add_rom_blob(build_state, ACPI_BUILD_TABLE_SIZE, ACPI_BUILD_TABLE_FILE)
    build_state.linker_mr = acpi_add_rom_blob(build_state, ACPI_BUILD_ALIGN_SIZE, ACPI_BUILD_LOADER_FILE)
    fw_cfg_add_file(x86ms.fw_cfg, ACPI_BUILD_TPMLOG_FILE, 0)
    if PC_MACHINE_GET_CLASS(pcms).rsdp_in_ram:
        build_state.rsdp_mr = acpi_add_rom_blob(build_state, RSDP_SIZE, ACPI_BUILD_RSDP_FILE)
    else:
        fw_cfg_add_file_callback(x86ms.fw_cfg, ACPI_BUILD_RSDP_FILE, acpi_build_update, build_state, RSDP_SIZE, True)
    qemu_register_reset(acpi_build_reset, build_state)
    acpi_build_reset(build_state)
    vmstate_register(None, 0, vmstate_acpi_build, build_state)
