"""The ICH9's AHCI controller (hw/ide/ich.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.ide.ahci import ICH9_AHCI, TYPE_ICH9_AHCI, AHCIPCIState, ahci_init, ahci_realize, ahci_reset, ahci_uninit
from emu.hw.pci.msi import msi_init, msi_uninit
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    PCIError,
    pci_add_capability,
    pci_allocate_irq,
    pci_config_set_interrupt_pin,
    pci_config_set_prog_interface,
    pci_get_address_space,
    pci_register_bar,
    pci_set_long,
    pci_set_word,
)
from emu.hw.pci.pci_ids import PCI_CLASS_STORAGE_SATA, PCI_DEVICE_ID_INTEL_82801IR, PCI_VENDOR_ID_INTEL
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, type_register_static
from emu.standard_headers.linux.pci_regs import (
    PCI_BASE_ADDRESS_SPACE_IO,
    PCI_BASE_ADDRESS_SPACE_MEMORY,
    PCI_CACHE_LINE_SIZE,
    PCI_LATENCY_TIMER,
)
from emu.trace import emulates

ICH9_MSI_CAP_OFFSET: Final = 0x80
ICH9_SATA_CAP_OFFSET: Final = 0xA8
ICH9_IDP_BAR: Final = 4
ICH9_MEM_BAR: Final = 5
ICH9_IDP_INDEX: Final = 0x10
ICH9_IDP_INDEX_LOG2: Final = 0x04
PCI_CAP_ID_SATA: Final = 0x12
SATA_CAP_SIZE: Final = 0x8
SATA_CAP_REV: Final = 0x2
SATA_CAP_BAR: Final = 0x4
AHCI_PROGMODE_MAJOR_REV_1: Final = 1


@emulates
def pci_ich9_reset(dev: DeviceState) -> None:
    """Reset the controller."""
    ahci_reset(ICH9_AHCI(dev).ahci)


@emulates
def pci_ich9_ahci_init(obj: Object) -> None:
    """Make the registers."""
    d = ICH9_AHCI(obj)
    ahci_init(d.ahci, DEVICE(obj))


@emulates
def pci_ich9_ahci_realize(dev: PCIDevice) -> None:
    """Make ports, BARs and capabilities."""
    d = ICH9_AHCI(dev)
    ahci_realize(d.ahci, DEVICE(dev), pci_get_address_space(dev), 6)
    pci_config_set_prog_interface(dev.config, AHCI_PROGMODE_MAJOR_REV_1)
    dev.config[PCI_CACHE_LINE_SIZE] = 0x08
    dev.config[PCI_LATENCY_TIMER] = 0x00
    pci_config_set_interrupt_pin(dev.config, 1)
    dev.config[0x90] = 1 << 6
    d.ahci.irq = pci_allocate_irq(dev)
    assert d.ahci.idp is not None
    assert d.ahci.mem is not None
    pci_register_bar(dev, ICH9_IDP_BAR, PCI_BASE_ADDRESS_SPACE_IO, d.ahci.idp)
    pci_register_bar(dev, ICH9_MEM_BAR, PCI_BASE_ADDRESS_SPACE_MEMORY, d.ahci.mem)
    offset = pci_add_capability(dev, PCI_CAP_ID_SATA, ICH9_SATA_CAP_OFFSET, SATA_CAP_SIZE)
    pci_set_word(dev.config + (offset + SATA_CAP_REV), 0x10)
    pci_set_long(dev.config + (offset + SATA_CAP_BAR), ICH9_IDP_BAR + 0x4 | ICH9_IDP_INDEX_LOG2 << 4)
    d.ahci.idp_offset = ICH9_IDP_INDEX
    try:
        msi_init(dev, ICH9_MSI_CAP_OFFSET, 1, True, False)
    except PCIError:
        return


@emulates
def pci_ich9_uninit(dev: PCIDevice) -> None:
    """Give everything back."""
    msi_uninit(dev)
    ahci_uninit(ICH9_AHCI(dev).ahci)


vmstate_ich9_ahci: Final = VMStateDescription(name="ich9_ahci", version_id=1)


@emulates
def ich_ahci_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    k.realize = pci_ich9_ahci_realize
    k.exit = pci_ich9_uninit
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_INTEL_82801IR
    k.revision = 0x02
    k.class_id = PCI_CLASS_STORAGE_SATA
    dc.vmsd = vmstate_ich9_ahci
    dc.reset = pci_ich9_reset
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_STORAGE


ich_ahci_info: Final = TypeInfo(
    name=TYPE_ICH9_AHCI,
    parent=TYPE_PCI_DEVICE,
    instance=AHCIPCIState,
    instance_init=pci_ich9_ahci_init,
    class_init=ich_ahci_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE,),
)


@type_init
@emulates
def ich_ahci_register_types() -> None:
    """Register the type."""
    type_register_static(ich_ahci_info)
