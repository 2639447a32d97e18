"""Properties that are PCI addresses, BARs and link parameters (hw/core/qdev-properties-system.c)."""

from __future__ import annotations

import re
from errno import EINVAL
from typing import Any, Final

from emu.hw.core.qdev_properties import (
    DEFINE_PROP,
    DEFINE_PROP_SIGNED,
    Property,
    PropertyInfo,
    error_set_from_qdev_prop_error,
    qdev_propinfo_get_enum,
    qdev_propinfo_get_int32,
    qdev_propinfo_set_default_value_enum,
    qdev_propinfo_set_default_value_int,
    qdev_propinfo_set_enum,
)
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_common import OffAutoPCIBAR_lookup, PCIELinkSpeed_lookup, PCIELinkWidth_lookup
from emu.qapi.visitor import shown, visit_start_alternate, visit_type_enum, visit_type_int32, visit_type_str
from emu.qom.object import Object
from emu.qom.parts import Part
from emu.trace import emulates
from emu.util.cutils import strtoull

_HEX: Final = r"[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]*)|([0-9a-fA-F]+))"
_SLOT: Final = re.compile(_HEX)
_SLOT_FN: Final = re.compile(rf"{_HEX}\.{_HEX}")

_STRTOUL: Final = r"[ \t\n\v\f\r]*[+-]?(?:0[xX])?[0-9a-fA-F]+"
_HOST_DEVADDR: Final = re.compile(rf"(?:({_STRTOUL}):)?({_STRTOUL}):({_STRTOUL})\.([ \t\n\v\f\r]*[+-]?[0-9]+)")


def scanned(sign: str, *digits: str | None) -> int:
    """Return what sscanf's ``%x`` makes of a number: cut to 64 bits, then to 32."""
    value = int(next((text for text in digits if text), "0"), 16)
    value = min(value, (1 << 64) - 1)
    return (-value if sign == "-" and value < (1 << 64) - 1 else value) & 0xFFFFFFFF


@emulates
def set_pci_devfn(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a bus-local address: ``SLOT``, ``SLOT.FUNCTION`` in hexadecimal, or a number. Error: it is none."""
    kind = visit_start_alternate(v, name)
    if kind == "string":
        text = visit_type_str(v, name)
        fn = 0
        if found := _SLOT_FN.match(text):
            slot, fn = scanned(*found.groups()[:3]), scanned(*found.groups()[3:])
        elif found := _SLOT.match(text):
            slot = scanned(*found.groups())
        if found is None or found.end() != len(text) or fn > 7 or slot > 31:
            error_set_from_qdev_prop_error(EINVAL, obj, name, text)
        opaque.write(obj, slot << 3 | fn)
    elif kind == "number":
        value = visit_type_int32(v, name)
        if value < -1 or value > 255:
            error_setg(f"Parameter '{shown(name)}' expects a value between -1 and 255")
        opaque.write(obj, value)
    else:
        error_setg(f"Invalid parameter type for '{shown(name)}', expected int or str")


def print_pci_devfn(obj: Object, prop: Property) -> str:
    """Print a bus-local address."""
    devfn = prop.read(obj)
    return "<unset>" if devfn == -1 else f"{devfn >> 3:02x}.{devfn & 7:x}"


qdev_prop_pci_devfn: Final = PropertyInfo(
    name="int32",
    description="Slot and optional function number, example: 06.0 or 06",
    print=print_pci_devfn,
    get=qdev_propinfo_get_int32,
    set=set_pci_devfn,
    set_default_value=qdev_propinfo_set_default_value_int,
)


@emulates
def get_pci_host_devaddr(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of the address of a device of the host; all ones read as ``ffff:ff:ff.f``."""
    addr = opaque.read(obj)
    text = f"{addr.domain:04x}:{addr.bus:02x}:{addr.slot:02x}.{addr.function}"
    unset = all(part & 0xFFFFFFFF == 0xFFFFFFFF for part in (addr.domain, addr.bus, addr.slot, addr.function))
    visit_type_str(v, name, "ffff:ff:ff.f" if unset else text)


@emulates
def set_pci_host_devaddr(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of the address of a device of the host: ``[DOMAIN:]BUS:SLOT.FUNCTION``. Error: it is none."""
    text = visit_type_str(v, name)
    found = _HOST_DEVADDR.fullmatch(text)
    if found is None:
        error_set_from_qdev_prop_error(EINVAL, obj, name, text)
    assert found is not None
    domain, bus, slot = (strtoull(number or "0", 16).value for number in found.groups()[:3])
    function = strtoull(found[4], 10).value
    slot, function = slot & 0xFFFFFFFF, function & 0xFFFFFFFF
    if domain > 0xFFFF or bus > 0xFF or slot > 0x1F or function > 7:
        error_set_from_qdev_prop_error(EINVAL, obj, name, text)
    addr = opaque.read(obj)
    addr.domain, addr.bus, addr.slot, addr.function = domain, bus, slot, function


qdev_prop_pci_host_devaddr: Final = PropertyInfo(
    name="str",
    description="Address (bus/device/function) of the host device, example: 04:10.0",
    get=get_pci_host_devaddr,
    set=set_pci_host_devaddr,
)

qdev_prop_off_auto_pcibar: Final = PropertyInfo(
    name="OffAutoPCIBAR",
    description="off/auto/bar0/bar1/bar2/bar3/bar4/bar5",
    enum_table=OffAutoPCIBAR_lookup,
    get=qdev_propinfo_get_enum,
    set=qdev_propinfo_set_enum,
    set_default_value=qdev_propinfo_set_default_value_enum,
)

LINK_SPEEDS: Final = (1, 2, 3, 4)
"""``QEMU_PCI_EXP_LNK_2_5GT``, ... of each ``PCIELinkSpeed`` (include/hw/pci/pcie_regs.h)."""

LINK_WIDTHS: Final = (1, 2, 4, 8, 12, 16, 32)
"""``QEMU_PCI_EXP_LNK_X1``, ... of each ``PCIELinkWidth`` (include/hw/pci/pcie_regs.h)."""


@emulates
def get_prop_pcielinkspeed(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of the speed of a link."""
    visit_type_enum(v, name, LINK_SPEEDS.index(opaque.read(obj)), PCIELinkSpeed_lookup)


@emulates
def set_prop_pcielinkspeed(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of the speed of a link: the field holds what the link registers encode."""
    opaque.write(obj, LINK_SPEEDS[visit_type_enum(v, name, 0, PCIELinkSpeed_lookup)])


qdev_prop_pcie_link_speed: Final = PropertyInfo(
    name="PCIELinkSpeed",
    description="2_5/5/8/16",
    enum_table=PCIELinkSpeed_lookup,
    get=get_prop_pcielinkspeed,
    set=set_prop_pcielinkspeed,
    set_default_value=qdev_propinfo_set_default_value_enum,
)


@emulates
def get_prop_pcielinkwidth(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of the width of a link."""
    visit_type_enum(v, name, LINK_WIDTHS.index(opaque.read(obj)), PCIELinkWidth_lookup)


@emulates
def set_prop_pcielinkwidth(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of the width of a link: the field holds the number of lanes."""
    opaque.write(obj, LINK_WIDTHS[visit_type_enum(v, name, 0, PCIELinkWidth_lookup)])


qdev_prop_pcie_link_width: Final = PropertyInfo(
    name="PCIELinkWidth",
    description="1/2/4/8/12/16/32",
    enum_table=PCIELinkWidth_lookup,
    get=get_prop_pcielinkwidth,
    set=set_prop_pcielinkwidth,
    set_default_value=qdev_propinfo_set_default_value_enum,
)


def DEFINE_PROP_PCI_DEVFN(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe a bus-local address; -1 lets the bus choose."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_pci_devfn)


def DEFINE_PROP_PCI_HOST_DEVADDR(n: str, s: type[Part], f: str) -> Property:
    """Describe the address of a device of the host."""
    return DEFINE_PROP(n, s, f, qdev_prop_pci_host_devaddr)


def DEFINE_PROP_OFF_AUTO_PCIBAR(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe the choice of a BAR."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_off_auto_pcibar)


def DEFINE_PROP_PCIE_LINK_SPEED(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe the speed of a link."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_pcie_link_speed)


def DEFINE_PROP_PCIE_LINK_WIDTH(n: str, s: type[Part], f: str, d: int) -> Property:
    """Describe the width of a link."""
    return DEFINE_PROP_SIGNED(n, s, f, d, qdev_prop_pcie_link_width)
