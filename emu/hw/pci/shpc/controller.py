"""A hot-plug controller comes into being: capability, BAR, masks (hw/pci/shpc.c; PCI standard hot-plug controller 1.0).

Slots count from 0 here; in registers, on the bus and on the box they count from 1.
"""

from __future__ import annotations

from typing import Final

from emu.hw.core.bus import qbus_set_hotplug_handler
from emu.hw.core.qdev_core import BUS
from emu.hw.pci.pci.bytes import pci_get_byte, pci_get_long, pci_set_byte, pci_set_long
from emu.hw.pci.pci.caps import pci_add_capability
from emu.hw.pci.pci.structs import QEMU_PCI_CAP_SHPC, PCIBus, PCIDevice
from emu.hw.pci.shpc.commands import shpc_write
from emu.hw.pci.shpc.registers import (
    SHPC_ARB_DETECTED,
    SHPC_ARB_SERR_DIS,
    SHPC_BASE_OFFSET,
    SHPC_CAP_CXP,
    SHPC_CAP_DWORD_DATA,
    SHPC_CAP_DWORD_SELECT,
    SHPC_CAP_LENGTH,
    SHPC_CMD_CODE,
    SHPC_CMD_DETECTED,
    SHPC_CMD_INT_DIS,
    SHPC_CMD_TRGT,
    SHPC_CMD_TRGT_MAX,
    SHPC_INT_DIS,
    SHPC_MAX_SLOTS,
    SHPC_SERR_DIS,
    SHPC_SERR_INT,
    SHPC_SLOT_REG,
    SLOT_EVENTS,
    SLOT_EVENTS_DISABLED,
    SHPCDevice,
    shpc_of,
    shpc_read,
    shpc_reset,
    sizeof,
)
from emu.qemu.range import ranges_overlap
from emu.qom.object import OBJECT, object_unparent
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init_io,
)
from emu.standard_headers.linux.pci_regs import PCI_CAP_ID_SHPC
from emu.trace import Buf, Ptr, emulates, g_free


@emulates(file="hw/pci/shpc.c")
def shpc_cap_dword(d: PCIDevice) -> int:
    """Return which register the capability shows, in units of 4 bytes."""
    return pci_get_byte(d.config + shpc_of(d).cap + SHPC_CAP_DWORD_SELECT)


@emulates(file="hw/pci/shpc.c")
def shpc_cap_update_dword(d: PCIDevice) -> None:
    """Show the selected register in the capability."""
    data = shpc_read(d, shpc_cap_dword(d) * 4, 4)
    pci_set_long(d.config + shpc_of(d).cap + SHPC_CAP_DWORD_DATA, data)


@emulates(file="hw/pci/shpc.c")
def shpc_cap_add_config(d: PCIDevice) -> None:
    """Add the capability, a window of 4 bytes into the registers."""
    config_offset = pci_add_capability(d, PCI_CAP_ID_SHPC, 0, SHPC_CAP_LENGTH)
    config = d.config + config_offset
    pci_set_byte(config + SHPC_CAP_DWORD_SELECT, 0)
    pci_set_byte(config + SHPC_CAP_CXP, 0)
    pci_set_long(config + SHPC_CAP_DWORD_DATA, 0)
    shpc_of(d).cap = config_offset
    pci_set_byte(d.wmask + config_offset + SHPC_CAP_DWORD_SELECT, 0xFF)
    pci_set_long(d.wmask + config_offset + SHPC_CAP_DWORD_DATA, 0xFFFFFFFF)


@emulates(file="hw/pci/shpc.c")
def shpc_mmio_read(opaque: PCIDevice, addr: int, size: int) -> int:
    """Read the registers in the BAR."""
    return shpc_read(opaque, addr, size)


@emulates(file="hw/pci/shpc.c")
def shpc_mmio_write(opaque: PCIDevice, addr: int, val: int, size: int) -> None:
    """Write the registers in the BAR."""
    shpc_write(opaque, addr, val, size)


shpc_mmio_ops: Final = MemoryRegionOps(
    name="shpc_mmio_ops",
    read=shpc_mmio_read,
    write=shpc_mmio_write,
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
)


@emulates(file="hw/pci/shpc.c")
def shpc_init(d: PCIDevice, sec_bus: PCIBus, bar: MemoryRegion, offset: int) -> None:
    """Make the controller, with its registers at ``offset`` in a BAR and 31 slots."""
    shpc = SHPCDevice(sec_bus=sec_bus)
    d.shpc = shpc
    shpc_cap_add_config(d)
    nslots = SHPC_MAX_SLOTS
    shpc.nslots = nslots
    size = sizeof(shpc)
    shpc.config = Buf(size)
    shpc.cmask = Buf(size)
    shpc.wmask = Buf(size)
    shpc.w1cmask = Buf(size)
    shpc_reset(d)
    pci_set_long(shpc.config + SHPC_BASE_OFFSET, offset)
    pci_set_byte(shpc.wmask + SHPC_CMD_CODE, 0xFF)
    pci_set_byte(shpc.wmask + SHPC_CMD_TRGT, SHPC_CMD_TRGT_MAX)
    pci_set_byte(shpc.wmask + SHPC_CMD_TRGT, SHPC_CMD_TRGT_MAX)
    pci_set_long(shpc.wmask + SHPC_SERR_INT, SHPC_INT_DIS | SHPC_SERR_DIS | SHPC_CMD_INT_DIS | SHPC_ARB_SERR_DIS)
    pci_set_long(shpc.w1cmask + SHPC_SERR_INT, SHPC_CMD_DETECTED | SHPC_ARB_DETECTED)
    for i in range(nslots):
        pci_set_byte(shpc.wmask + SHPC_SLOT_REG(i) + 3, SLOT_EVENTS_DISABLED)
        pci_set_byte(shpc.w1cmask + SHPC_SLOT_REG(i) + 2, SLOT_EVENTS)
    memory_region_init_io(Ptr(shpc, "mmio"), d, shpc_mmio_ops, d, "shpc-mmio", size)
    shpc_cap_update_dword(d)
    assert shpc.mmio is not None
    memory_region_add_subregion(bar, offset, shpc.mmio)
    qbus_set_hotplug_handler(BUS(sec_bus), OBJECT(d))
    d.cap_present |= QEMU_PCI_CAP_SHPC


@emulates(file="hw/pci/shpc.c")
def shpc_bar_size(d: PCIDevice) -> int:
    """Return the size of the BAR that the registers need, in bytes."""
    return 1 << (SHPC_SLOT_REG(SHPC_MAX_SLOTS) - 1).bit_length()


@emulates(file="hw/pci/shpc.c")
def shpc_cleanup(d: PCIDevice, bar: MemoryRegion) -> None:
    """Take the controller's registers out of the BAR."""
    d.cap_present &= ~QEMU_PCI_CAP_SHPC
    mmio = shpc_of(d).mmio
    assert mmio is not None
    memory_region_del_subregion(bar, mmio)


@emulates(file="hw/pci/shpc.c")
def shpc_free(d: PCIDevice) -> None:
    """Give the controller back, if there is one."""
    shpc: SHPCDevice | None = d.shpc
    if shpc is None:
        return
    assert shpc.mmio is not None
    object_unparent(OBJECT(shpc.mmio))
    g_free(shpc)
    d.shpc = None


@emulates(file="hw/pci/shpc.c")
def shpc_cap_write_config(d: PCIDevice, addr: int, val: int, l: int) -> None:
    """After a write of configuration space, carry what went into the capability's window to the registers."""
    shpc = shpc_of(d)
    if not ranges_overlap(addr, l, shpc.cap, SHPC_CAP_LENGTH):
        return
    if ranges_overlap(addr, l, shpc.cap + SHPC_CAP_DWORD_DATA, 4):
        # QEMU reads the registers where it means configuration space
        dword_data = pci_get_long(shpc.config + shpc.cap + SHPC_CAP_DWORD_DATA)
        shpc_write(d, shpc_cap_dword(d) * 4, dword_data, 4)
    shpc_cap_update_dword(d)
