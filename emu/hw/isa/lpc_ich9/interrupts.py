"""How the LPC bridge routes PCI's interrupts, and ACPI's (hw/isa/lpc_ich9.c)."""

from __future__ import annotations

from typing import Any

from emu.hw.core.irq import qemu_set_irq
from emu.hw.isa.lpc_ich9.structs import (
    CC_IR,
    ICH9_CC_DIR_DEFAULT,
    ICH9_LPC_ACPI_CTRL,
    ICH9_LPC_ACPI_CTRL_SCI_IRQ_SEL_MASK,
    ICH9_LPC_DEV,
    ICH9_LPC_DEVICE,
    ICH9_LPC_FUNC,
    SCI_IRQS,
    ICH9LPCState,
)
from emu.hw.pci.pci import PCI_DEVFN, PCI_DEVICE, PCI_NUM_PINS, PCI_SLOT, PCIDevice, PCIINTxRoute, pci_get_bus
from emu.trace import emulates


@emulates
def ich9_cc_update(lpc: ICH9LPCState) -> None:
    """Route interrupts as the chipset's registers say; the bridge for old PCI has lines of its own."""
    for name, slot in CC_IR.items():
        ir = lpc.chip_config.get(name) or 0
        for intx in range(PCI_NUM_PINS):
            lpc.irr[slot * PCI_NUM_PINS + intx] = ir >> (intx * 4) & 7
    for intx in range(PCI_NUM_PINS):
        lpc.irr[30 * PCI_NUM_PINS + intx] = intx + 4


@emulates
def ich9_cc_init(lpc: ICH9LPCState) -> None:
    """Spread the slots over lines E to H."""
    for slot in range(32):
        for intx in range(PCI_NUM_PINS):
            lpc.irr[slot * PCI_NUM_PINS + intx] = (slot + intx) % 4 + 4
    ich9_cc_update(lpc)


@emulates
def ich9_cc_reset(lpc: ICH9LPCState) -> None:
    """Set the chipset's registers as at power-on."""
    for name in CC_IR:
        lpc.chip_config[name] = ICH9_CC_DIR_DEFAULT
    lpc.chip_config["D30IR"] = 0
    lpc.chip_config["GCS"] = 0x20
    ich9_cc_update(lpc)


@emulates(modelled=False)
def ich9_lpc_set_irq(opaque: Any, pirq: int, level: int) -> None:
    """Raise or lower an interrupt of PCI."""


@emulates
def ich9_lpc_map_irq(pci_dev: PCIDevice, intx: int) -> int:
    """Return the line of a function's pin."""
    lpc_pdev = pci_get_bus(pci_dev).devices[PCI_DEVFN(ICH9_LPC_DEV, ICH9_LPC_FUNC)]
    assert lpc_pdev is not None
    return ICH9_LPC_DEVICE(lpc_pdev).irr[PCI_SLOT(pci_dev.devfn) * PCI_NUM_PINS + intx]


@emulates
def ich9_route_intx_pin_to_irq(opaque: ICH9LPCState, pirq_pin: int) -> PCIINTxRoute:
    """Tell where a line ends. NotModelled: nobody asks without KVM."""
    raise NotImplementedError(f"line {pirq_pin}")


@emulates
def ich9_lpc_sci_irq(lpc: ICH9LPCState) -> int:
    """Return the interrupt of ACPI, -1 for a reserved choice."""
    return SCI_IRQS.get(PCI_DEVICE(lpc).config[ICH9_LPC_ACPI_CTRL] & ICH9_LPC_ACPI_CTRL_SCI_IRQ_SEL_MASK, -1)


@emulates
def ich9_set_sci(opaque: ICH9LPCState, irq_num: int, level: int) -> None:
    """Raise or lower the interrupt of ACPI."""
    assert irq_num == 0
    level = int(bool(level))
    if level == opaque.sci_level:
        return
    opaque.sci_level = level
    qemu_set_irq(opaque.gsi.lines[opaque.sci_gsi], level)
