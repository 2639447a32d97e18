"""The LPC bridge: struct and constants (hw/isa/lpc_ich9.c, include/hw/i386/ich9.h)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.hw.acpi.ich9 import ICH9LPCPMRegs
from emu.hw.core.irq import IRQArray
from emu.hw.isa.apm import APMState
from emu.hw.isa.isa_bus import ISABus
from emu.hw.pci.pci import PCI_NUM_PINS
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion
from emu.trace import Map, Seq, Struct, embedded, fresh, mapping, per_run
from emu.util.notify import Notifier

TYPE_ICH9_LPC_DEVICE: Final = "ICH9-LPC"
FILE: Final = "hw/isa/lpc_ich9.c"
ICH9_LPC_DEV: Final = 31
ICH9_LPC_FUNC: Final = 0
ICH9_LPC_NB_PIRQS: Final = 8
ICH9_GPIO_GSI: Final = "gsi"
ICH9_CC_SIZE: Final = 16 * 1024
ICH9_CC_DIR_DEFAULT: Final = 0x3210
ICH9_RST_CNT_IOPORT: Final = 0xCF9
ICH9_LPC_PMBASE: Final = 0x40
ICH9_LPC_PMBASE_BASE_ADDRESS_MASK: Final = 0xFF80
ICH9_LPC_ACPI_CTRL: Final = 0x44
ICH9_LPC_ACPI_CTRL_ACPI_EN: Final = 0x80
ICH9_LPC_ACPI_CTRL_SCI_IRQ_SEL_MASK: Final = 0x7
ICH9_LPC_PIRQA_ROUT: Final = 0x60
ICH9_LPC_PIRQE_ROUT: Final = 0x68
ICH9_LPC_PIRQ_ROUT_DEFAULT: Final = 0x80
ICH9_LPC_GEN_PMCON_1: Final = 0xA0
ICH9_LPC_GEN_PMCON_1_SMI_LOCK: Final = 1 << 4
ICH9_LPC_RCBA: Final = 0xF0
ICH9_LPC_RCBA_BA_MASK: Final = 0xFFFFC000
ICH9_LPC_RCBA_EN: Final = 1
ICH9_APM_ACPI_ENABLE: Final = 0x2
ICH9_APM_ACPI_DISABLE: Final = 0x3
SCI_IRQS: Final = {0: 9, 1: 10, 2: 11, 4: 20, 5: 21}
CC_IR: Final = {"D25IR": 25, "D26IR": 26, "D27IR": 27, "D28IR": 28, "D29IR": 29, "D31IR": 31}
"""Registers of the chipset that route a slot's interrupts, four bits a pin."""


class Routes(Seq[int]):
    """``uint8_t irr[PCI_SLOT_MAX][PCI_NUM_PINS]``: slot times four plus pin."""

    def __init__(self) -> None:
        super().__init__([0] * (32 * PCI_NUM_PINS))


class PinStrap(Struct):
    """What the board wires: no reboot by the watchdog."""

    spkr_hi: bool = False


class ICH9LPCState(Part):
    """The bridge; ``chip_config`` are the chipset's registers by name."""

    SIZE: ClassVar[int] = 26736
    irr: Seq[int] = fresh(Routes)
    apm: APMState = embedded(APMState)
    pm: ICH9LPCPMRegs = embedded(ICH9LPCPMRegs)
    sci_level: int = 0
    sci_gsi: int = 0
    pin_strap: PinStrap = embedded(PinStrap)
    chip_config: Map[int] = mapping()
    rst_cnt: int = 0
    rst_cnt_mem: MemoryRegion | None = None
    smi_host_features: int = 0
    smi_features_ok: int = 0
    smi_negotiated_features: int = 0
    isa_bus: ISABus | None = None
    rcrb_mem: MemoryRegion | None = None
    machine_ready: Notifier = embedded(Notifier)
    gsi: IRQArray = embedded(IRQArray)


class Ich9LpcConstants(Struct):
    """Constants that properties show."""

    acpi_enable_cmd: int = ICH9_APM_ACPI_ENABLE
    acpi_disable_cmd: int = ICH9_APM_ACPI_DISABLE


ich9_lpc_constants = per_run(Ich9LpcConstants)
ICH9_LPC_DEVICE = caster(ICH9LPCState, TYPE_ICH9_LPC_DEVICE)
