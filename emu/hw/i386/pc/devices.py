"""The devices that every PC has, in the order in which they are made (hw/i386/pc.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from emu.blockdev import BlockInterfaceType, drive_get
from emu.errors import QemuExit
from emu.exec.heap import g_new_region
from emu.hw.audio.pcspk import pcspk_init
from emu.hw.block.fdc_isa import TYPE_ISA_FDC, isa_fdc_init_drives
from emu.hw.char.parallel_isa import MAX_PARALLEL_PORTS, parallel_hds_isa_init
from emu.hw.char.serial_isa import MAX_ISA_SERIAL_PORTS, serial_hds_isa_init
from emu.hw.core.cpu_common import first_cpu
from emu.hw.core.gpio import qdev_connect_gpio_out, qdev_connect_gpio_out_named, qdev_get_gpio_in
from emu.hw.core.irq import IRQArray, qemu_allocate_irqs, qemu_irq
from emu.hw.core.loader import rom_reset_order_override, rom_set_order_override
from emu.hw.core.qdev import DEVICE, DeviceState, qdev_try_new
from emu.hw.core.qdev_properties import qdev_prop_set_uint32
from emu.hw.core.sysbus import SYS_BUS_DEVICE, sysbus_connect_irq, sysbus_mmio_map, sysbus_realize_and_unref
from emu.hw.i386.pc.cmos import pc_boot_set
from emu.hw.i386.pc.structs import HPET_INTCAP, PCMachineClass, PCMachineState
from emu.hw.i386.port92 import PORT92_A20_LINE, TYPE_PORT92
from emu.hw.i386.vmport import TYPE_VMPORT
from emu.hw.i386.x86 import GSI_NUM_PINS, ISA_NUM_IRQS, X86_MACHINE, GSIState, gsi_handler, x86_allocate_cpu_irq
from emu.hw.input.pckbd import TYPE_I8042, i8042_setup_a20_line
from emu.hw.intc.i8259 import i8259_init
from emu.hw.isa.isa_bus import (
    ISABus,
    ISADevice,
    isa_create_simple,
    isa_new,
    isa_realize_and_unref,
    isa_try_new,
    isa_vga_init,
)
from emu.hw.net.ne2000_isa import isa_ne2000_init
from emu.hw.nvram.fw_cfg import FW_CFG_ORDER_OVERRIDE_NIC, FW_CFG_ORDER_OVERRIDE_VGA
from emu.hw.pci.pci import PCIBus, pci_nic_init_nofail, pci_vga_init
from emu.hw.rtc.mc146818rtc import mc146818_rtc_init
from emu.hw.timer.hpet import HPET_BASE, HPET_LEGACY_PIT_INT, HPET_LEGACY_RTC_INT, TYPE_HPET
from emu.hw.timer.i8254 import i8254_pit_init
from emu.net.net import NICInfo
from emu.qapi.error import Error, error_abort, error_fatal
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.object import OBJECT, object_property_get_uint, object_property_set_link
from emu.softmmu.bootdevice import qemu_register_boot_set
from emu.softmmu.globals import globals_c
from emu.softmmu.memory import (
    DEVICE_NATIVE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    memory_region_add_subregion,
    memory_region_add_subregion_overlap,
    memory_region_init_io,
)
from emu.trace import Struct, emulates, per_run
from emu.util.error_report import error_report

if TYPE_CHECKING:
    from emu.qom.parts import Part

NE2000_PLACES: Final = ((0x300, 9), (0x320, 10), (0x340, 11), (0x360, 3), (0x280, 4), (0x380, 5))
"""First port and interrupt line of each card on ISA."""
MAX_FD: Final = 2
ALL_ONES: Final = (1 << 64) - 1


@emulates
def pc_gsi_create(pci_enabled: bool) -> tuple[GSIState, IRQArray]:
    """Make the global system interrupts; return where they go, and their lines."""
    s = GSIState()
    return s, qemu_allocate_irqs(gsi_handler, s, GSI_NUM_PINS)


def ioport80_write(opaque: Any, addr: int, data: int, size: int) -> None:
    """Write the POST code: nobody looks at it."""


def ioport80_read(opaque: Any, addr: int, size: int) -> int:
    """Read the POST code."""
    return ALL_ONES


@emulates(modelled=False)
def ioportF0_write(opaque: Any, addr: int, data: int, size: int) -> None:
    """Clear the error of the floating point unit, as MS-DOS does."""


def ioportF0_read(opaque: Any, addr: int, size: int) -> int:
    """Read the port of the floating point unit."""
    return ALL_ONES


ioport80_io_ops: Final = MemoryRegionOps(
    name="ioport80_io_ops",
    write=ioport80_write,
    read=ioport80_read,
    endianness=DEVICE_NATIVE_ENDIAN,
    impl=Impl(min_access_size=1, max_access_size=1),
)
ioportF0_io_ops: Final = MemoryRegionOps(
    name="ioportF0_io_ops",
    write=ioportF0_write,
    read=ioportF0_read,
    endianness=DEVICE_NATIVE_ENDIAN,
    impl=Impl(min_access_size=1, max_access_size=1),
)


@emulates(modelled=False)
def handle_a20_line_change(opaque: Any, irq: int, level: int) -> None:
    """Open or close address line 20 of the CPU."""


@emulates(modelled=False)
def pc_acpi_smi_interrupt(opaque: Any, irq: int, level: int) -> None:
    """Raise a system management interrupt."""


@emulates
def pc_pci_as_mapping_init(owner: Part, system_memory: MemoryRegion, pci_address_space: MemoryRegion) -> None:
    """Map the PCI memory space below everything else."""
    memory_region_add_subregion_overlap(system_memory, 0x0, pci_address_space, -1)


@emulates
def pc_vga_init(isa_bus: ISABus | None, pci_bus: PCIBus | None) -> DeviceState | None:
    """Make the display that was asked for."""
    dev: DeviceState | None = None
    rom_set_order_override(FW_CFG_ORDER_OVERRIDE_VGA)
    if pci_bus is not None:
        pcidev = pci_vga_init(pci_bus)
        dev = DEVICE(pcidev) if pcidev is not None else None
    elif isa_bus is not None:
        isadev = isa_vga_init(isa_bus)
        dev = DEVICE(isadev) if isadev is not None else None
    rom_reset_order_override()
    return dev


@emulates
def pc_superio_init(isa_bus: ISABus, create_fdctrl: bool, create_i8042: bool, no_vmport: bool) -> None:
    """Make serial and parallel ports, floppy and keyboard controller."""
    serial_hds_isa_init(isa_bus, 0, MAX_ISA_SERIAL_PORTS)
    parallel_hds_isa_init(isa_bus, MAX_PARALLEL_PORTS)

    fd = tuple(drive_get(BlockInterfaceType.IF_FLOPPY, 0, i) for i in range(MAX_FD))
    if create_fdctrl or any(drive is not None for drive in fd):
        fdc = isa_new(TYPE_ISA_FDC)
        with error_fatal():
            isa_realize_and_unref(fdc, isa_bus)
        isa_fdc_init_drives(fdc, fd)
    if not create_i8042:
        return

    i8042 = isa_create_simple(isa_bus, TYPE_I8042)
    if not no_vmport:
        isa_create_simple(isa_bus, TYPE_VMPORT)
        vmmouse = isa_try_new("vmmouse")
    else:
        vmmouse = None
    if vmmouse is not None:
        with error_abort():
            object_property_set_link(OBJECT(vmmouse), TYPE_I8042, OBJECT(i8042))
        with error_fatal():
            isa_realize_and_unref(vmmouse, isa_bus)
    port92 = isa_create_simple(isa_bus, TYPE_PORT92)

    a20_line = qemu_allocate_irqs(handle_a20_line_change, first_cpu(), 2)
    i8042_setup_a20_line(i8042, a20_line[0])
    qdev_connect_gpio_out_named(DEVICE(port92), PORT92_A20_LINE, 0, a20_line[1])


def _make_hpet(gsi: IRQArray, hpet_irqs: int) -> DeviceState:
    hpet = qdev_try_new(TYPE_HPET)
    if hpet is None:
        error_report("couldn't create HPET device")
        raise QemuExit(1)
    try:
        compat = object_property_get_uint(OBJECT(hpet), HPET_INTCAP) & 0xFF
    except Error:
        compat = 0
    if not compat:
        qdev_prop_set_uint32(hpet, HPET_INTCAP, hpet_irqs)
    with error_fatal():
        sysbus_realize_and_unref(SYS_BUS_DEVICE(hpet))
    sysbus_mmio_map(SYS_BUS_DEVICE(hpet), 0, HPET_BASE)
    for i in range(GSI_NUM_PINS):
        sysbus_connect_irq(SYS_BUS_DEVICE(hpet), i, gsi[i])
    return hpet


@emulates
def pc_basic_device_init(pcms: PCMachineState, isa_bus: ISABus, gsi: IRQArray, create_fdctrl: bool, hpet_irqs: int) -> ISADevice:
    """Make timers, clock, speaker and super I/O; return the clock."""
    x86ms = X86_MACHINE(pcms)
    assert isa_bus.address_space_io is not None
    ioport80_io = g_new_region()
    ioportF0_io = g_new_region()
    memory_region_init_io(ioport80_io, None, ioport80_io_ops, None, "ioport80", 1)
    memory_region_add_subregion(isa_bus.address_space_io, 0x80, ioport80_io.get())
    memory_region_init_io(ioportF0_io, None, ioportF0_io_ops, None, "ioportF0", 1)
    memory_region_add_subregion(isa_bus.address_space_io, 0xF0, ioportF0_io.get())

    hpet: DeviceState | None = None
    pit_isa_irq = 0
    pit_alt_irq: qemu_irq = None
    rtc_irq: qemu_irq = None
    if pcms.hpet_enabled:
        hpet = _make_hpet(gsi, hpet_irqs)
        # the HPET replaces the timer's and the clock's interrupts when the guest asks for that
        pit_isa_irq = -1
        pit_alt_irq = qdev_get_gpio_in(hpet, HPET_LEGACY_PIT_INT)
        rtc_irq = qdev_get_gpio_in(hpet, HPET_LEGACY_RTC_INT)
    rtc_state = mc146818_rtc_init(isa_bus, 2000, rtc_irq)
    qemu_register_boot_set(pc_boot_set, rtc_state)

    if x86ms.pit in (OnOffAuto.AUTO, OnOffAuto.ON):
        pit = i8254_pit_init(isa_bus, 0x40, pit_isa_irq, pit_alt_irq)
        if hpet is not None:
            qdev_connect_gpio_out(hpet, 0, qdev_get_gpio_in(DEVICE(pit), 0))
        assert pcms.pcspk is not None
        pcspk_init(pcms.pcspk, isa_bus, pit)
    pc_superio_init(isa_bus, create_fdctrl, pcms.i8042_enabled, pcms.vmport != OnOffAuto.ON)
    return rtc_state


class Ne2kCount(Struct):
    """The static variable of pc_init_ne2k_isa: how many cards there are."""

    nb_ne2k: int = 0


ne2k_count = per_run(Ne2kCount)


@emulates(file="hw/i386/pc.c")
def pc_init_ne2k_isa(bus: ISABus, nd: NICInfo) -> None:
    """Make a card on ISA, at the next place; there are six."""
    own = ne2k_count()
    if own.nb_ne2k == len(NE2000_PLACES):
        return
    isa_ne2000_init(bus, *NE2000_PLACES[own.nb_ne2k], nd)
    own.nb_ne2k += 1


@emulates
def pc_nic_init(pcmc: PCMachineClass, isa_bus: ISABus, pci_bus: PCIBus | None) -> None:
    """Make the cards that ``-nic`` and ``-net nic`` ask for."""
    rom_set_order_override(FW_CFG_ORDER_OVERRIDE_NIC)
    for i in range(globals_c().nb_nics):
        nd = globals_c().nd_table[i]
        model = nd.model if nd.model is not None else pcmc.default_nic_model
        if model == "ne2k_isa":
            pc_init_ne2k_isa(isa_bus, nd)
        else:
            pci_nic_init_nofail(nd, pci_bus, model, None)
    rom_reset_order_override()


@emulates
def pc_i8259_create(isa_bus: ISABus, gsi_state: GSIState) -> None:
    """Make the interrupt controllers; the lower system interrupts go there."""
    i8259 = i8259_init(isa_bus, x86_allocate_cpu_irq())
    for i in range(ISA_NUM_IRQS):
        gsi_state.i8259_irq[i] = i8259[i]
