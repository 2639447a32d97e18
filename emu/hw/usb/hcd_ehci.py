"""EHCI controllers: what creation and reset leave; no transfer is done (hw/usb/hcd-ehci.c, hw/usb/hcd-ehci.h)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emu.errors import NotModelled
from emu.hw.core.irq import qemu_irq, qemu_set_irq
from emu.hw.core.qdev import DeviceState
from emu.hw.usb.bus import (
    USB_BUS,
    USB_SPEED_MASK_FULL,
    USB_SPEED_MASK_HIGH,
    USB_SPEED_MASK_LOW,
    USBBus,
    USBBusOps,
    USBPort,
    USBPortOps,
    usb_bus_new,
    usb_bus_release,
    usb_register_port,
)
from emu.hw.usb.core import usb_attach, usb_detach, usb_device_reset
from emu.qapi.error import error_setg
from emu.qom.object import OBJECT
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    AddressSpace,
    Impl,
    MemoryRegion,
    Valid,
    memory_region_add_subregion,
    memory_region_del_subregion,
    memory_region_init,
    memory_region_init_io,
)
from emu.softmmu.runstate import VMChangeStateEntry, qemu_add_vm_change_state_handler, qemu_del_vm_change_state_handler
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Seq, Struct, emulates, fresh
from emu.util.async_ import QEMUBH, qemu_bh_cancel, qemu_bh_delete, qemu_bh_new_guarded
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, QEMUTimer, timer_del, timer_free, timer_new_ns

FILE: Final = "hw/usb/hcd-ehci.c"
NB_PORTS: Final = 6
NB_MAXINTRATE: Final = 8
USBCMD_ITC_SH: Final = 16
USBSTS_HALT: Final = 1 << 12
PORTSC_POWNER: Final = 1 << 13
PORTSC_PPOWER: Final = 1 << 12
PORTSC_CONNECT: Final = 1 << 0
PORTSC_CSC: Final = 1 << 1
EST_INACTIVE: Final = 1000
MMIO_SIZE: Final = 0x1000
CAPA_SIZE: Final = 0x10

ehci_mmio_caps_ops: Final = unmodelled_ops(
    "ehci_mmio_caps_ops",
    FILE,
    "ehci_caps_read",
    "ehci_caps_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
    impl=Impl(1, 1),
)
ehci_mmio_opreg_ops: Final = unmodelled_ops(
    "ehci_mmio_opreg_ops", FILE, "ehci_opreg_read", "ehci_opreg_write", endianness=DEVICE_LITTLE_ENDIAN, valid=Valid(4, 4)
)
ehci_mmio_port_ops: Final = unmodelled_ops(
    "ehci_mmio_port_ops", FILE, "ehci_port_read", "ehci_port_write", endianness=DEVICE_LITTLE_ENDIAN, valid=Valid(4, 4)
)


class EHCIPorts(Seq[USBPort]):
    """``USBPort ports[NB_PORTS]``."""

    def __init__(self) -> None:
        super().__init__(tuple(USBPort() for _ in range(NB_PORTS)))


class Companions(Seq["USBPort | None"]):
    """``USBPort *companion_ports[NB_PORTS]``."""

    def __init__(self) -> None:
        super().__init__([None] * NB_PORTS)


class PortRegisters(Seq[int]):
    """``uint32_t portsc[NB_PORTS]``."""

    def __init__(self) -> None:
        super().__init__([0] * NB_PORTS)


class Capabilities(Seq[int]):
    """``uint8_t caps[CAPA_SIZE]``."""

    def __init__(self) -> None:
        super().__init__([0] * CAPA_SIZE)


class EHCIState(Struct):
    """The controller, whatever bus it is on."""

    bus: USBBus | None = None
    device: DeviceState | None = None
    irq: qemu_irq = None
    mem: MemoryRegion | None = None
    as_: AddressSpace | None = None
    mem_caps: MemoryRegion | None = None
    mem_opreg: MemoryRegion | None = None
    mem_ports: MemoryRegion | None = None
    companion_count: int = 0
    companion_enable: bool = False
    capsbase: int = 0
    opregbase: int = 0
    portscbase: int = 0
    portnr: int = 0
    maxframes: int = 0
    caps: Seq[int] = fresh(Capabilities)
    usbcmd: int = 0
    usbsts: int = 0
    usbintr: int = 0
    portsc: Seq[int] = fresh(PortRegisters)
    frame_timer: QEMUTimer | None = None
    async_bh: QEMUBH | None = None
    astate: int = 0
    pstate: int = 0
    ports: Seq[USBPort] = fresh(EHCIPorts)
    companion_ports: Seq[USBPort | None] = fresh(Companions)
    vmstate: VMChangeStateEntry | None = None


def _made(region: MemoryRegion | None) -> MemoryRegion:
    assert region is not None
    return region


@emulates
def ehci_register_companion(bus: USBBus, ports: Sequence[USBPort], firstport: int) -> None:
    """Let another controller take the slow devices at some ports. Error: ports that there are not, or that are taken."""
    from emu.hw.usb.hcd_ehci_pci import ehci_of_bus

    s = ehci_of_bus(bus)
    if firstport + len(ports) > NB_PORTS:
        error_setg(f"firstport must be between 0 and {NB_PORTS - len(ports)}")

    for i in range(len(ports)):
        if s.companion_ports[firstport + i] is not None:
            error_setg(
                f"firstport {firstport} asks for ports {firstport}-{firstport + len(ports) - 1},"
                f" but port {firstport + i} has a companion assigned already"
            )

    for i, port in enumerate(ports):
        s.companion_ports[firstport + i] = port
        s.ports[firstport + i].speedmask |= USB_SPEED_MASK_LOW | USB_SPEED_MASK_FULL
        # so that what is there before the first reset goes to the companion
        s.portsc[firstport + i] = PORTSC_POWNER

    s.companion_count += 1
    s.caps[0x05] = (s.companion_count << 4 | len(ports)) & 0xFF


ehci_bus_ops_companion: Final = USBBusOps(register_companion=ehci_register_companion)
ehci_bus_ops_standalone: Final = USBBusOps()


@emulates
def ehci_update_irq(s: EHCIState) -> None:
    """Set the interrupt line: nothing that would raise it happens here."""
    qemu_set_irq(s.irq, 0)


@emulates
def ehci_attach(port: USBPort) -> None:
    """Show that something was plugged in, or leave it to the companion that has the port."""
    s: EHCIState = port.opaque
    if s.portsc[port.index] & PORTSC_POWNER:
        companion = s.companion_ports[port.index]
        assert companion is not None
        assert companion.ops.attach is not None
        companion.dev = port.dev
        companion.ops.attach(companion)
        return
    s.portsc[port.index] |= PORTSC_CONNECT | PORTSC_CSC


@emulates
def ehci_detach(port: USBPort) -> None:
    """Show that something was pulled out; a port that a companion had comes back."""
    s: EHCIState = port.opaque
    if s.portsc[port.index] & PORTSC_POWNER:
        companion = s.companion_ports[port.index]
        assert companion is not None
        assert companion.ops.detach is not None
        companion.ops.detach(companion)
        companion.dev = None
        s.portsc[port.index] &= ~PORTSC_POWNER
        return
    s.portsc[port.index] = s.portsc[port.index] & ~PORTSC_CONNECT | PORTSC_CSC


ehci_port_ops: Final = USBPortOps(attach=ehci_attach, detach=ehci_detach)


@emulates
def ehci_reset(opaque: EHCIState) -> None:
    """Set the registers to what a driver finds."""
    s = opaque
    # Detaching comes first, so that it goes to whom the port belongs before the reset.
    devs = [port.dev for port in s.ports]
    for port in s.ports:
        if port.dev is not None and port.dev.attached:
            usb_detach(port)

    s.usbintr = 0
    s.usbcmd = NB_MAXINTRATE << USBCMD_ITC_SH
    s.usbsts = USBSTS_HALT
    ehci_update_irq(s)

    s.astate = EST_INACTIVE
    s.pstate = EST_INACTIVE

    for i in range(NB_PORTS):
        s.portsc[i] = PORTSC_POWNER | PORTSC_PPOWER if s.companion_ports[i] is not None else PORTSC_PPOWER
        dev = devs[i]
        if dev is not None and dev.attached:
            usb_attach(s.ports[i])
            usb_device_reset(dev)
    if s.frame_timer is None or s.async_bh is None:
        raise NotModelled("the crash of an EHCI controller that was not realized whole (maxframes)")
    timer_del(s.frame_timer)
    qemu_bh_cancel(s.async_bh)


@emulates(modelled=False)
def ehci_work_timer(opaque: EHCIState) -> None:
    """Go through the lists of transfers."""


@emulates(modelled=False)
def ehci_work_bh(opaque: EHCIState) -> None:
    """Go through the lists of transfers."""


@emulates(modelled=False)
def usb_ehci_vm_state_change(opaque: EHCIState, running: bool, state: Any) -> None:
    """Look into the lists again, when the machine goes on."""


@emulates
def usb_ehci_realize(s: EHCIState, dev: DeviceState) -> None:
    """Make the ports. Error: too many, or frames out of range."""
    if s.portnr > NB_PORTS:
        error_setg(f"Too many ports! Max. port number is {NB_PORTS}.")
    if s.maxframes < 8 or s.maxframes > 512:
        error_setg(f"maxframes {s.maxframes} out if range (8 .. 512)")

    memory_region_add_subregion(_made(s.mem), s.capsbase, _made(s.mem_caps))
    memory_region_add_subregion(_made(s.mem), s.opregbase, _made(s.mem_opreg))
    memory_region_add_subregion(_made(s.mem), s.opregbase + s.portscbase, _made(s.mem_ports))

    usb_bus_new(Ptr(s, "bus"), ehci_bus_ops_companion if s.companion_enable else ehci_bus_ops_standalone, dev)
    for i in range(s.portnr):
        usb_register_port(USB_BUS(s.bus), s.ports[i], s, i, ehci_port_ops, USB_SPEED_MASK_HIGH)

    s.frame_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, ehci_work_timer, s)
    s.async_bh = qemu_bh_new_guarded(ehci_work_bh, s, None)
    s.device = dev

    s.vmstate = qemu_add_vm_change_state_handler(usb_ehci_vm_state_change, s)


@emulates
def usb_ehci_unrealize(s: EHCIState, dev: DeviceState) -> None:
    """Undo what realize did."""
    if s.frame_timer is not None:
        timer_free(s.frame_timer)
        s.frame_timer = None
    if s.async_bh is not None:
        qemu_bh_delete(s.async_bh)

    for region in (s.mem_caps, s.mem_opreg, s.mem_ports):
        memory_region_del_subregion(_made(s.mem), _made(region))

    usb_bus_release(USB_BUS(s.bus))

    if s.vmstate is not None:
        qemu_del_vm_change_state_handler(s.vmstate)


@emulates
def usb_ehci_init(s: EHCIState, dev: DeviceState) -> None:
    """Set what the controller can, and make its registers."""
    s.caps[0x00] = s.opregbase - s.capsbase
    s.caps[0x03] = 0x01
    s.caps[0x04] = s.portnr
    s.caps[0x08] = 0x80

    memory_region_init(Ptr(s, "mem"), OBJECT(dev), "ehci", MMIO_SIZE)
    memory_region_init_io(Ptr(s, "mem_caps"), OBJECT(dev), ehci_mmio_caps_ops, s, "capabilities", CAPA_SIZE)
    memory_region_init_io(Ptr(s, "mem_opreg"), OBJECT(dev), ehci_mmio_opreg_ops, s, "operational", s.portscbase)
    memory_region_init_io(Ptr(s, "mem_ports"), OBJECT(dev), ehci_mmio_port_ops, s, "ports", 4 * s.portnr)


@emulates(modelled=False)
def usb_ehci_finalize(s: EHCIState) -> None:
    """Give back what transfers used."""
