"""What a PC leaves in the memory of its clock for the firmware (hw/i386/pc.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from emu.hw.block.fdc_isa import (
    FLOPPY_DRIVE_TYPE_NONE,
    TYPE_ISA_FDC,
    cmos_get_fd_drive_type,
    isa_fdc_get_drive_type,
)
from emu.hw.core.machine import MACHINE
from emu.hw.core.qdev import qdev_get_machine
from emu.hw.core.reset import qemu_register_reset, qemu_unregister_reset
from emu.hw.i386.pc.structs import PCMachineState
from emu.hw.i386.x86 import X86_MACHINE, KiB, MiB
from emu.hw.ide.qdev import ide_get_bios_chs_trans, ide_get_geometry
from emu.hw.isa.isa_bus import ISA_DEVICE, TYPE_ISA_DEVICE, ISADevice
from emu.hw.rtc.mc146818rtc import rtc_get_memory, rtc_set_memory
from emu.qapi.error import Error, error_abort, error_fatal, error_setg
from emu.qom.container import container_get
from emu.qom.object import (
    OBJ_PROP_LINK_STRONG,
    OBJECT,
    Object,
    object_child_foreach,
    object_dynamic_cast,
    object_property_add_link,
    object_property_allow_set_link,
    object_property_get_uint,
    object_property_set_link,
)
from emu.trace import Ptr, Struct, emulates, per_run
from emu.util.error_report import error_printf, warn_report

if TYPE_CHECKING:
    from emu.hw.core.qdev import BusState

REG_EQUIPMENT_BYTE: Final = 0x14
PC_MAX_BOOT_DEVICES: Final = 3

BOOT_NIBBLES: Final = {"a": 0x01, "b": 0x01, "c": 0x02, "d": 0x03, "n": 0x04}


class pc_cmos_init_late_arg(Struct):
    """What is needed to fill the rest in at reset."""

    rtc_state: ISADevice | None = None
    idebus0: BusState | None = None
    idebus1: BusState | None = None


late_arg = per_run(pc_cmos_init_late_arg)


class CheckFdcState(Struct):
    """The floppy controller that was found, and whether there were several."""

    floppy: ISADevice | None = None
    multiple: bool = False


def boot_device2nibble(boot_device: str) -> int:
    """Return the firmware's number of a boot device, 0 for none."""
    return BOOT_NIBBLES.get(boot_device, 0)


@emulates
def set_boot_dev(s: ISADevice, boot_device: str) -> None:
    """Write the boot order. Error: more than three, or a letter that a PC does not know."""
    if len(boot_device) > PC_MAX_BOOT_DEVICES:
        error_setg("Too many boot devices for PC")
    bds = [0, 0, 0]
    for i, letter in enumerate(boot_device):
        bds[i] = boot_device2nibble(letter)
        if bds[i] == 0:
            error_setg(f"Invalid boot device for PC: '{letter}'")
    rtc_set_memory(s, 0x3D, bds[1] << 4 | bds[0])
    rtc_set_memory(s, 0x38, bds[2] << 4)


@emulates
def pc_boot_set(opaque: ISADevice, boot_device: str) -> None:
    """Take a boot order."""
    set_boot_dev(opaque, boot_device)


@emulates
def cmos_init_hd(s: ISADevice, type_ofs: int, info_ofs: int, cylinders: int, heads: int, sectors: int) -> None:
    """Describe a disk."""
    rtc_set_memory(s, type_ofs, 47)
    low, high = cylinders & 0xFF, cylinders >> 8 & 0xFF
    info = (low, high, heads, 0xFF, 0xFF, 0xC0 | (heads > 8) << 3, low, high, sectors)
    for at, value in enumerate(info):
        rtc_set_memory(s, info_ofs + at, value)


@emulates
def pc_cmos_init_floppy(rtc_state: ISADevice, floppy: ISADevice | None) -> None:
    """Describe the floppy drives."""
    fd_type = [FLOPPY_DRIVE_TYPE_NONE, FLOPPY_DRIVE_TYPE_NONE]
    if floppy is not None:
        fd_type = [isa_fdc_get_drive_type(floppy, i) for i in range(2)]
    rtc_set_memory(rtc_state, 0x10, cmos_get_fd_drive_type(fd_type[0]) << 4 | cmos_get_fd_drive_type(fd_type[1]))
    val = rtc_get_memory(rtc_state, REG_EQUIPMENT_BYTE)
    nb = sum(kind != FLOPPY_DRIVE_TYPE_NONE for kind in fd_type)
    rtc_set_memory(rtc_state, REG_EQUIPMENT_BYTE, val | (0x00, 0x01, 0x41)[nb])


@emulates
def check_fdc(obj: Object, opaque: CheckFdcState) -> int:
    """Note a floppy controller at port 0x3f0."""
    if object_dynamic_cast(obj, TYPE_ISA_FDC) is None:
        return 0
    try:
        iobase = object_property_get_uint(obj, "iobase")
    except Error:
        return 0
    if iobase != 0x3F0:
        return 0
    if opaque.floppy is not None:
        opaque.multiple = True
    else:
        opaque.floppy = ISA_DEVICE(obj)
    return 0


@emulates
def pc_find_fdc0() -> ISADevice | None:
    """Return the floppy controller at port 0x3f0."""
    state = CheckFdcState()
    for path in ("/unattached", "/peripheral", "/peripheral-anon"):
        container = container_get(qdev_get_machine(), path)
        object_child_foreach(container, lambda child: check_fdc(child, state))
    if state.multiple:
        warn_report("multiple floppy disk controllers with iobase=0x3f0 have been found")
        error_printf("the one being picked for CMOS setup might not reflect your intent")
    return state.floppy


@emulates
def pc_cmos_init_late(opaque: pc_cmos_init_late_arg) -> None:
    """Reset handler that runs once: describe disks and floppy drives, which ``-device`` may have added."""
    s = opaque.rtc_state
    assert s is not None
    val = 0
    for unit, type_ofs, info_ofs, bits in ((0, 0x19, 0x1B, 0xF0), (1, 0x1A, 0x24, 0x0F)):
        geometry = ide_get_geometry(opaque.idebus0, unit) if opaque.idebus0 is not None else None
        if geometry is not None:
            cmos_init_hd(s, type_ofs, info_ofs, *geometry)
            val |= bits
    rtc_set_memory(s, 0x12, val)

    val = 0
    for i in range(4):
        bus = (opaque.idebus0, opaque.idebus1)[i // 2]
        if bus is not None and ide_get_geometry(bus, i % 2) is not None:
            trans = ide_get_bios_chs_trans(bus, i % 2) - 1
            assert trans & ~3 == 0
            val |= trans << i * 2
    rtc_set_memory(s, 0x39, val)
    pc_cmos_init_floppy(s, pc_find_fdc0())
    qemu_unregister_reset(pc_cmos_init_late, opaque)


@emulates
def pc_cmos_init(pcms: PCMachineState, idebus0: BusState | None, idebus1: BusState | None, s: ISADevice) -> None:
    """Describe memory, boot order and equipment."""
    x86ms = X86_MACHINE(pcms)
    below = x86ms.below_4g_mem_size

    def word(at: int, value: int) -> None:
        rtc_set_memory(s, at, value & 0xFF)
        rtc_set_memory(s, at + 1, value >> 8 & 0xFF)

    word(0x15, min(below // KiB, 640))
    extended = min(max(below - MiB, 0) // KiB, 65535)
    word(0x17, extended)
    word(0x30, extended)
    word(0x34, min(max(below - 16 * MiB, 0) // (64 * KiB), 65535))
    above = x86ms.above_4g_mem_size // 65536
    word(0x5B, above)
    rtc_set_memory(s, 0x5D, above >> 16 & 0xFF)

    object_property_add_link(
        OBJECT(pcms),
        "rtc_state",
        TYPE_ISA_DEVICE,
        Ptr(x86ms, "rtc"),
        object_property_allow_set_link,
        OBJ_PROP_LINK_STRONG,
    )
    with error_abort():
        object_property_set_link(OBJECT(pcms), "rtc_state", OBJECT(s))
    order: Any = MACHINE(pcms).boot_config.order
    with error_fatal():
        set_boot_dev(s, order)

    # a floating point unit and a PS/2 mouse
    rtc_set_memory(s, REG_EQUIPMENT_BYTE, 0x02 | 0x04)

    arg = late_arg()
    arg.rtc_state = s
    arg.idebus0 = idebus0
    arg.idebus1 = idebus1
    qemu_register_reset(pc_cmos_init_late, arg)
