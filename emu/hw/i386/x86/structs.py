"""x86 machines: structs and constants (include/hw/i386/x86.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from emu.hw.core.irq import IRQArray, IRQState
from emu.hw.core.machine import MACHINE_TYPE_NAME
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.parts import Part, caster, class_getter
from emu.trace import Seq, Struct, fresh

if TYPE_CHECKING:
    from emu.hw.isa.isa_bus import ISADevice
    from emu.hw.nvram.fw_cfg import FWCfgState
    from emu.softmmu.memory import AddressSpace

TYPE_X86_MACHINE: Final = MACHINE_TYPE_NAME("x86")

X86_MACHINE_SMM: Final = "smm"
X86_MACHINE_ACPI: Final = "acpi"
X86_MACHINE_PIT: Final = "pit"
X86_MACHINE_PIC: Final = "pic"
X86_MACHINE_OEM_ID: Final = "x-oem-id"
X86_MACHINE_OEM_TABLE_ID: Final = "x-oem-table-id"
X86_MACHINE_BUS_LOCK_RATELIMIT: Final = "bus-lock-ratelimit"

ISA_NUM_IRQS: Final = 16
IOAPIC_NUM_PINS: Final = 24
GSI_NUM_PINS: Final = IOAPIC_NUM_PINS
IO_APIC_DEFAULT_ADDRESS: Final = 0xFEC00000
ACPI_BUILD_PCI_IRQS: Final = 1 << 5 | 1 << 9 | 1 << 10 | 1 << 11
ACPI_BUILD_APPNAME6: Final = "BOCHS "
ACPI_BUILD_APPNAME8: Final = "BXPC    "

KiB: Final = 1 << 10
MiB: Final = 1 << 20
GiB: Final = 1 << 30


class X86MachineClass(Part):
    """What x86 boards differ in."""

    SIZE: ClassVar[int] = 360
    save_tsc_khz: bool = False
    fwcfg_dma_enabled: bool = False


class X86MachineState(Part):
    """What x86 machines have in common."""

    SIZE: ClassVar[int] = 488
    rtc: ISADevice | None = None
    fw_cfg: FWCfgState | None = None
    gsi: IRQArray | None = None
    ioapic2: Any = None
    acpi_dev: Part | None = None
    below_4g_mem_size: int = 0
    above_4g_mem_size: int = 0
    above_4g_mem_start: int = 0
    apic_xrupt_override: bool = False
    pci_irq_mask: int = 0
    apic_id_limit: int = 0
    boot_cpus: int = 0
    smm: int = OnOffAuto.AUTO
    acpi: int = OnOffAuto.AUTO
    pit: int = OnOffAuto.AUTO
    pic: int = OnOffAuto.AUTO
    oem_id: str | None = None
    oem_table_id: str | None = None
    ioapic_as: AddressSpace | None = None
    bus_lock_ratelimit: int = 0


class Lines16(Seq[IRQState | None]):
    """``qemu_irq i8259_irq[ISA_NUM_IRQS]``."""

    def __init__(self) -> None:
        super().__init__([None] * ISA_NUM_IRQS)


class Lines24(Seq[IRQState | None]):
    """``qemu_irq ioapic_irq[IOAPIC_NUM_PINS]``."""

    def __init__(self) -> None:
        super().__init__([None] * IOAPIC_NUM_PINS)


class GSIState(Struct):
    """Where each global system interrupt goes."""

    i8259_irq: Seq[IRQState | None] = fresh(Lines16)
    ioapic_irq: Seq[IRQState | None] = fresh(Lines24)
    ioapic2_irq: Seq[IRQState | None] = fresh(Lines24)


X86_MACHINE = caster(X86MachineState, TYPE_X86_MACHINE)
X86_MACHINE_CLASS = caster(X86MachineClass, TYPE_X86_MACHINE)
X86_MACHINE_GET_CLASS = class_getter(X86MachineClass)
