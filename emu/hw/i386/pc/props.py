"""Getters and setters of the properties of PCs (hw/i386/pc.c, hw/cxl/cxl-host.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.errors import NotModelled
from emu.hw.core.machine import MACHINE
from emu.hw.i386.pc.structs import PC_MACHINE, CXLState
from emu.hw.i386.x86 import GiB, MiB
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_common import OnOffAuto_lookup
from emu.qapi.qapi_util import QEnumLookup
from emu.qapi.visitor import visit_type_bool, visit_type_enum, visit_type_int, visit_type_size
from emu.qom.object import Object
from emu.softmmu.memory import memory_region_size
from emu.trace import emulates
from emu.util.error_report import warn_report

SmbiosEntryPointType_lookup: Final = QEnumLookup(("32", "64"))


def pc_machine_get_device_memory_region_size(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the size of the range for memory devices."""
    memory = MACHINE(obj).device_memory
    visit_type_int(v, name, memory_region_size(memory.mr) if memory is not None and memory.mr is not None else 0)


def pc_machine_get_vmport(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read ``vmport``."""
    visit_type_enum(v, name, PC_MACHINE(obj).vmport, OnOffAuto_lookup)


@emulates
def pc_machine_set_vmport(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write ``vmport``."""
    PC_MACHINE(obj).vmport = visit_type_enum(v, name, 0, OnOffAuto_lookup)


def pc_machine_get_smbus(obj: Object) -> bool:
    """Tell whether there is an SMBus."""
    return PC_MACHINE(obj).smbus_enabled


@emulates
def pc_machine_set_smbus(obj: Object, value: bool) -> None:
    """Set whether there is an SMBus."""
    PC_MACHINE(obj).smbus_enabled = value


def pc_machine_get_sata(obj: Object) -> bool:
    """Tell whether there is a SATA controller."""
    return PC_MACHINE(obj).sata_enabled


@emulates
def pc_machine_set_sata(obj: Object, value: bool) -> None:
    """Set whether there is a SATA controller."""
    PC_MACHINE(obj).sata_enabled = value


def pc_machine_get_hpet(obj: Object) -> bool:
    """Tell whether there is an HPET."""
    return PC_MACHINE(obj).hpet_enabled


@emulates
def pc_machine_set_hpet(obj: Object, value: bool) -> None:
    """Set whether there is an HPET."""
    PC_MACHINE(obj).hpet_enabled = value


def pc_machine_get_i8042(obj: Object) -> bool:
    """Tell whether there is a keyboard controller."""
    return PC_MACHINE(obj).i8042_enabled


@emulates
def pc_machine_set_i8042(obj: Object, value: bool) -> None:
    """Set whether there is a keyboard controller."""
    PC_MACHINE(obj).i8042_enabled = value


def pc_machine_get_default_bus_bypass_iommu(obj: Object) -> bool:
    """Tell whether devices on the root bus pass the IOMMU by."""
    return PC_MACHINE(obj).default_bus_bypass_iommu


@emulates
def pc_machine_set_default_bus_bypass_iommu(obj: Object, value: bool) -> None:
    """Set whether devices on the root bus pass the IOMMU by."""
    PC_MACHINE(obj).default_bus_bypass_iommu = value


def pc_machine_get_smbios_ep(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the kind of the SMBIOS entry point."""
    visit_type_enum(v, name, PC_MACHINE(obj).smbios_entry_point_type, SmbiosEntryPointType_lookup)


@emulates
def pc_machine_set_smbios_ep(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the kind of the SMBIOS entry point."""
    PC_MACHINE(obj).smbios_entry_point_type = visit_type_enum(v, name, 0, SmbiosEntryPointType_lookup)


def pc_machine_get_max_ram_below_4g(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read how much RAM may lie below 4 GiB."""
    visit_type_size(v, name, PC_MACHINE(obj).max_ram_below_4g)


@emulates
def pc_machine_set_max_ram_below_4g(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write how much RAM may lie below 4 GiB, in bytes. Error: more than that."""
    value = visit_type_size(v, name, 0)
    if value > 4 * GiB:
        error_setg(f"Machine option 'max-ram-below-4g={value}' expects size less than or equal to 4G")
    if value < MiB:
        warn_report(f"Only {value} bytes of RAM below the 4GiB boundary,BIOS may not work with less than 1MiB")
    PC_MACHINE(obj).max_ram_below_4g = value


def pc_machine_get_max_fw_size(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read how big the firmware may be."""
    visit_type_size(v, name, PC_MACHINE(obj).max_fw_size)


@emulates
def pc_machine_set_max_fw_size(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write how big the firmware may be, in bytes. Error: more than 16 MiB."""
    value = visit_type_size(v, name, 0)
    if value > 16 * MiB:
        error_setg(
            f"User specified max allowed firmware size {value} is greater than 16MiB. If combined firwmare size "
            "exceeds 16MiB the system may not boot, or experience intermittentstability issues."
        )
    PC_MACHINE(obj).max_fw_size = value


def machine_get_cxl(obj: Object, v: Any, name: str, opaque: CXLState) -> None:
    """Read ``cxl``."""
    visit_type_bool(v, name, opaque.is_enabled)


@emulates(file="hw/cxl/cxl-host.c")
def machine_set_cxl(obj: Object, v: Any, name: str, opaque: CXLState) -> None:
    """Write ``cxl``. NotModelled: it is on."""
    value = visit_type_bool(v, name, False)
    if value:
        raise NotModelled("CXL (-machine cxl=on)")
    opaque.is_enabled = value


def machine_get_cfmw(obj: Object, v: Any, name: str, opaque: CXLState) -> None:
    """Read the CXL fixed memory windows."""
    raise NotModelled("CXL (cxl-fmw)")


@emulates(file="hw/cxl/cxl-host.c")
def machine_set_cfmw(obj: Object, v: Any, name: str, opaque: CXLState) -> None:
    """Write the CXL fixed memory windows."""
    raise NotModelled("CXL (cxl-fmw)")
