"""Items and files for the firmware (hw/nvram/fw_cfg.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.errors import QemuExit
from emu.hw.core.machine import MACHINE_GET_CLASS
from emu.hw.core.qdev import qdev_get_machine
from emu.hw.nvram.fw_cfg.structs import (
    FW_CFG_ENTRY_MASK,
    FW_CFG_FILE_DIR,
    FW_CFG_FILE_FIRST,
    FW_CFG_ORDER_OVERRIDE_LAST,
    SIZEOF_FWCFGFILE,
    FWCfgFile,
    FWCfgState,
    fw_cfg_order,
)
from emu.trace import emulates
from emu.util.error_report import error_report, warn_report


@emulates
def fw_cfg_add_bytes(s: FWCfgState, key: int, size: int) -> None:
    """Add an item of ``size`` bytes under a key that must be free."""
    name = f"{key:#06x}"
    assert (key & FW_CFG_ENTRY_MASK) < FW_CFG_FILE_FIRST + s.file_slots
    assert name not in s.entries
    s.entries[name] = size


@emulates
def fw_cfg_add_i16(s: FWCfgState, key: int, value: int) -> None:
    """Add a 16-bit number."""
    fw_cfg_add_bytes(s, key, 2)


@emulates
def fw_cfg_modify_i16(s: FWCfgState, key: int, value: int) -> None:
    """Change a 16-bit number."""
    s.entries[f"{key:#06x}"] = 2


@emulates
def fw_cfg_add_i32(s: FWCfgState, key: int, value: int) -> None:
    """Add a 32-bit number."""
    fw_cfg_add_bytes(s, key, 4)


@emulates
def fw_cfg_add_i64(s: FWCfgState, key: int, value: int) -> None:
    """Add a 64-bit number."""
    fw_cfg_add_bytes(s, key, 8)


def fw_cfg_set_order_override(s: FWCfgState, order: int) -> None:
    """Put the files that follow at a place of their own."""
    assert s.fw_cfg_order_override == 0
    s.fw_cfg_order_override = order


def fw_cfg_reset_order_override(s: FWCfgState) -> None:
    """End that."""
    assert s.fw_cfg_order_override != 0
    s.fw_cfg_order_override = 0


def fw_cfg_acpi_mr_save(s: FWCfgState, filename: str, size: int) -> None:
    """Remember the sizes that migration has to restore."""
    if filename == "etc/acpi/tables":
        s.table_mr_size = size
    elif filename == "etc/table-loader":
        s.linker_mr_size = size
    elif filename == "etc/acpi/rsdp":
        s.rsdp_mr_size = size


def get_fw_cfg_order(s: FWCfgState, name: str) -> int:
    """Return the place of a file in the order of older machines."""
    if s.fw_cfg_order_override > 0:
        return s.fw_cfg_order_override
    if name in fw_cfg_order:
        return fw_cfg_order[name]
    warn_report(f"Unknown firmware file in legacy mode: {name}")
    return FW_CFG_ORDER_OVERRIDE_LAST


@emulates
def fw_cfg_add_file_callback(
    s: FWCfgState,
    filename: str,
    select_cb: Callable[[Any], None] | None,
    callback_opaque: Any,
    size: int,
    read_only: bool,
) -> None:
    """Add a file at its place: by name, on older machines by ``fw_cfg_order``. A name that is taken ends QEMU."""
    mc = MACHINE_GET_CLASS(qdev_get_machine())
    if not len(s.files):
        fw_cfg_add_bytes(s, FW_CFG_FILE_DIR, 4 + SIZEOF_FWCFGFILE * s.file_slots)
    count = len(s.files)
    assert count < s.file_slots
    order = get_fw_cfg_order(s, filename) if mc.legacy_fw_cfg_order else 0
    index = count
    while index > 0 and (order < s.entry_order[index - 1] if mc.legacy_fw_cfg_order else filename < s.files[index - 1].name):
        index -= 1
    if any(file.name == filename for file in s.files):
        error_report(f"duplicate fw_cfg file name: {filename}")
        raise QemuExit(1)
    s.files.insert(index, FWCfgFile(name=filename, size=size))
    s.entry_order.insert(index, order)
    fw_cfg_acpi_mr_save(s, filename, size)


@emulates
def fw_cfg_add_file(s: FWCfgState, filename: str, size: int) -> None:
    """Add a file of ``size`` bytes."""
    fw_cfg_add_file_callback(s, filename, None, None, size, True)


@emulates
def fw_cfg_modify_file(s: FWCfgState, filename: str, size: int) -> None:
    """Change a file, or add it."""
    for file in s.files:
        if file.name == filename:
            file.size = size
            fw_cfg_acpi_mr_save(s, filename, size)
            return
    fw_cfg_add_file_callback(s, filename, None, None, size, True)
