"""Advanced Power Management's two ports (hw/isa/apm.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from emu.hw.pci.pci import PCIDevice, pci_address_space_io
from emu.qom.object import OBJECT
from emu.softmmu.memory import Impl, MemoryRegion, MemoryRegionOps, memory_region_add_subregion, memory_region_init_io
from emu.trace import Ptr, Struct, emulates

APM_CNT_IOPORT: Final = 0xB2

apm_ctrl_changed_t = Callable[[int, Any], None]


class APMState(Struct):
    """The ports: control and status."""

    apmc: int = 0
    apms: int = 0
    callback: apm_ctrl_changed_t | None = None
    arg: Any = None
    io: MemoryRegion | None = None


@emulates
def apm_ioport_writeb(opaque: APMState, addr: int, val: int, size: int) -> None:
    """Write a port; a write of the control port may switch ACPI on."""
    if addr & 1 == 0:
        opaque.apmc = val
        if opaque.callback is not None:
            opaque.callback(val, opaque.arg)
    else:
        opaque.apms = val


@emulates
def apm_ioport_readb(opaque: APMState, addr: int, size: int) -> int:
    """Read a port."""
    return opaque.apms if addr & 1 else opaque.apmc


apm_ops: Final = MemoryRegionOps(
    name="apm_ops",
    read=apm_ioport_readb,
    write=apm_ioport_writeb,
    impl=Impl(min_access_size=1, max_access_size=1),
)


@emulates
def apm_init(dev: PCIDevice, apm: APMState, callback: apm_ctrl_changed_t, arg: Any) -> None:
    """Make the ports."""
    apm.callback = callback
    apm.arg = arg
    memory_region_init_io(Ptr(apm, "io"), OBJECT(dev), apm_ops, apm, "apm-io", 2)
    assert apm.io is not None
    memory_region_add_subregion(pci_address_space_io(dev), APM_CNT_IOPORT, apm.io)
