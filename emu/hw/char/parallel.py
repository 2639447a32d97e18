"""A PC's parallel ports; nothing is printed (hw/char/parallel.c, include/hw/char/parallel.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.chardev.char_fe import qemu_chr_fe_set_handlers
from emu.chardev.structs import CharBackend
from emu.hw.acpi.acpi_interface import ACPI_DEV_AML_IF_CLASS, TYPE_ACPI_DEV_AML_IF
from emu.hw.core.irq import IRQState
from emu.hw.core.qdev import DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.core.qdev_properties_system import DEFINE_PROP_CHR
from emu.hw.core.reset import qemu_register_reset
from emu.hw.isa.isa_bus import ISA_DEVICE, TYPE_ISA_DEVICE, isa_get_irq, isa_register_portio_list
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.ioport import MemoryRegionPortio, PortioList
from emu.softmmu.unmodelled_ops import unmodelled_port_read, unmodelled_port_write
from emu.trace import Struct, embedded, emulates, per_run

TYPE_ISA_PARALLEL: Final = "isa-parallel"
MAX_PARALLEL_PORTS: Final = 3
FILE: Final = "hw/char/parallel.c"
UINT32_MAX: Final = 0xFFFFFFFF
PARA_STS: Final = 0x80 | 0x40 | 0x10 | 0x08 | 0x01
PARA_CTR: Final = 0x08 | 0x04 | 0xC0
isa_parallel_io: Final = (0x378, 0x278, 0x3BC)

isa_parallel_portio_sw_list: Final = (
    MemoryRegionPortio(
        0,
        8,
        1,
        read=unmodelled_port_read("parallel_ioport_read_sw", FILE),
        write=unmodelled_port_write("parallel_ioport_write_sw", FILE),
    ),
)


class ParallelState(Struct):
    """What a port is without its bus."""

    dataw: int = 0
    datar: int = 0
    status: int = 0
    control: int = 0
    irq: IRQState | None = None
    irq_pending: int = 0
    chr: CharBackend = embedded(CharBackend)
    portio_list: PortioList = embedded(PortioList)


class ISAParallelState(Part):
    """A parallel port."""

    SIZE: ClassVar[int] = 624
    index: int = 0
    iobase: int = 0
    isairq: int = 0
    state: ParallelState = embedded(ParallelState)


class ParallelStatics(Struct):
    """How many ports there are."""

    index: int = 0


parallel_statics = per_run(ParallelStatics)
ISA_PARALLEL = caster(ISAParallelState, TYPE_ISA_PARALLEL)


@emulates
def parallel_reset(opaque: ParallelState) -> None:
    """Set the lines as an idle printer has them."""
    opaque.datar = 0xFF
    opaque.dataw = 0xFF
    opaque.status = PARA_STS
    opaque.control = PARA_CTR
    opaque.irq_pending = 0


@emulates(modelled=False)
def parallel_can_receive(opaque: Any) -> int:
    """Say how many characters fit."""
    return 1


@emulates
def parallel_isa_realizefn(dev: DeviceState) -> None:
    """Settle the port by number. Error: no character device, or three ports are there already."""
    own, isadev, isa = parallel_statics(), ISA_DEVICE(dev), ISA_PARALLEL(dev)
    s = isa.state
    if s.chr.chr is None:
        error_setg("Can't create parallel device, empty char device")
    if isa.index == UINT32_MAX:
        isa.index = own.index
    if isa.index >= MAX_PARALLEL_PORTS:
        error_setg(f"Max. supported number of parallel ports is {MAX_PARALLEL_PORTS}.")
    if isa.iobase == UINT32_MAX:
        isa.iobase = isa_parallel_io[isa.index]
    own.index += 1
    s.irq = isa_get_irq(isadev, isa.isairq)
    qemu_register_reset(parallel_reset, s)
    qemu_chr_fe_set_handlers(s.chr, parallel_can_receive, None, None, s, None)
    isa_register_portio_list(isadev, s.portio_list, isa.iobase, isa_parallel_portio_sw_list, s, "parallel")


@emulates(modelled=False)
def parallel_isa_build_aml(adev: Any, scope: Any) -> None:
    """Describe the device in ACPI's language."""


vmstate_parallel_isa: Final = VMStateDescription(name="parallel_isa", version_id=1, minimum_version_id=1)
parallel_isa_properties: Final = (
    DEFINE_PROP_UINT32("index", ISAParallelState, "index", -1),
    DEFINE_PROP_UINT32("iobase", ISAParallelState, "iobase", -1),
    DEFINE_PROP_UINT32("irq", ISAParallelState, "isairq", 7),
    DEFINE_PROP_CHR("chardev", ISAParallelState, "state.chr"),
)


@emulates
def parallel_isa_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device a parallel port."""
    dc, adevc = DEVICE_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    dc.realize = parallel_isa_realizefn
    dc.vmsd = vmstate_parallel_isa
    adevc.build_dev_aml = parallel_isa_build_aml
    device_class_set_props(dc, parallel_isa_properties)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_INPUT


parallel_isa_info: Final = TypeInfo(
    name=TYPE_ISA_PARALLEL,
    parent=TYPE_ISA_DEVICE,
    instance=ISAParallelState,
    class_init=parallel_isa_class_initfn,
    interfaces=(TYPE_ACPI_DEV_AML_IF,),
)


@type_init
@emulates
def parallel_register_types() -> None:
    """Register the type."""
    type_register_static(parallel_isa_info)
