"""An AHCI controller; commands are not carried out (hw/ide/ahci.c, include/hw/ide/ahci.h)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from emu.blockdev import DriveInfo
from emu.hw.core.irq import IRQState, qemu_allocate_irqs
from emu.hw.core.qdev import DeviceState
from emu.hw.ide.core import IDEBus, ide_bus_reset, ide_init2, ide_register_restart_cb
from emu.hw.ide.qdev import ide_bus_init, ide_create_drive
from emu.hw.pci.pci import PCIDevice
from emu.qom.object import OBJECT
from emu.qom.parts import Part, caster
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, AddressSpace, MemoryRegion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Seq, Struct, embedded, emulates, seq

TYPE_ICH9_AHCI: Final = "ich9-ahci"
FILE: Final = "hw/ide/ahci.c"
AHCI_MEM_BAR_SIZE: Final = 0x1000
AHCI_NUM_COMMAND_SLOTS: Final = 31
CAP: Final = AHCI_NUM_COMMAND_SLOTS << 8 | 1 << 20 | 1 << 30 | 1 << 18 | 1 << 31
"""Slots for commands, the first speed, queued commands, AHCI only, 64-bit addresses."""
AHCI_VERSION_1_0: Final = 0x10000
HOST_CTL_AHCI_EN: Final = 1 << 31
PORT_CMD_SPIN_UP_POWER_ON: Final = 1 << 1 | 1 << 2

ahci_mem_ops: Final = unmodelled_ops("ahci_mem_ops", FILE, "ahci_mem_read", "ahci_mem_write", endianness=DEVICE_LITTLE_ENDIAN)
ahci_idp_ops: Final = unmodelled_ops("ahci_idp_ops", FILE, "ahci_idp_read", "ahci_idp_write", endianness=DEVICE_LITTLE_ENDIAN)


class AHCIControlRegs(Struct):
    """Registers of the controller."""

    cap: int = 0
    ghc: int = 0
    irqstatus: int = 0
    impl: int = 0
    version: int = 0


class AHCIDevice(Struct):
    """A port: an IDE bus for one drive."""

    port: IDEBus | None = None
    port_no: int = 0
    port_state: int = 0
    cmd: int = 0
    tfdata: int = 0
    sig: int = 0
    busy_slot: int = 0


class AHCIState(Struct):
    """The controller without its bus."""

    dev: Seq[AHCIDevice] = seq()
    control_regs: AHCIControlRegs = embedded(AHCIControlRegs)
    mem: MemoryRegion | None = None
    idp: MemoryRegion | None = None
    idp_offset: int = 0
    idp_index: int = 0
    ports: int = 0
    irq: IRQState | None = None
    as_: AddressSpace | None = None


class AHCIPCIState(Part):
    """The controller on PCI."""

    SIZE: ClassVar[int] = 3232
    ahci: AHCIState = embedded(AHCIState)


ICH9_AHCI = caster(AHCIPCIState, TYPE_ICH9_AHCI)


def port_of(ad: AHCIDevice) -> IDEBus:
    """Return the bus of a port."""
    assert ad.port is not None
    return ad.port


@emulates(modelled=False)
def ahci_irq_set(opaque: Any, n: int, level: int) -> None:
    """Be told that a port's drive has something."""


@emulates
def ahci_reg_init(s: AHCIState) -> None:
    """Set what the controller can."""
    s.control_regs.cap = s.ports - 1 | CAP
    s.control_regs.impl = (1 << s.ports) - 1
    s.control_regs.version = AHCI_VERSION_1_0
    for ad in s.dev:
        ad.port_state = 0


@emulates
def ahci_init(s: AHCIState, qdev: DeviceState) -> None:
    """Make the registers in memory, and the two ports that reach them."""
    memory_region_init_io(Ptr(s, "mem"), OBJECT(qdev), ahci_mem_ops, s, "ahci", AHCI_MEM_BAR_SIZE)
    memory_region_init_io(Ptr(s, "idp"), OBJECT(qdev), ahci_idp_ops, s, "ahci-idp", 32)


@emulates
def ahci_realize(s: AHCIState, qdev: DeviceState, as_: AddressSpace, ports: int) -> None:
    """Make the ports."""
    s.as_ = as_
    s.ports = ports
    for _ in range(ports):
        s.dev.append(AHCIDevice())
    ahci_reg_init(s)
    irqs = qemu_allocate_irqs(ahci_irq_set, s, s.ports)
    for i, ad in enumerate(s.dev):
        ide_bus_init(Ptr(ad, "port"), qdev, i, 1)
        ide_init2(port_of(ad), irqs[i])
        ad.port_no = i
        ide_register_restart_cb(port_of(ad))


@emulates(modelled=False)
def ahci_uninit(s: AHCIState) -> None:
    """Give the ports back."""


@emulates
def ahci_reset_port(s: AHCIState, port: int) -> None:
    """Reset a port; the drive's signature is not modelled."""
    d = s.dev[port]
    ide_bus_reset(port_of(d))
    d.tfdata = 0x7F
    d.sig = 0xFFFFFFFF
    d.busy_slot = -1


@emulates
def ahci_reset(s: AHCIState) -> None:
    """Reset the controller and all ports."""
    s.control_regs.irqstatus = 0
    s.control_regs.ghc = HOST_CTL_AHCI_EN
    for i, ad in enumerate(s.dev):
        ad.cmd = PORT_CMD_SPIN_UP_POWER_ON
        ahci_reset_port(s, i)


def ahci_get_num_ports(dev: PCIDevice) -> int:
    """Return the number of ports."""
    return ICH9_AHCI(dev).ahci.ports


@emulates
def ahci_ide_create_devs(dev: PCIDevice, hd: Sequence[DriveInfo | None]) -> None:
    """Make the drives of a controller."""
    for ad, drive in zip(ICH9_AHCI(dev).ahci.dev, hd, strict=True):
        if drive is not None:
            ide_create_drive(port_of(ad), 0, drive)
