"""The interface through which firmware asks what the machine is (hw/nvram/fw_cfg.c, include/hw/nvram/fw_cfg.h).

Keys, names and sizes are modelled; the bytes behind them and the ports' protocol are not.
"""

from __future__ import annotations

from emu.hw.nvram.fw_cfg.device import fw_cfg_add_extra_pci_roots, fw_cfg_find, fw_cfg_init_io_dma
from emu.hw.nvram.fw_cfg.entries import (
    fw_cfg_add_bytes,
    fw_cfg_add_file,
    fw_cfg_add_file_callback,
    fw_cfg_add_i16,
    fw_cfg_add_i32,
    fw_cfg_add_i64,
    fw_cfg_modify_i16,
    fw_cfg_reset_order_override,
    fw_cfg_set_order_override,
)
from emu.hw.nvram.fw_cfg.structs import (
    FW_CFG_ARCH_LOCAL,
    FW_CFG_MAX_CPUS,
    FW_CFG_NB_CPUS,
    FW_CFG_NUMA,
    FW_CFG_ORDER_OVERRIDE_NIC,
    FW_CFG_ORDER_OVERRIDE_VGA,
    FW_CFG_RAM_SIZE,
    FWCfgState,
)

__all__ = [
    "FW_CFG_ARCH_LOCAL",
    "FW_CFG_MAX_CPUS",
    "FW_CFG_NB_CPUS",
    "FW_CFG_NUMA",
    "FW_CFG_ORDER_OVERRIDE_NIC",
    "FW_CFG_ORDER_OVERRIDE_VGA",
    "FW_CFG_RAM_SIZE",
    "FWCfgState",
    "fw_cfg_add_bytes",
    "fw_cfg_add_extra_pci_roots",
    "fw_cfg_add_file",
    "fw_cfg_add_file_callback",
    "fw_cfg_add_i16",
    "fw_cfg_add_i32",
    "fw_cfg_add_i64",
    "fw_cfg_find",
    "fw_cfg_init_io_dma",
    "fw_cfg_modify_i16",
    "fw_cfg_reset_order_override",
    "fw_cfg_set_order_override",
]
