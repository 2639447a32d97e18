"""The power management function as a device (hw/acpi/piix4.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.acpi.acpi_interface import ACPI_DEVICE_IF_CLASS, TYPE_ACPI_DEVICE_IF, pc_madt_cpu_entry
from emu.hw.acpi.core import (
    ACPIREGS,
    acpi_gpe_init,
    acpi_gpe_reset,
    acpi_pm1_cnt_init,
    acpi_pm1_cnt_reset,
    acpi_pm1_cnt_update,
    acpi_pm1_evt_init,
    acpi_pm1_evt_power_down,
    acpi_pm1_evt_reset,
    acpi_pm_tmr_init,
    acpi_pm_tmr_reset,
    acpi_update_sci,
)
from emu.hw.acpi.pcihp import acpi_pcihp_reset
from emu.hw.acpi.piix4.hotplug import (
    piix4_acpi_system_hot_add_init,
    piix4_device_plug_cb,
    piix4_device_pre_plug_cb,
    piix4_device_unplug_cb,
    piix4_device_unplug_request_cb,
    piix4_ospm_status,
    piix4_send_gpe,
)
from emu.hw.acpi.piix4.structs import (
    ACPI_DISABLE,
    ACPI_ENABLE,
    GPE_LEN,
    PIIX4_PM,
    TYPE_PIIX4_PM,
    PIIX4PMState,
    acpi_constants,
    vmstate_acpi,
)
from emu.hw.core.bus import qbus_set_hotplug_handler
from emu.hw.core.gpio import qdev_init_gpio_out, qdev_init_gpio_out_named
from emu.hw.core.hotplug import HOTPLUG_HANDLER_CLASS, TYPE_HOTPLUG_HANDLER
from emu.hw.core.irq import qemu_irq_raise
from emu.hw.core.machine import qemu_add_machine_init_done_notifier
from emu.hw.core.qdev import BUS, DEVICE, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BOOL, DEFINE_PROP_UINT8, DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.i2c.pm_smbus import pm_smbus_init
from emu.hw.isa.apm import apm_init
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_address_space_io,
    pci_default_write_config,
    pci_get_bus,
)
from emu.hw.pci.pci_ids import PCI_CLASS_BRIDGE_OTHER, PCI_DEVICE_ID_INTEL_82371AB_3, PCI_VENDOR_ID_INTEL
from emu.qemu.module import type_init
from emu.qemu.range import range_covers_byte, ranges_overlap
from emu.qom.object import (
    OBJ_PROP_FLAG_READ,
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_property_add_uint8_ptr,
    object_property_add_uint16_ptr,
    object_property_add_uint32_ptr,
    type_register_static,
)
from emu.softmmu.memory import (
    memory_region_add_subregion,
    memory_region_init,
    memory_region_present,
    memory_region_set_address,
    memory_region_set_enabled,
    memory_region_transaction_begin,
    memory_region_transaction_commit,
)
from emu.softmmu.runstate_wakeup import qemu_register_powerdown_notifier
from emu.trace import Ptr, container_of, emulates
from emu.util.notify import Notifier


@emulates
def pm_tmr_timer(ar: ACPIREGS) -> None:
    """Set the interrupt line anew."""
    s: PIIX4PMState = container_of(ar)
    acpi_update_sci(ar, s.irq)


@emulates
def apm_ctrl_changed(val: int, arg: PIIX4PMState) -> None:
    """Switch ACPI on or off, or raise a system management interrupt."""
    acpi_pm1_cnt_update(arg.ar, val == ACPI_ENABLE, val == ACPI_DISABLE)
    if val in (ACPI_ENABLE, ACPI_DISABLE):
        return
    if PCI_DEVICE(arg).config[0x5B] & 1 << 1 and arg.smi_irq is not None:
        qemu_irq_raise(arg.smi_irq)


@emulates
def pm_io_space_update(s: PIIX4PMState) -> None:
    """Move the ACPI registers to where configuration space says."""
    config = PCI_DEVICE(s).config
    assert s.io is not None
    s.io_base = config.read(0x40, 4) & 0xFFC0
    memory_region_transaction_begin()
    memory_region_set_enabled(s.io, bool(config[0x80] & 1))
    memory_region_set_address(s.io, s.io_base)
    memory_region_transaction_commit()


@emulates
def smbus_io_space_update(s: PIIX4PMState) -> None:
    """Move the SMBus registers to where configuration space says."""
    config = PCI_DEVICE(s).config
    assert s.smb.io is not None
    s.smb_io_base = config.read(0x90, 4) & 0xFFC0
    memory_region_transaction_begin()
    memory_region_set_enabled(s.smb.io, bool(config[0xD2] & 1))
    memory_region_set_address(s.smb.io, s.smb_io_base)
    memory_region_transaction_commit()


@emulates
def pm_write_config(d: PCIDevice, address: int, val: int, len_: int) -> None:
    """Write registers; some of them move ports."""
    pci_default_write_config(d, address, val, len_)
    if range_covers_byte(address, len_, 0x80) or ranges_overlap(address, len_, 0x40, 4):
        pm_io_space_update(PIIX4_PM(d))
    if range_covers_byte(address, len_, 0xD2) or ranges_overlap(address, len_, 0x90, 4):
        smbus_io_space_update(PIIX4_PM(d))


@emulates
def piix4_pm_reset(dev: DeviceState) -> None:
    """Reset registers, events and hotplug."""
    s, config = PIIX4_PM(dev), PCI_DEVICE(dev).config
    for offset in (0x58, 0x59, 0x5A, 0x5B):
        config[offset] = 0
    config[0x40] = 0x01
    config[0x80] = 0
    if not s.smm_enabled:
        # say that SMM is set up already, so that the firmware leaves it alone
        config[0x5B] = 0x02
    acpi_pm1_evt_reset(s.ar)
    acpi_pm1_cnt_reset(s.ar)
    acpi_pm_tmr_reset(s.ar)
    acpi_gpe_reset(s.ar)
    acpi_update_sci(s.ar, s.irq)
    pm_io_space_update(s)
    acpi_pcihp_reset(s.acpi_pci_hotplug, not s.use_acpi_root_pci_hotplug)


@emulates
def piix4_pm_powerdown_req(n: Notifier, opaque: Any) -> None:
    """Press the power button."""
    s: PIIX4PMState = container_of(n)
    acpi_pm1_evt_power_down(s.ar)


@emulates
def piix4_pm_machine_ready(n: Notifier, opaque: Any) -> None:
    """Note which serial and parallel ports the machine has."""
    d = PCI_DEVICE(container_of(n))
    io_as = pci_address_space_io(d)
    d.config[0x5F] = 0x10 | (0x80 if memory_region_present(io_as, 0x378) else 0)
    d.config[0x63] = 0x60
    d.config[0x67] = (0x08 if memory_region_present(io_as, 0x3F8) else 0) | (0x90 if memory_region_present(io_as, 0x2F8) else 0)


@emulates
def piix4_pm_add_properties(s: PIIX4PMState) -> None:
    """Show what the ACPI tables need."""
    constants = acpi_constants()
    obj = OBJECT(s)
    object_property_add_uint8_ptr(obj, "acpi_enable_cmd", Ptr(constants, "acpi_enable_cmd"), OBJ_PROP_FLAG_READ)
    object_property_add_uint8_ptr(obj, "acpi_disable_cmd", Ptr(constants, "acpi_disable_cmd"), OBJ_PROP_FLAG_READ)
    object_property_add_uint32_ptr(obj, "gpe0_blk", Ptr(constants, "gpe0_blk"), OBJ_PROP_FLAG_READ)
    object_property_add_uint32_ptr(obj, "gpe0_blk_len", Ptr(constants, "gpe0_blk_len"), OBJ_PROP_FLAG_READ)
    object_property_add_uint16_ptr(obj, "sci_int", Ptr(constants, "sci_int"), OBJ_PROP_FLAG_READ)
    object_property_add_uint32_ptr(obj, "pm_io_base", Ptr(s, "io_base"), OBJ_PROP_FLAG_READ)


@emulates
def piix4_pm_realize(dev: PCIDevice) -> None:
    """Make all registers, and answer for what is plugged into the root bus."""
    s, config = PIIX4_PM(dev), dev.config
    io_space = pci_address_space_io(dev)
    config[0x06] = 0x80
    config[0x07] = 0x02
    config[0x09] = 0x00
    config[0x3D] = 0x01

    apm_init(dev, s.apm, apm_ctrl_changed, s)
    if not s.smm_enabled:
        config[0x5B] = 0x02
    config[0x90] = s.smb_io_base | 1
    config[0x91] = s.smb_io_base >> 8
    config[0xD2] = 0x09
    pm_smbus_init(DEVICE(dev), s.smb, True)
    assert s.smb.io is not None
    memory_region_set_enabled(s.smb.io, bool(config[0xD2] & 1))
    memory_region_add_subregion(io_space, s.smb_io_base, s.smb.io)

    memory_region_init(Ptr(s, "io"), OBJECT(s), "piix4-pm", 64)
    assert s.io is not None
    memory_region_set_enabled(s.io, False)
    memory_region_add_subregion(io_space, 0, s.io)
    acpi_pm_tmr_init(s.ar, pm_tmr_timer, s.io)
    acpi_pm1_evt_init(s.ar, pm_tmr_timer, s.io)
    acpi_only = not s.smm_compat and not s.smm_enabled
    acpi_pm1_cnt_init(s.ar, s.io, s.disable_s3, s.disable_s4, s.s4_val, acpi_only)
    acpi_gpe_init(s.ar, GPE_LEN)

    s.powerdown_notifier.notify = piix4_pm_powerdown_req
    qemu_register_powerdown_notifier(s.powerdown_notifier)
    s.machine_ready.notify = piix4_pm_machine_ready
    qemu_add_machine_init_done_notifier(s.machine_ready)

    piix4_acpi_system_hot_add_init(io_space, pci_get_bus(dev), s)
    qbus_set_hotplug_handler(BUS(pci_get_bus(dev)), OBJECT(s))
    piix4_pm_add_properties(s)


@emulates
def piix4_pm_init(obj: Object) -> None:
    """Make the two interrupt lines."""
    s = PIIX4_PM(obj)
    qdev_init_gpio_out(DEVICE(obj), Ptr(s, "irq"), 1)
    qdev_init_gpio_out_named(DEVICE(obj), Ptr(s, "smi_irq"), "smi-irq", 1)


piix4_pm_properties: Final = (
    DEFINE_PROP_UINT32("smb_io_base", PIIX4PMState, "smb_io_base", 0),
    DEFINE_PROP_UINT8("disable_s3", PIIX4PMState, "disable_s3", 0),
    DEFINE_PROP_UINT8("disable_s4", PIIX4PMState, "disable_s4", 0),
    DEFINE_PROP_UINT8("s4_val", PIIX4PMState, "s4_val", 2),
    DEFINE_PROP_BOOL("acpi-pci-hotplug-with-bridge-support", PIIX4PMState, "use_acpi_hotplug_bridge", True),
    DEFINE_PROP_BOOL("acpi-root-pci-hotplug", PIIX4PMState, "use_acpi_root_pci_hotplug", True),
    DEFINE_PROP_BOOL("memory-hotplug-support", PIIX4PMState, "acpi_memory_hotplug.is_enabled", True),
    DEFINE_PROP_BOOL("smm-compat", PIIX4PMState, "smm_compat", False),
    DEFINE_PROP_BOOL("smm-enabled", PIIX4PMState, "smm_enabled", False),
    DEFINE_PROP_BOOL("x-not-migrate-acpi-index", PIIX4PMState, "not_migrate_acpi_index", False),
)


@emulates
def piix4_pm_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids and the hotplug methods; only the board can make such a function."""
    dc, k = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass)
    hc, adevc = HOTPLUG_HANDLER_CLASS(klass), ACPI_DEVICE_IF_CLASS(klass)
    k.realize = piix4_pm_realize
    k.config_write = pm_write_config
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_INTEL_82371AB_3
    k.revision = 0x03
    k.class_id = PCI_CLASS_BRIDGE_OTHER
    dc.reset = piix4_pm_reset
    dc.desc = "PM"
    dc.vmsd = vmstate_acpi
    device_class_set_props(dc, piix4_pm_properties)
    dc.user_creatable = False
    dc.hotpluggable = False
    hc.pre_plug = piix4_device_pre_plug_cb
    hc.plug = piix4_device_plug_cb
    hc.unplug_request = piix4_device_unplug_request_cb
    hc.unplug = piix4_device_unplug_cb
    adevc.ospm_status = piix4_ospm_status
    adevc.send_event = piix4_send_gpe
    adevc.madt_cpu = pc_madt_cpu_entry


piix4_pm_info: Final = TypeInfo(
    name=TYPE_PIIX4_PM,
    parent=TYPE_PCI_DEVICE,
    instance=PIIX4PMState,
    instance_init=piix4_pm_init,
    class_init=piix4_pm_class_init,
    interfaces=(TYPE_HOTPLUG_HANDLER, TYPE_ACPI_DEVICE_IF, INTERFACE_CONVENTIONAL_PCI_DEVICE),
)


@type_init
@emulates
def piix4_pm_register_types() -> None:
    """Register the type."""
    type_register_static(piix4_pm_info)
