"""The power management function: struct and constants (hw/acpi/piix4.c)."""

from __future__ import annotations

from typing import ClassVar, Final

from emu.hw.acpi.core import ACPIREGS
from emu.hw.acpi.cpu import CPUHotplugState
from emu.hw.acpi.cpu_hotplug import AcpiCpuHotplug
from emu.hw.acpi.memory_hotplug import MemHotplugState
from emu.hw.acpi.pcihp import AcpiPciHpState
from emu.hw.core.irq import IRQState
from emu.hw.i2c.pm_smbus import PMSMBus
from emu.hw.isa.apm import APMState
from emu.migration.savevm import VMStateDescription
from emu.qom.parts import Part, caster
from emu.softmmu.memory import MemoryRegion
from emu.trace import Struct, embedded, per_run
from emu.util.notify import Notifier

TYPE_PIIX4_PM: Final = "PIIX4_PM"
TYPE_CPU: Final = "cpu"
TYPE_PC_DIMM: Final = "pc-dimm"
GPE_BASE: Final = 0xAFE0
GPE_LEN: Final = 4
ACPI_PCIHP_ADDR_PIIX4: Final = 0xAE00
ACPI_ENABLE: Final = 0xF1
ACPI_DISABLE: Final = 0xF0


class PIIX4PMState(Part):
    """The function."""

    SIZE: ClassVar[int] = 9200
    io: MemoryRegion | None = None
    io_base: int = 0
    io_gpe: MemoryRegion | None = None
    ar: ACPIREGS = embedded(ACPIREGS)
    apm: APMState = embedded(APMState)
    smb: PMSMBus = embedded(PMSMBus)
    smb_io_base: int = 0
    irq: IRQState | None = None
    smi_irq: IRQState | None = None
    smm_enabled: bool = False
    smm_compat: bool = False
    machine_ready: Notifier = embedded(Notifier)
    powerdown_notifier: Notifier = embedded(Notifier)
    acpi_pci_hotplug: AcpiPciHpState = embedded(AcpiPciHpState)
    use_acpi_hotplug_bridge: bool = False
    use_acpi_root_pci_hotplug: bool = False
    not_migrate_acpi_index: bool = False
    disable_s3: int = 0
    disable_s4: int = 0
    s4_val: int = 0
    cpu_hotplug_legacy: bool = False
    gpe_cpu: AcpiCpuHotplug = embedded(AcpiCpuHotplug)
    cpuhp_state: CPUHotplugState = embedded(CPUHotplugState)
    acpi_memory_hotplug: MemHotplugState = embedded(MemHotplugState)


PIIX4_PM = caster(PIIX4PMState, TYPE_PIIX4_PM)
vmstate_acpi: Final = VMStateDescription("piix4_pm", version_id=3, minimum_version_id=3)


class AcpiConstants(Struct):
    """Constants that properties show."""

    acpi_enable_cmd: int = ACPI_ENABLE
    acpi_disable_cmd: int = ACPI_DISABLE
    gpe0_blk: int = GPE_BASE
    gpe0_blk_len: int = GPE_LEN
    sci_int: int = 9


acpi_constants = per_run(AcpiConstants)
