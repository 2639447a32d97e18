"""UHCI controllers: what creation and reset leave; no transfer is done (hw/usb/hcd-uhci.c, hw/usb/hcd-uhci.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final, NamedTuple

from emu.hw.core.irq import qemu_irq, qemu_set_irq
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_STRING, DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.pci import pci_ids as ids
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_allocate_irq,
    pci_config_set_interrupt_pin,
    pci_register_bar,
)
from emu.hw.usb.bus import (
    USB_BUS,
    USB_RELEASE_1,
    USB_SBRN,
    USB_SPEED_LOW,
    USB_SPEED_MASK_FULL,
    USB_SPEED_MASK_LOW,
    USBBus,
    USBBusOps,
    USBPort,
    USBPortOps,
    usb_bus_new,
    usb_bus_release,
    usb_register_companion,
    usb_register_port,
)
from emu.hw.usb.core import usb_port_reset
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, Valid, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.standard_headers.linux.pci_regs import PCI_BASE_ADDRESS_SPACE_IO, PCI_CLASS_PROG
from emu.trace import Ptr, Seq, Struct, embedded, emulates, fresh
from emu.util.async_ import QEMUBH, qemu_bh_cancel, qemu_bh_delete, qemu_bh_new_guarded
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, QEMUTimer, timer_free, timer_new_ns

TYPE_UHCI: Final = "pci-uhci-usb"
FILE: Final = "hw/usb/hcd-uhci.c"
NB_PORTS: Final = 2
UHCI_STS_HCHALTED: Final = 1 << 5
USB_CLOCK: Final = 0x6A
UHCI_PORT_CCS: Final = 1 << 0
UHCI_PORT_CSC: Final = 1 << 1
UHCI_PORT_LSDA: Final = 1 << 8
PORT_AT_RESET: Final = 0x0080
SOF_TIMING_AT_RESET: Final = 64

uhci_ioport_ops: Final = unmodelled_ops(
    "uhci_ioport_ops",
    FILE,
    "uhci_port_read",
    "uhci_port_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(1, 4),
    impl=Impl(2, 2),
)
uhci_bus_ops: Final = USBBusOps()


class UHCIInfo(NamedTuple):
    """What the models differ in; ``irq_pin`` counts from 0, ``unplug`` False is a companion of an EHCI controller."""

    name: str
    device_id: int
    revision: int
    irq_pin: int
    unplug: bool


class UHCIPort(Struct):
    """A port and its register."""

    port: USBPort = embedded(USBPort)
    ctrl: int = 0


class UHCIPorts(Seq[UHCIPort]):
    """``UHCIPort ports[NB_PORTS]``."""

    def __init__(self) -> None:
        super().__init__(tuple(UHCIPort() for _ in range(NB_PORTS)))


class UHCIPCIDeviceClass(Part):
    """What the models' classes differ in."""

    SIZE: ClassVar[int] = 264
    info: UHCIInfo | None = None


class UHCIState(Part):
    """The controller; ``bus`` is not used by a companion."""

    SIZE: ClassVar[int] = 3344
    io_bar: MemoryRegion | None = None
    bus: USBBus | None = None
    cmd: int = 0
    status: int = 0
    intr: int = 0
    fl_base_addr: int = 0
    sof_timing: int = 0
    status2: int = 0
    frame_timer: QEMUTimer | None = None
    bh: QEMUBH | None = None
    frame_bandwidth: int = 0
    ports: Seq[UHCIPort] = fresh(UHCIPorts)
    irq: qemu_irq = None
    num_ports_vmstate: int = 0
    masterbus: str | None = None
    firstport: int = 0
    maxframes: int = 0


UHCI = caster(UHCIState, TYPE_UHCI)
UHCI_CLASS = caster(UHCIPCIDeviceClass, TYPE_UHCI)
UHCI_GET_CLASS = class_getter(UHCIPCIDeviceClass)

vmstate_uhci: Final = VMStateDescription(name="uhci", version_id=3, minimum_version_id=1)


@emulates
def uhci_update_irq(s: UHCIState) -> None:
    """Set the interrupt line: nothing that would raise it happens here."""
    qemu_set_irq(s.irq, 0)


@emulates
def uhci_attach(port1: USBPort) -> None:
    """Show that something was plugged in; a controller that nobody started does not wake up."""
    s: UHCIState = port1.opaque
    port = s.ports[port1.index]
    port.ctrl |= UHCI_PORT_CCS | UHCI_PORT_CSC
    assert port1.dev is not None
    if port1.dev.speed == USB_SPEED_LOW:
        port.ctrl |= UHCI_PORT_LSDA
    else:
        port.ctrl &= ~UHCI_PORT_LSDA


@emulates
def uhci_detach(port1: USBPort) -> None:
    """Show that something was pulled out."""
    s: UHCIState = port1.opaque
    port = s.ports[port1.index]
    if port.ctrl & UHCI_PORT_CCS:
        port.ctrl &= ~UHCI_PORT_CCS
        port.ctrl |= UHCI_PORT_CSC


uhci_port_ops: Final = USBPortOps(attach=uhci_attach, detach=uhci_detach)


@emulates
def uhci_reset(dev: DeviceState) -> None:
    """Set the registers to what a driver finds."""
    d = PCI_DEVICE(dev)
    s = UHCI(d)
    d.config[USB_CLOCK] = 0x01
    d.config[USB_CLOCK + 1] = 0x00
    s.cmd = 0
    s.status = UHCI_STS_HCHALTED
    s.status2 = 0
    s.intr = 0
    s.fl_base_addr = 0
    s.sof_timing = SOF_TIMING_AT_RESET

    for port in s.ports:
        port.ctrl = PORT_AT_RESET
        if port.port.dev is not None and port.port.dev.attached:
            usb_port_reset(port.port)

    if s.bh is not None:
        qemu_bh_cancel(s.bh)
    uhci_update_irq(s)


@emulates(modelled=False)
def uhci_bh(opaque: UHCIState) -> None:
    """Go through the lists of transfers."""


@emulates(modelled=False)
def uhci_frame_timer(opaque: UHCIState) -> None:
    """Go through the lists of transfers, once a frame."""


@emulates
def usb_uhci_common_realize(dev: PCIDevice) -> None:
    """Make the ports and the registers. Error: the controller it shall accompany is not there."""
    u = UHCI_GET_CLASS(dev)
    s = UHCI(dev)
    assert u.info is not None

    dev.config[PCI_CLASS_PROG] = 0x00
    dev.config[USB_SBRN] = USB_RELEASE_1
    pci_config_set_interrupt_pin(dev.config, u.info.irq_pin + 1)
    s.irq = pci_allocate_irq(dev)

    speeds = USB_SPEED_MASK_LOW | USB_SPEED_MASK_FULL
    if s.masterbus is not None:
        usb_register_companion(s.masterbus, tuple(each.port for each in s.ports), s.firstport, s, uhci_port_ops, speeds)
    else:
        usb_bus_new(Ptr(s, "bus"), uhci_bus_ops, DEVICE(dev))
        for i, each in enumerate(s.ports):
            usb_register_port(USB_BUS(s.bus), each.port, s, i, uhci_port_ops, speeds)
    s.bh = qemu_bh_new_guarded(uhci_bh, s, None)
    s.frame_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, uhci_frame_timer, s)
    s.num_ports_vmstate = NB_PORTS

    memory_region_init_io(Ptr(s, "io_bar"), OBJECT(s), uhci_ioport_ops, s, "uhci", 0x20)

    # Region 4, as in the real chip: some systems rely on it.
    assert s.io_bar is not None
    pci_register_bar(dev, 4, PCI_BASE_ADDRESS_SPACE_IO, s.io_bar)


@emulates
def usb_uhci_exit(dev: PCIDevice) -> None:
    """Undo what realize did."""
    s = UHCI(dev)
    if s.frame_timer is not None:
        timer_free(s.frame_timer)
        s.frame_timer = None

    if s.bh is not None:
        qemu_bh_delete(s.bh)

    if s.masterbus is None:
        usb_bus_release(USB_BUS(s.bus))


uhci_properties_standalone: Final = (
    DEFINE_PROP_UINT32("bandwidth", UHCIState, "frame_bandwidth", 1280),
    DEFINE_PROP_UINT32("maxframes", UHCIState, "maxframes", 128),
)
uhci_properties_companion: Final = (
    DEFINE_PROP_STRING("masterbus", UHCIState, "masterbus"),
    DEFINE_PROP_UINT32("firstport", UHCIState, "firstport", 0),
    *uhci_properties_standalone,
)


@emulates
def uhci_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what all models share."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.class_id = ids.PCI_CLASS_SERIAL_USB
    dc.vmsd = vmstate_uhci
    dc.reset = uhci_reset
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_USB


@emulates
def uhci_data_class_init(klass: ObjectClass, data: UHCIInfo) -> None:
    """Set what a model is: those that accompany an EHCI controller can't be unplugged."""
    dc, k, u = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), UHCI_CLASS(klass)
    k.realize = usb_uhci_common_realize
    k.exit = usb_uhci_exit if data.unplug else None
    k.vendor_id = ids.PCI_VENDOR_ID_INTEL
    k.device_id = data.device_id
    k.revision = data.revision
    if not data.unplug:
        dc.hotpluggable = False
        device_class_set_props(dc, uhci_properties_companion)
    else:
        device_class_set_props(dc, uhci_properties_standalone)
    u.info = data


uhci_pci_type_info: Final = TypeInfo(
    name=TYPE_UHCI,
    parent=TYPE_PCI_DEVICE,
    instance=UHCIState,
    class_=UHCIPCIDeviceClass,
    abstract=True,
    class_init=uhci_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)
uhci_info: Final = (
    UHCIInfo("piix3-usb-uhci", ids.PCI_DEVICE_ID_INTEL_82371SB_2, 0x01, 3, True),
    UHCIInfo("piix4-usb-uhci", ids.PCI_DEVICE_ID_INTEL_82371AB_2, 0x01, 3, True),
    UHCIInfo("ich9-usb-uhci1", ids.PCI_DEVICE_ID_INTEL_82801I_UHCI1, 0x03, 0, False),
    UHCIInfo("ich9-usb-uhci2", ids.PCI_DEVICE_ID_INTEL_82801I_UHCI2, 0x03, 1, False),
    UHCIInfo("ich9-usb-uhci3", ids.PCI_DEVICE_ID_INTEL_82801I_UHCI3, 0x03, 2, False),
    UHCIInfo("ich9-usb-uhci4", ids.PCI_DEVICE_ID_INTEL_82801I_UHCI4, 0x03, 0, False),
    UHCIInfo("ich9-usb-uhci5", ids.PCI_DEVICE_ID_INTEL_82801I_UHCI5, 0x03, 1, False),
    UHCIInfo("ich9-usb-uhci6", ids.PCI_DEVICE_ID_INTEL_82801I_UHCI6, 0x03, 2, False),
)


@type_init
@emulates
def uhci_register_types() -> None:
    """Register the controllers."""
    type_register_static(uhci_pci_type_info)

    for info in uhci_info:
        type_register(TypeInfo(name=info.name, parent=TYPE_UHCI, class_init=uhci_data_class_init, class_data=info))
