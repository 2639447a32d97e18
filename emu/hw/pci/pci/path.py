"""Names of devices: by place for migration and firmware, by class for people (hw/pci/pci.c)."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from emu.hw.core.qdev import qdev_find_recursive
from emu.hw.core.qdev_core import BUS, DeviceState
from emu.hw.pci.pci.bus import pci_dev_bus_num, pci_device_root_bus, pci_globals
from emu.hw.pci.pci.hosts import PCI_HOST_BRIDGE, PCI_HOST_BRIDGE_GET_CLASS
from emu.hw.pci.pci.structs import (
    PCI_DEVICE,
    PCI_FUNC,
    PCI_SLOT,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_get_bus,
)
from emu.monitor import monitor_printf
from emu.qom.object import object_dynamic_cast
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_CLASS_DEVICE,
    PCI_DEVICE_ID,
    PCI_SUBSYSTEM_ID,
    PCI_SUBSYSTEM_VENDOR_ID,
    PCI_VENDOR_ID,
)
from emu.trace import emulates


class PciClassDesc(NamedTuple):
    """What a class code means; ``fw_ign_bits`` are those that do not matter to the firmware's name."""

    desc: str
    fw_name: str | None = None
    fw_ign_bits: int = 0


pci_class_descriptions: Final[dict[int, PciClassDesc]] = {
    0x0001: PciClassDesc("VGA controller", "display"),
    0x0100: PciClassDesc("SCSI controller", "scsi"),
    0x0101: PciClassDesc("IDE controller", "ide"),
    0x0102: PciClassDesc("Floppy controller", "fdc"),
    0x0103: PciClassDesc("IPI controller", "ipi"),
    0x0104: PciClassDesc("RAID controller", "raid"),
    0x0106: PciClassDesc("SATA controller"),
    0x0107: PciClassDesc("SAS controller"),
    0x0180: PciClassDesc("Storage controller"),
    0x0200: PciClassDesc("Ethernet controller", "ethernet"),
    0x0201: PciClassDesc("Token Ring controller", "token-ring"),
    0x0202: PciClassDesc("FDDI controller", "fddi"),
    0x0203: PciClassDesc("ATM controller", "atm"),
    0x0280: PciClassDesc("Network controller"),
    0x0300: PciClassDesc("VGA controller", "display", 0x00FF),
    0x0301: PciClassDesc("XGA controller"),
    0x0302: PciClassDesc("3D controller"),
    0x0380: PciClassDesc("Display controller"),
    0x0400: PciClassDesc("Video controller", "video"),
    0x0401: PciClassDesc("Audio controller", "sound"),
    0x0402: PciClassDesc("Phone"),
    0x0403: PciClassDesc("Audio controller", "sound"),
    0x0480: PciClassDesc("Multimedia controller"),
    0x0500: PciClassDesc("RAM controller", "memory"),
    0x0501: PciClassDesc("Flash controller", "flash"),
    0x0580: PciClassDesc("Memory controller"),
    0x0600: PciClassDesc("Host bridge", "host"),
    0x0601: PciClassDesc("ISA bridge", "isa"),
    0x0602: PciClassDesc("EISA bridge", "eisa"),
    0x0603: PciClassDesc("MC bridge", "mca"),
    0x0604: PciClassDesc("PCI bridge", "pci-bridge"),
    0x0605: PciClassDesc("PCMCIA bridge", "pcmcia"),
    0x0606: PciClassDesc("NUBUS bridge", "nubus"),
    0x0607: PciClassDesc("CARDBUS bridge", "cardbus"),
    0x0608: PciClassDesc("RACEWAY bridge"),
    0x0680: PciClassDesc("Bridge"),
    0x0700: PciClassDesc("Serial port", "serial"),
    0x0701: PciClassDesc("Parallel port", "parallel"),
    0x0800: PciClassDesc("Interrupt controller", "interrupt-controller"),
    0x0801: PciClassDesc("DMA controller", "dma-controller"),
    0x0802: PciClassDesc("Timer", "timer"),
    0x0803: PciClassDesc("RTC", "rtc"),
    0x0900: PciClassDesc("Keyboard", "keyboard"),
    0x0901: PciClassDesc("Pen", "pen"),
    0x0902: PciClassDesc("Mouse", "mouse"),
    0x0A00: PciClassDesc("Dock station", "dock", 0x00FF),
    0x0B00: PciClassDesc("i386 cpu", "cpu", 0x00FF),
    0x0C00: PciClassDesc("Firewire controller", "firewire"),
    0x0C01: PciClassDesc("Access bus controller", "access-bus"),
    0x0C02: PciClassDesc("SSA controller", "ssa"),
    0x0C03: PciClassDesc("USB controller", "usb"),
    0x0C04: PciClassDesc("Fibre channel controller", "fibre-channel"),
    0x0C05: PciClassDesc("SMBus"),
}
"""Class code -> what it means, in the order in which they are searched."""


def get_class_desc(class_: int) -> PciClassDesc | None:
    """Return what a class code means."""
    return pci_class_descriptions.get(class_)


@emulates
def pci_root_bus_path(dev: PCIDevice) -> str:
    """Name the root bus above a device as its host bridge does."""
    rootbus = pci_device_root_bus(dev)
    parent = BUS(rootbus).parent
    assert parent is not None
    host_bridge = PCI_HOST_BRIDGE(parent)
    hc = PCI_HOST_BRIDGE_GET_CLASS(host_bridge)
    assert host_bridge.bus is rootbus
    if hc.root_bus_path is not None:
        return hc.root_bus_path(host_bridge, rootbus)
    name = BUS(rootbus).name
    assert name is not None
    return name


@emulates
def pcibus_get_dev_path(dev: DeviceState) -> str:
    """Name a device by its place: root bus, then slot and function of each bridge on the way and of itself."""
    d = PCI_DEVICE(dev)
    root_bus_path = pci_root_bus_path(d)
    slots: list[str] = []
    t: PCIDevice | None = d
    while t is not None:
        slots.append(f":{PCI_SLOT(t.devfn):02x}.{PCI_FUNC(t.devfn):x}")
        t = pci_get_bus(t).parent_dev
    return root_bus_path + "".join(reversed(slots))


def pci_dev_fw_name(dev: DeviceState) -> str:
    """Name a device's kind for the firmware, at most 32 characters."""
    d = PCI_DEVICE(dev)
    class_ = d.config.read(PCI_CLASS_DEVICE, 2)
    for code, desc in pci_class_descriptions.items():
        if class_ & ~desc.fw_ign_bits == code & ~desc.fw_ign_bits:
            if desc.fw_name:
                return desc.fw_name
            break
    return f"pci{d.config.read(PCI_VENDOR_ID, 2):04x},{d.config.read(PCI_DEVICE_ID, 2):04x}"


@emulates
def pcibus_get_fw_dev_path(dev: DeviceState) -> str:
    """Name a device for the firmware: kind, slot, and function unless it is 0."""
    d = PCI_DEVICE(dev)
    func = PCI_FUNC(d.devfn)
    return f"{pci_dev_fw_name(dev)}@{PCI_SLOT(d.devfn):x}" + (f",{func:x}" if func else "")


@emulates
def pcibus_dev_print(mon: Any, dev: DeviceState, indent: int) -> None:
    """Print what ``info qtree`` shows of a PCI device: class, address, ids, BARs."""
    d = PCI_DEVICE(dev)
    class_ = d.config.read(PCI_CLASS_DEVICE, 2)
    desc = get_class_desc(class_)
    ctxt = desc.desc if desc is not None else f"Class {class_:04x}"
    ids = [d.config.read(at, 2) for at in (PCI_VENDOR_ID, PCI_DEVICE_ID, PCI_SUBSYSTEM_VENDOR_ID, PCI_SUBSYSTEM_ID)]
    monitor_printf(
        mon,
        f"{' ' * indent}class {ctxt}, addr {pci_dev_bus_num(d):02x}:{PCI_SLOT(d.devfn):02x}.{PCI_FUNC(d.devfn):x}, "
        f"pci id {ids[0]:04x}:{ids[1]:04x} (sub {ids[2]:04x}:{ids[3]:04x})\n",
    )
    for i, r in enumerate(d.io_regions):
        if r.size:
            kind = "i/o" if r.type & PCI_BASE_ADDRESS_SPACE_IO else "mem"
            last = (r.addr + r.size - 1) & 0xFFFF_FFFF_FFFF_FFFF
            monitor_printf(mon, f"{' ' * indent}bar {i}: {kind} at 0x{r.addr:x} [0x{last:x}]\n")


def pci_qdev_find_device(id_: str) -> PCIDevice | None:
    """Return the PCI device of an id, None where there is none or it is of another kind."""
    for host in pci_globals().pci_host_bridges:
        bus = PCI_HOST_BRIDGE(host).bus
        assert bus is not None
        qdev = qdev_find_recursive(BUS(bus), id_)
        if qdev is not None and object_dynamic_cast(qdev, TYPE_PCI_DEVICE) is not None:
            return PCI_DEVICE(qdev)
    return None
