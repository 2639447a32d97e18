"""Network cards and displays that the board asks for (hw/pci/pci.c)."""

from __future__ import annotations

import re
from typing import Final

from emu.errors import NotModelled, QemuExit
from emu.hw.core.qdev_core import DEVICE, DEVICE_CATEGORY_NETWORK, DEVICE_CLASS
from emu.hw.core.qdev_properties_system import qdev_set_nic_properties
from emu.hw.pci.pci.bus import pci_find_bus_nr
from emu.hw.pci.pci.device import pci_create_simple, pci_new, pci_realize_and_unref
from emu.hw.pci.pci.structs import PCI_DEVFN, TYPE_PCI_DEVICE, PCIBus, PCIDevice
from emu.net.net import NICInfo, qemu_find_nic_model, qemu_show_nic_models
from emu.qapi.error import error_fatal
from emu.qom.object import (
    object_class_get_list_sorted,
    object_class_get_name,
    object_new_with_class,
    object_property_find,
    object_unref,
)
from emu.softmmu.globals import VGA_CIRRUS, VGA_QXL, VGA_STD, VGA_VIRTIO, VGA_VMWARE, globals_c
from emu.source import beyond_recorded, installed_program
from emu.trace import emulates
from emu.util.error_report import error_report

VERSION: Final = "7.2"
HEX: Final = r"[ \t\n\v\f\r]*[-+]?(?:0[xX])?[0-9a-fA-F]+"


def _strtoul(text: str) -> int:
    value = int(text.strip().lower().replace("+", ""), 16)
    return value if value >= 0 else value + (1 << 64)


def pci_parse_devaddr(addr: str, with_function: bool = False) -> tuple[int, int, int, int] | None:
    """Parse ``[[domain:]bus:]slot`` (with_function: ``.function``), hexadecimal; None: not an address."""
    match = re.fullmatch(rf"(?:(?:({HEX}):)?({HEX}):)?({HEX})" + (rf"\.({HEX})" if with_function else "()"), addr)
    if match is None:
        return None
    dom, bus, slot, func = (_strtoul(text) if text else 0 for text in match.groups())
    if dom > 0xFFFF or bus > 0xFF or slot > 0x1F or func > 7:
        return None
    return dom, bus, slot, func


def pci_nic_models() -> list[str]:
    """Return the PCI network cards: network devices that have a ``netdev`` property once they exist."""
    models: list[str] = []
    for klass in object_class_get_list_sorted(TYPE_PCI_DEVICE, False):
        dc = DEVICE_CLASS(klass)
        if dc.categories & 1 << DEVICE_CATEGORY_NETWORK and dc.user_creatable:
            # some make the property only in instance_init, so a card is made to look at it
            obj = object_new_with_class(klass)
            if object_property_find(obj, "netdev") is not None:
                models.append(object_class_get_name(klass))
            object_unref(obj)
    for name, row in installed_program(VERSION)["devices"].items():
        if beyond_recorded(VERSION, name) and row["bus"] == "PCI" and "Network" in row["categories"]:
            models.append(name)
    return sorted(models, key=str.lower)


@emulates
def pci_nic_init_nofail(nd: NICInfo, rootbus: PCIBus | None, default_model: str | None, default_devaddr: str | None) -> PCIDevice:
    """Make the card of a ``-nic`` or ``-net nic``. Whatever goes wrong ends the program."""
    devaddr = nd.devaddr if nd.devaddr is not None else default_devaddr
    if nd.model == "virtio":
        nd.model = "virtio-net-pci"
    models = pci_nic_models()
    if qemu_show_nic_models(nd.model, models):
        raise QemuExit(0)
    if qemu_find_nic_model(nd, models, default_model) < 0:
        raise QemuExit(1)
    if rootbus is None:
        error_report("No primary PCI bus")
        raise QemuExit(1)
    assert rootbus.parent_dev is None
    devfn, busnr = -1, 0
    if devaddr is not None:
        parsed = pci_parse_devaddr(devaddr)
        if parsed is None:
            error_report(f"Invalid PCI device address {devaddr} for device {nd.model}")
            raise QemuExit(1)
        dom, busnr, slot, _ = parsed
        if dom != 0:
            error_report("No support for non-zero PCI domains")
            raise QemuExit(1)
        devfn = PCI_DEVFN(slot, 0)
    bus = pci_find_bus_nr(rootbus, busnr)
    if bus is None:
        error_report(f"Invalid PCI device address {devaddr} for device {nd.model}")
        raise QemuExit(1)
    assert nd.model is not None
    pci_dev = pci_new(devfn, nd.model)
    qdev_set_nic_properties(DEVICE(pci_dev), nd)
    with error_fatal():
        pci_realize_and_unref(pci_dev, bus)
    return pci_dev


VGA_MODELS: Final = {
    VGA_CIRRUS: "cirrus-vga",
    VGA_QXL: "qxl-vga",
    VGA_STD: "VGA",
    VGA_VMWARE: "vmware-svga",
    VGA_VIRTIO: "virtio-vga",
}


@emulates
def pci_vga_init(bus: PCIBus) -> PCIDevice | None:
    """Make the display of ``-vga``, None for one that is no PCI device."""
    globals_c().vga_interface_created = True
    model = VGA_MODELS.get(globals_c().vga_interface_type)
    if model is not None and beyond_recorded(VERSION, model):
        raise NotModelled(f"device type '{model}'")
    return pci_create_simple(bus, -1, model) if model is not None else None
