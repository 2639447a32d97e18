"""What a guest's ACPI code asks about NVDIMMs through (hw/acpi/nvdimm.c); no NVDIMM is modelled."""

from __future__ import annotations

from typing import Final

from emu.hw.core.machine import NVDIMMState
from emu.hw.nvram.fw_cfg import FWCfgState, fw_cfg_add_file
from emu.qom.object import Object
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, MemoryRegion, Valid, memory_region_add_subregion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, emulates

NVDIMM_DSM_MEM_FILE: Final = "etc/acpi/nvdimm-mem"
NVDIMM_DSM_MEMORY_SIZE: Final = 4096
NVDIMM_ACPI_IO_BASE: Final = 0x0A18
NVDIMM_ACPI_IO_LEN: Final = 4

nvdimm_dsm_ops: Final = unmodelled_ops(
    "nvdimm_dsm_ops",
    "hw/acpi/nvdimm.c",
    "nvdimm_dsm_read",
    "nvdimm_dsm_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(4, 4),
)


@emulates
def nvdimm_init_acpi_state(
    state: NVDIMMState, io: MemoryRegion, address: int, width: int, fw_cfg: FWCfgState, owner: Object
) -> None:
    """Make the port (at ``address``, ``width`` bytes) that a guest writes to, and the page that the question lies in."""
    memory_region_init_io(Ptr(state, "io_mr"), owner, nvdimm_dsm_ops, state, "nvdimm-acpi-io", width)
    assert state.io_mr is not None
    memory_region_add_subregion(io, address, state.io_mr)
    fw_cfg_add_file(fw_cfg, NVDIMM_DSM_MEM_FILE, NVDIMM_DSM_MEMORY_SIZE)
