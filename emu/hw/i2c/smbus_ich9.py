"""The ICH9's SMBus function (hw/i2c/smbus_ich9.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.hw.acpi.acpi_interface import ACPI_DEV_AML_IF_CLASS, TYPE_ACPI_DEV_AML_IF
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS
from emu.hw.i2c.core import I2CBus
from emu.hw.i2c.pm_smbus import PMSMBus, pm_smbus_init
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIBus,
    PCIDevice,
    pci_config_set_interrupt_pin,
    pci_create_simple_multifunction,
    pci_default_write_config,
    pci_register_bar,
    pci_set_byte,
    pci_set_irq,
)
from emu.hw.pci.pci_ids import PCI_CLASS_SERIAL_SMBUS, PCI_DEVICE_ID_INTEL_ICH9_6, PCI_VENDOR_ID_INTEL
from emu.migration.savevm import VMStateDescription
from emu.qemu.module import type_init
from emu.qemu.range import range_covers_byte
from emu.qom.object import ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import memory_region_set_enabled
from emu.standard_headers.linux.pci_regs import PCI_BASE_ADDRESS_SPACE_IO
from emu.trace import embedded, emulates

TYPE_ICH9_SMB_DEVICE: Final = "ICH9-SMB"

ICH9_A2_SMB_REVISION: Final = 0x02
ICH9_SMB_SMB_BASE_BAR: Final = 4
ICH9_SMB_HOSTC: Final = 0x40
ICH9_SMB_HOSTC_SSRESET: Final = 1 << 3
ICH9_SMB_HOSTC_I2C_EN: Final = 1 << 2
ICH9_SMB_HOSTC_HST_EN: Final = 1 << 0


class ICH9SMBState(Part):
    """The function."""

    SIZE: ClassVar[int] = 3008
    irq_enabled: bool = False
    smb: PMSMBus = embedded(PMSMBus)


ICH9_SMB_DEVICE = caster(ICH9SMBState, TYPE_ICH9_SMB_DEVICE)

vmstate_ich9_smbus: Final = VMStateDescription("ich9_smb", version_id=1, minimum_version_id=1)


@emulates
def ich9_smbus_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write registers; one of them switches the controller on."""
    s = ICH9_SMB_DEVICE(d)
    pci_default_write_config(d, address, val, len_)
    if range_covers_byte(address, len_, ICH9_SMB_HOSTC):
        assert s.smb.io is not None
        hostc = d.config[ICH9_SMB_HOSTC]
        memory_region_set_enabled(s.smb.io, bool(hostc & ICH9_SMB_HOSTC_HST_EN))
        s.smb.i2c_enable = bool(hostc & ICH9_SMB_HOSTC_I2C_EN)
        if hostc & ICH9_SMB_HOSTC_SSRESET:
            assert s.smb.reset is not None
            s.smb.reset(s.smb)
            d.config[ICH9_SMB_HOSTC] = hostc & ~ICH9_SMB_HOSTC_SSRESET


@emulates
def ich9_smbus_realize(d: PCIDevice) -> None:
    """Make the bus and the BAR of its registers."""
    s = ICH9_SMB_DEVICE(d)
    pci_config_set_interrupt_pin(d.config, 0x01)
    pci_set_byte(d.config + ICH9_SMB_HOSTC, 0)
    pm_smbus_init(DEVICE(d), s.smb, False)
    assert s.smb.io is not None
    pci_register_bar(d, ICH9_SMB_SMB_BASE_BAR, PCI_BASE_ADDRESS_SPACE_IO, s.smb.io)


@emulates(modelled=False)
def build_ich9_smb_aml(adev: Any, scope: Any) -> None:
    """Describe the devices on the bus in ACPI's language."""


@emulates
def ich9_smb_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids; only the board can make such a function."""
    dc, k, adevc = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_INTEL_ICH9_6
    k.revision = ICH9_A2_SMB_REVISION
    k.class_id = PCI_CLASS_SERIAL_SMBUS
    dc.vmsd = vmstate_ich9_smbus
    dc.desc = "ICH9 SMBUS Bridge"
    k.realize = ich9_smbus_realize
    k.config_write = ich9_smbus_write_config
    dc.user_creatable = False
    adevc.build_dev_aml = build_ich9_smb_aml


@emulates
def ich9_smb_set_irq(pmsmb: PMSMBus, enabled: bool) -> None:
    """Set the function's interrupt."""
    s: ICH9SMBState = pmsmb.opaque
    if enabled == s.irq_enabled:
        return
    s.irq_enabled = enabled
    pci_set_irq(PCI_DEVICE(s), int(enabled))


@emulates
def ich9_smb_init(bus: PCIBus, devfn: int, smb_io_base: int) -> I2CBus:
    """Make the function; return its bus."""
    s = ICH9_SMB_DEVICE(pci_create_simple_multifunction(bus, devfn, True, TYPE_ICH9_SMB_DEVICE))
    s.smb.set_irq = ich9_smb_set_irq
    s.smb.opaque = s
    assert s.smb.smbus is not None
    return s.smb.smbus


ich9_smb_info: Final = TypeInfo(
    name=TYPE_ICH9_SMB_DEVICE,
    parent=TYPE_PCI_DEVICE,
    instance=ICH9SMBState,
    class_init=ich9_smb_class_init,
    interfaces=(INTERFACE_CONVENTIONAL_PCI_DEVICE, TYPE_ACPI_DEV_AML_IF),
)


@type_init
@emulates
def ich9_smb_register() -> None:
    """Register the type."""
    type_register_static(ich9_smb_info)
