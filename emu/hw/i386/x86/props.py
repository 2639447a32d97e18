"""Getters and setters of the properties of x86 machines, and what they decide (hw/i386/x86.c)."""

from __future__ import annotations

from typing import Any

from emu.errors import NotModelled, QemuExit
from emu.hw.i386.x86.structs import X86_MACHINE, X86_MACHINE_OEM_ID, X86_MACHINE_OEM_TABLE_ID, X86MachineState
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_common import OnOffAuto, OnOffAuto_lookup
from emu.qapi.visitor import visit_type_enum, visit_type_uint64
from emu.qom.object import Object
from emu.sysemu.accel import kvm_enabled, qtest_enabled, tcg_enabled
from emu.trace import emulates
from emu.util.error_report import error_report


@emulates
def x86_machine_is_smm_enabled(x86ms: X86MachineState) -> bool:
    """Tell whether the machine has System Management Mode. It was asked for and can't be had: QEMU ends."""
    if x86ms.smm == OnOffAuto.OFF:
        return False
    smm_available = tcg_enabled() or qtest_enabled()
    if not smm_available and kvm_enabled():
        raise NotModelled("whether KVM of the host has SMM")
    if smm_available:
        return True
    if x86ms.smm == OnOffAuto.ON:
        error_report("System Management Mode not supported by this hypervisor.")
        raise QemuExit(1)
    return False


def x86_machine_get_smm(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read ``smm``."""
    visit_type_enum(v, name, X86_MACHINE(obj).smm, OnOffAuto_lookup)


@emulates
def x86_machine_set_smm(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write ``smm``."""
    X86_MACHINE(obj).smm = visit_type_enum(v, name, 0, OnOffAuto_lookup)


def x86_machine_is_acpi_enabled(x86ms: X86MachineState) -> bool:
    """Tell whether the machine has ACPI."""
    return x86ms.acpi != OnOffAuto.OFF


def x86_machine_get_acpi(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read ``acpi``."""
    visit_type_enum(v, name, X86_MACHINE(obj).acpi, OnOffAuto_lookup)


@emulates
def x86_machine_set_acpi(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write ``acpi``."""
    X86_MACHINE(obj).acpi = visit_type_enum(v, name, 0, OnOffAuto_lookup)


def x86_machine_get_pit(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read ``pit``."""
    visit_type_enum(v, name, X86_MACHINE(obj).pit, OnOffAuto_lookup)


@emulates
def x86_machine_set_pit(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write ``pit``."""
    X86_MACHINE(obj).pit = visit_type_enum(v, name, 0, OnOffAuto_lookup)


def x86_machine_get_pic(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read ``pic``."""
    visit_type_enum(v, name, X86_MACHINE(obj).pic, OnOffAuto_lookup)


@emulates
def x86_machine_set_pic(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write ``pic``."""
    X86_MACHINE(obj).pic = visit_type_enum(v, name, 0, OnOffAuto_lookup)


def x86_machine_get_oem_id(obj: Object) -> str | None:
    """Return the vendor that ACPI tables name."""
    return X86_MACHINE(obj).oem_id


@emulates
def x86_machine_set_oem_id(obj: Object, value: str) -> None:
    """Set the vendor that ACPI tables name. Error: longer than 6 bytes."""
    if len(value.encode()) > 6:
        error_setg(f"User specified {X86_MACHINE_OEM_ID} value is bigger than 6 bytes in size")
    X86_MACHINE(obj).oem_id = value


def x86_machine_get_oem_table_id(obj: Object) -> str | None:
    """Return the board that ACPI tables name."""
    return X86_MACHINE(obj).oem_table_id


@emulates
def x86_machine_set_oem_table_id(obj: Object, value: str) -> None:
    """Set the board that ACPI tables name. Error: longer than 8 bytes."""
    if len(value.encode()) > 8:
        error_setg(f"User specified {X86_MACHINE_OEM_TABLE_ID} value is bigger than 8 bytes in size")
    X86_MACHINE(obj).oem_table_id = value


def x86_machine_get_bus_lock_ratelimit(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read how many bus locks a second are let pass."""
    visit_type_uint64(v, name, X86_MACHINE(obj).bus_lock_ratelimit)


@emulates
def x86_machine_set_bus_lock_ratelimit(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write how many bus locks a second are let pass."""
    X86_MACHINE(obj).bus_lock_ratelimit = visit_type_uint64(v, name, 0)


def machine_get_sgx_epc(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the SGX enclave page caches."""
    raise NotModelled("SGX (sgx-epc)")


@emulates
def machine_set_sgx_epc(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the SGX enclave page caches."""
    raise NotModelled("SGX (sgx-epc)")
