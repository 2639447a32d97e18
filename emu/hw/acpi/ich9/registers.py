"""The registers of the ICH9's power management (hw/acpi/ich9.c, include/hw/acpi/ich9.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from emu.hw.acpi.core import (
    ACPIREGS,
    acpi_gpe_init,
    acpi_gpe_ioport_readb,
    acpi_gpe_ioport_writeb,
    acpi_gpe_reset,
    acpi_pm1_cnt_init,
    acpi_pm1_cnt_reset,
    acpi_pm1_evt_init,
    acpi_pm1_evt_power_down,
    acpi_pm1_evt_reset,
    acpi_pm_tmr_init,
    acpi_pm_tmr_reset,
    acpi_update_sci,
)
from emu.hw.acpi.cpu import CPUHotplugState
from emu.hw.acpi.cpu_hotplug import AcpiCpuHotplug, legacy_acpi_cpu_hotplug_init
from emu.hw.acpi.memory_hotplug import ACPI_MEMORY_HOTPLUG_BASE, MemHotplugState, acpi_memory_hotplug_init
from emu.hw.acpi.pcihp import AcpiPciHpState, acpi_pcihp_init, acpi_pcihp_reset
from emu.hw.acpi.tco import TCOIORegs, acpi_pm_tco_init
from emu.hw.core.bus import qbus_set_hotplug_handler
from emu.hw.core.irq import IRQState, qemu_irq
from emu.hw.core.qdev import BUS
from emu.hw.core.reset import qemu_register_reset
from emu.hw.pci.pci import PCIDevice, pci_address_space_io, pci_get_bus
from emu.qom.object import OBJECT
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    Impl,
    MemoryRegion,
    MemoryRegionOps,
    Valid,
    memory_region_add_subregion,
    memory_region_init,
    memory_region_init_io,
    memory_region_set_address,
    memory_region_set_enabled,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
)
from emu.softmmu.runstate_wakeup import qemu_register_powerdown_notifier
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, Struct, container_of, embedded, emulates
from emu.util.notify import Notifier

if TYPE_CHECKING:
    pass

ICH9_PMIO_SIZE: Final = 128
ICH9_PMIO_GPE0_STS: Final = 0x20
ICH9_PMIO_GPE0_LEN: Final = 16
ICH9_PMIO_SMI_EN: Final = 0x30
ICH9_PMIO_SMI_EN_APMC_EN: Final = 1 << 5
ICH9_CPU_HOTPLUG_IO_BASE: Final = 0x0CD8
ACPI_PCIHP_ADDR_ICH9: Final = 0x0CC0


class ICH9LPCPMRegs(Struct):
    """The registers."""

    acpi_regs: ACPIREGS = embedded(ACPIREGS)
    io: MemoryRegion | None = None
    io_gpe: MemoryRegion | None = None
    io_smi: MemoryRegion | None = None
    smi_en: int = 0
    smi_en_wmask: int = 0
    smi_sts: int = 0
    irq: IRQState | None = None
    pm_io_base: int = 0
    powerdown_notifier: Notifier = embedded(Notifier)
    cpu_hotplug_legacy: bool = False
    gpe_cpu: AcpiCpuHotplug = embedded(AcpiCpuHotplug)
    cpuhp_state: CPUHotplugState = embedded(CPUHotplugState)
    keep_pci_slot_hpc: bool = False
    use_acpi_hotplug_bridge: bool = False
    acpi_pci_hotplug: AcpiPciHpState = embedded(AcpiPciHpState)
    acpi_memory_hotplug: MemHotplugState = embedded(MemHotplugState)
    disable_s3: int = 0
    disable_s4: int = 0
    s4_val: int = 0
    smm_enabled: int = 0
    smm_compat: bool = False
    enable_tco: bool = False
    tco_regs: TCOIORegs = embedded(TCOIORegs)


@emulates
def ich9_pm_update_sci_fn(regs: ACPIREGS) -> None:
    """Set the interrupt line anew."""
    pm: ICH9LPCPMRegs = container_of(regs)
    acpi_update_sci(regs, pm.irq)


@emulates
def ich9_gpe_readb(opaque: ICH9LPCPMRegs, addr: int, width: int) -> int:
    """Read the general purpose events."""
    return acpi_gpe_ioport_readb(opaque.acpi_regs, addr)


@emulates
def ich9_gpe_writeb(opaque: ICH9LPCPMRegs, addr: int, val: int, width: int) -> None:
    """Write the general purpose events."""
    acpi_gpe_ioport_writeb(opaque.acpi_regs, addr, val)
    acpi_update_sci(opaque.acpi_regs, opaque.irq)


ich9_gpe_ops: Final = MemoryRegionOps(
    name="ich9_gpe_ops",
    read=ich9_gpe_readb,
    write=ich9_gpe_writeb,
    valid=Valid(1, 4),
    impl=Impl(1, 1),
    endianness=DEVICE_LITTLE_ENDIAN,
)
ich9_smi_ops: Final = unmodelled_ops(
    "ich9_smi_ops",
    "hw/acpi/ich9.c",
    "ich9_smi_readl",
    "ich9_smi_writel",
    endianness=DEVICE_LITTLE_ENDIAN,
    valid=Valid(4, 4),
)


@emulates
def ich9_pm_iospace_update(pm: ICH9LPCPMRegs, pm_io_base: int) -> None:
    """Move the registers; 0 hides them."""
    assert pm_io_base % ICH9_PMIO_SIZE == 0
    assert pm.io is not None
    pm.pm_io_base = pm_io_base
    memory_region_transaction_begin()
    memory_region_set_enabled(pm.io, pm.pm_io_base != 0)
    memory_region_set_address(pm.io, pm.pm_io_base)
    memory_region_transaction_commit()


@emulates
def pm_reset(opaque: ICH9LPCPMRegs) -> None:
    """Reset registers, events and hotplug."""
    pm = opaque
    ich9_pm_iospace_update(pm, 0)
    acpi_pm1_evt_reset(pm.acpi_regs)
    acpi_pm1_cnt_reset(pm.acpi_regs)
    acpi_pm_tmr_reset(pm.acpi_regs)
    acpi_gpe_reset(pm.acpi_regs)
    # without SMM say that it is set up already, so that the firmware leaves it alone
    pm.smi_en = 0 if pm.smm_enabled else ICH9_PMIO_SMI_EN_APMC_EN
    pm.smi_en_wmask = 0xFFFFFFFF
    if pm.use_acpi_hotplug_bridge:
        acpi_pcihp_reset(pm.acpi_pci_hotplug, True)
    acpi_update_sci(pm.acpi_regs, pm.irq)


@emulates
def pm_powerdown_req(n: Notifier, opaque: Any) -> None:
    """Press the power button."""
    pm: ICH9LPCPMRegs = container_of(n)
    acpi_pm1_evt_power_down(pm.acpi_regs)


@emulates
def ich9_pm_init(lpc_pci: PCIDevice, pm: ICH9LPCPMRegs, smm_enabled: bool, sci_irq: qemu_irq) -> None:
    """Make all registers, and answer for what is plugged into the root bus."""
    owner, ports = OBJECT(lpc_pci), pci_address_space_io(lpc_pci)
    memory_region_init(Ptr(pm, "io"), owner, "ich9-pm", ICH9_PMIO_SIZE)
    assert pm.io is not None
    memory_region_set_enabled(pm.io, False)
    memory_region_add_subregion(ports, 0, pm.io)
    acpi_pm_tmr_init(pm.acpi_regs, ich9_pm_update_sci_fn, pm.io)
    acpi_pm1_evt_init(pm.acpi_regs, ich9_pm_update_sci_fn, pm.io)
    acpi_only = not pm.smm_compat and not smm_enabled
    acpi_pm1_cnt_init(pm.acpi_regs, pm.io, pm.disable_s3, pm.disable_s4, pm.s4_val, acpi_only)
    acpi_gpe_init(pm.acpi_regs, ICH9_PMIO_GPE0_LEN)
    memory_region_init_io(Ptr(pm, "io_gpe"), owner, ich9_gpe_ops, pm, "acpi-gpe0", ICH9_PMIO_GPE0_LEN)
    assert pm.io_gpe is not None
    memory_region_add_subregion(pm.io, ICH9_PMIO_GPE0_STS, pm.io_gpe)
    memory_region_init_io(Ptr(pm, "io_smi"), owner, ich9_smi_ops, pm, "acpi-smi", 8)
    assert pm.io_smi is not None
    memory_region_add_subregion(pm.io, ICH9_PMIO_SMI_EN, pm.io_smi)
    pm.smm_enabled = int(smm_enabled)
    pm.enable_tco = True
    acpi_pm_tco_init(pm.tco_regs, pm.io)
    if pm.use_acpi_hotplug_bridge:
        acpi_pcihp_init(owner, pm.acpi_pci_hotplug, pci_get_bus(lpc_pci), ports, True, ACPI_PCIHP_ADDR_ICH9)
        qbus_set_hotplug_handler(BUS(pci_get_bus(lpc_pci)), owner)
    pm.irq = sci_irq
    qemu_register_reset(pm_reset, pm)
    pm.powerdown_notifier.notify = pm_powerdown_req
    qemu_register_powerdown_notifier(pm.powerdown_notifier)
    legacy_acpi_cpu_hotplug_init(ports, owner, pm.gpe_cpu, ICH9_CPU_HOTPLUG_IO_BASE)
    if pm.acpi_memory_hotplug.is_enabled:
        acpi_memory_hotplug_init(ports, owner, pm.acpi_memory_hotplug, ACPI_MEMORY_HOTPLUG_BASE)
