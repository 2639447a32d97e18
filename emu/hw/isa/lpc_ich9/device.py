"""The LPC bridge as a device (hw/isa/lpc_ich9.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.exec.address_spaces import get_system_io, get_system_memory
from emu.hw.acpi.acpi_interface import (
    ACPI_DEV_AML_IF_CLASS,
    ACPI_DEVICE_IF_CLASS,
    TYPE_ACPI_DEV_AML_IF,
    TYPE_ACPI_DEVICE_IF,
    pc_madt_cpu_entry,
)
from emu.hw.acpi.core import acpi_pm1_cnt_update, acpi_send_gpe_event
from emu.hw.acpi.ich9 import (
    ich9_pm_add_properties,
    ich9_pm_device_plug_cb,
    ich9_pm_device_pre_plug_cb,
    ich9_pm_device_unplug_cb,
    ich9_pm_device_unplug_request_cb,
    ich9_pm_init,
    ich9_pm_iospace_update,
    ich9_pm_ospm_status,
)
from emu.hw.core.gpio import qdev_init_gpio_out_named
from emu.hw.core.hotplug import HOTPLUG_HANDLER_CLASS, TYPE_HOTPLUG_HANDLER
from emu.hw.core.irq import qemu_allocate_irq, qemu_set_irq
from emu.hw.core.machine import qemu_add_machine_init_done_notifier
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT64, DEFINE_PROP_BOOL, device_class_set_props
from emu.hw.dma.i8257 import i8257_dma_init
from emu.hw.i386.x86 import GSI_NUM_PINS
from emu.hw.isa.apm import apm_init
from emu.hw.isa.isa_bus import isa_bus_irqs, isa_bus_new
from emu.hw.isa.lpc_ich9.interrupts import ich9_cc_init, ich9_cc_reset, ich9_lpc_sci_irq, ich9_set_sci
from emu.hw.isa.lpc_ich9.reset import ich9_rst_cnt_ops
from emu.hw.isa.lpc_ich9.structs import (
    FILE,
    ICH9_APM_ACPI_DISABLE,
    ICH9_APM_ACPI_ENABLE,
    ICH9_CC_SIZE,
    ICH9_GPIO_GSI,
    ICH9_LPC_ACPI_CTRL,
    ICH9_LPC_ACPI_CTRL_ACPI_EN,
    ICH9_LPC_ACPI_CTRL_SCI_IRQ_SEL_MASK,
    ICH9_LPC_DEVICE,
    ICH9_LPC_GEN_PMCON_1,
    ICH9_LPC_GEN_PMCON_1_SMI_LOCK,
    ICH9_LPC_PIRQ_ROUT_DEFAULT,
    ICH9_LPC_PIRQA_ROUT,
    ICH9_LPC_PIRQE_ROUT,
    ICH9_LPC_PMBASE,
    ICH9_LPC_PMBASE_BASE_ADDRESS_MASK,
    ICH9_LPC_RCBA,
    ICH9_LPC_RCBA_BA_MASK,
    ICH9_LPC_RCBA_EN,
    ICH9_RST_CNT_IOPORT,
    TYPE_ICH9_LPC_DEVICE,
    ICH9LPCState,
    ich9_lpc_constants,
)
from emu.hw.nvram.fw_cfg import fw_cfg_add_file, fw_cfg_add_file_callback, fw_cfg_find
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    TYPE_PCI_DEVICE,
    PCIDevice,
    pci_address_space_io,
    pci_bus_fire_intx_routing_notifier,
    pci_default_write_config,
    pci_get_bus,
    pci_get_long,
    pci_get_word,
    pci_set_byte,
    pci_set_long,
    pci_set_word,
)
from emu.hw.pci.pci_ids import PCI_CLASS_BRIDGE_ISA, PCI_DEVICE_ID_INTEL_ICH9_8, PCI_VENDOR_ID_INTEL
from emu.migration.savevm import VMStateDescription
from emu.qapi.error import error_setg
from emu.qemu.module import type_init
from emu.qemu.range import ranges_overlap
from emu.qom.object import (
    OBJ_PROP_FLAG_READ,
    OBJECT,
    Object,
    ObjectClass,
    TypeInfo,
    object_property_add_uint8_ptr,
    object_property_add_uint64_ptr,
    type_register_static,
)
from emu.qom.parts import Part
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    memory_region_add_subregion_overlap,
    memory_region_del_subregion,
    memory_region_init_io,
    memory_region_present,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Ptr, container_of, emulates
from emu.util.notify import Notifier

rcrb_mmio_ops: Final = unmodelled_ops("rcrb_mmio_ops", FILE, "ich9_cc_read", "ich9_cc_write", endianness=DEVICE_LITTLE_ENDIAN)


@emulates(modelled=False)
def smi_features_ok_callback(opaque: Any) -> None:
    """Settle what the firmware chose of System Management Mode."""


@emulates
def ich9_lpc_pm_init(lpc_pci: PCIDevice, smm_enabled: bool) -> None:
    """Make power management, and tell the firmware what System Management Mode offers."""
    lpc, fw_cfg = ICH9_LPC_DEVICE(lpc_pci), fw_cfg_find()
    sci_irq = qemu_allocate_irq(ich9_set_sci, lpc, 0)
    ich9_pm_init(lpc_pci, lpc.pm, smm_enabled, sci_irq)
    if lpc.smi_host_features and fw_cfg is not None:
        fw_cfg_add_file(fw_cfg, "etc/smi/supported-features", 8)
        fw_cfg_add_file_callback(fw_cfg, "etc/smi/requested-features", None, None, 8, False)
        fw_cfg_add_file_callback(fw_cfg, "etc/smi/features-ok", smi_features_ok_callback, lpc, 1, True)
    ich9_lpc_reset(DEVICE(lpc))


@emulates
def ich9_apm_ctrl_changed(val: int, arg: ICH9LPCState) -> None:
    """Switch ACPI on or off. NotModelled: the interrupt for System Management Mode."""
    acpi_pm1_cnt_update(arg.pm.acpi_regs, val == ICH9_APM_ACPI_ENABLE, val == ICH9_APM_ACPI_DISABLE)


@emulates
def ich9_lpc_pmbase_sci_update(lpc: ICH9LPCState) -> None:
    """Move the ACPI registers and their interrupt to where configuration space says."""
    config = PCI_DEVICE(lpc).config
    pm_io_base = pci_get_long(config + ICH9_LPC_PMBASE)
    if config[ICH9_LPC_ACPI_CTRL] & ICH9_LPC_ACPI_CTRL_ACPI_EN:
        pm_io_base &= ICH9_LPC_PMBASE_BASE_ADDRESS_MASK
    else:
        pm_io_base = 0
    ich9_pm_iospace_update(lpc.pm, pm_io_base)
    new_gsi = ich9_lpc_sci_irq(lpc)
    if new_gsi == -1:
        return
    if lpc.sci_level and new_gsi != lpc.sci_gsi:
        qemu_set_irq(lpc.pm.irq, 0)
        lpc.sci_gsi = new_gsi
        qemu_set_irq(lpc.pm.irq, 1)
    lpc.sci_gsi = new_gsi


@emulates
def ich9_lpc_rcba_update(lpc: ICH9LPCState, rcba_old: int) -> None:
    """Move the chipset's registers to where configuration space says."""
    rcba = pci_get_long(PCI_DEVICE(lpc).config + ICH9_LPC_RCBA)
    assert lpc.rcrb_mem is not None
    if rcba_old & ICH9_LPC_RCBA_EN:
        memory_region_del_subregion(get_system_memory(), lpc.rcrb_mem)
    if rcba & ICH9_LPC_RCBA_EN:
        memory_region_add_subregion_overlap(get_system_memory(), rcba & ICH9_LPC_RCBA_BA_MASK, lpc.rcrb_mem, 1)


@emulates
def ich9_lpc_pmcon_update(lpc: ICH9LPCState) -> None:
    """Lock what the guest has locked."""
    d = PCI_DEVICE(lpc)
    if pci_get_word(d.config + ICH9_LPC_GEN_PMCON_1) & ICH9_LPC_GEN_PMCON_1_SMI_LOCK:
        wmask = pci_get_word(d.wmask + ICH9_LPC_GEN_PMCON_1) & ~ICH9_LPC_GEN_PMCON_1_SMI_LOCK
        pci_set_word(d.wmask + ICH9_LPC_GEN_PMCON_1, wmask)
        lpc.pm.smi_en_wmask &= ~1


@emulates
def ich9_lpc_config_write(d: PCIDevice, addr: int, val: int, len_: int) -> None:
    """Write registers; some of them move ports and memory, or route interrupts."""
    lpc = ICH9_LPC_DEVICE(d)
    rcba_old = pci_get_long(d.config + ICH9_LPC_RCBA)
    pci_default_write_config(d, addr, val, len_)
    if ranges_overlap(addr, len_, ICH9_LPC_PMBASE, 4) or ranges_overlap(addr, len_, ICH9_LPC_ACPI_CTRL, 1):
        ich9_lpc_pmbase_sci_update(lpc)
    if ranges_overlap(addr, len_, ICH9_LPC_RCBA, 4):
        ich9_lpc_rcba_update(lpc, rcba_old)
    if ranges_overlap(addr, len_, ICH9_LPC_PIRQA_ROUT, 4):
        pci_bus_fire_intx_routing_notifier(pci_get_bus(d))
    if ranges_overlap(addr, len_, ICH9_LPC_PIRQE_ROUT, 4):
        pci_bus_fire_intx_routing_notifier(pci_get_bus(d))
    if ranges_overlap(addr, len_, ICH9_LPC_GEN_PMCON_1, 8):
        ich9_lpc_pmcon_update(lpc)


@emulates
def ich9_lpc_reset(qdev: DeviceState) -> None:
    """Set the registers as at power-on."""
    d = PCI_DEVICE(qdev)
    lpc = ICH9_LPC_DEVICE(d)
    rcba_old = pci_get_long(d.config + ICH9_LPC_RCBA)
    for first in (ICH9_LPC_PIRQA_ROUT, ICH9_LPC_PIRQE_ROUT):
        for i in range(4):
            pci_set_byte(d.config + (first + i), ICH9_LPC_PIRQ_ROUT_DEFAULT)
    pci_set_byte(d.config + ICH9_LPC_ACPI_CTRL, 0)
    pci_set_long(d.config + ICH9_LPC_PMBASE, 1)
    pci_set_long(d.config + ICH9_LPC_RCBA, 0)
    ich9_cc_reset(lpc)
    ich9_lpc_pmbase_sci_update(lpc)
    ich9_lpc_rcba_update(lpc, rcba_old)
    lpc.sci_level = 0
    lpc.rst_cnt = 0
    lpc.smi_features_ok = 0
    lpc.smi_negotiated_features = 0


@emulates
def ich9_lpc_machine_ready(n: Notifier, opaque: Any) -> None:
    """Note which serial and parallel ports and which floppy controller the machine has."""
    d = PCI_DEVICE(container_of(n))
    io_as = pci_address_space_io(d)
    for port, bit in ((0x3F8, 0x01), (0x2F8, 0x02), (0x378, 0x04), (0x3F2, 0x08)):
        if memory_region_present(io_as, port):
            d.config[0x82] |= bit


@emulates
def ich9_lpc_initfn(obj: Object) -> None:
    """Show what the ACPI tables need."""
    lpc, constants = ICH9_LPC_DEVICE(obj), ich9_lpc_constants()
    object_property_add_uint8_ptr(obj, "sci_int", Ptr(lpc, "sci_gsi"), OBJ_PROP_FLAG_READ)
    object_property_add_uint8_ptr(OBJECT(lpc), "acpi_enable_cmd", Ptr(constants, "acpi_enable_cmd"), OBJ_PROP_FLAG_READ)
    object_property_add_uint8_ptr(OBJECT(lpc), "acpi_disable_cmd", Ptr(constants, "acpi_disable_cmd"), OBJ_PROP_FLAG_READ)
    object_property_add_uint64_ptr(obj, "x-smi-negotiated-features", Ptr(lpc, "smi_negotiated_features"), OBJ_PROP_FLAG_READ)
    ich9_pm_add_properties(obj, lpc.pm)


@emulates
def ich9_lpc_realize(d: PCIDevice) -> None:
    """Make ISA bus, registers, lines and DMA controllers. Error: features that need one another."""
    lpc, dev = ICH9_LPC_DEVICE(d), DEVICE(d)
    if lpc.smi_host_features & 1 << 2 and not lpc.smi_host_features & 1 << 1:
        error_setg("cpu hot-unplug requires cpu hot-plug")
    isa_bus = isa_bus_new(dev, get_system_memory(), get_system_io())
    pci_set_long(d.wmask + ICH9_LPC_PMBASE, ICH9_LPC_PMBASE_BASE_ADDRESS_MASK)
    pci_set_byte(d.wmask + ICH9_LPC_PMBASE, ICH9_LPC_ACPI_CTRL_ACPI_EN | ICH9_LPC_ACPI_CTRL_SCI_IRQ_SEL_MASK)
    memory_region_init_io(Ptr(lpc, "rcrb_mem"), OBJECT(d), rcrb_mmio_ops, lpc, "lpc-rcrb-mmio", ICH9_CC_SIZE)
    lpc.isa_bus = isa_bus
    ich9_cc_init(lpc)
    apm_init(d, lpc.apm, ich9_apm_ctrl_changed, lpc)
    lpc.machine_ready.notify = ich9_lpc_machine_ready
    qemu_add_machine_init_done_notifier(lpc.machine_ready)
    memory_region_init_io(Ptr(lpc, "rst_cnt_mem"), OBJECT(d), ich9_rst_cnt_ops, lpc, "lpc-reset-control", 1)
    assert lpc.rst_cnt_mem is not None
    memory_region_add_subregion_overlap(pci_address_space_io(d), ICH9_RST_CNT_IOPORT, lpc.rst_cnt_mem, 1)
    qdev_init_gpio_out_named(dev, Ptr(lpc.gsi, "lines"), ICH9_GPIO_GSI, GSI_NUM_PINS)
    isa_bus_irqs(isa_bus, lpc.gsi)
    i8257_dma_init(isa_bus, False)


@emulates
def ich9_send_gpe(adev: Part, ev: int) -> None:
    """Tell the guest of an event."""
    s = ICH9_LPC_DEVICE(adev)
    acpi_send_gpe_event(s.pm.acpi_regs, s.pm.irq, ev)


@emulates(modelled=False)
def build_ich9_isa_aml(adev: Any, scope: Any) -> None:
    """Describe the device in ACPI's language."""


vmstate_ich9_lpc: Final = VMStateDescription(name="ICH9LPC", version_id=1, minimum_version_id=1)
ich9_lpc_properties: Final = (
    DEFINE_PROP_BOOL("noreboot", ICH9LPCState, "pin_strap.spkr_hi", True),
    DEFINE_PROP_BOOL("smm-compat", ICH9LPCState, "pm.smm_compat", False),
    DEFINE_PROP_BIT64("x-smi-broadcast", ICH9LPCState, "smi_host_features", 0, True),
    DEFINE_PROP_BIT64("x-smi-cpu-hotplug", ICH9LPCState, "smi_host_features", 1, True),
    DEFINE_PROP_BIT64("x-smi-cpu-hotunplug", ICH9LPCState, "smi_host_features", 2, True),
)


@emulates
def ich9_lpc_class_init(klass: ObjectClass, data: Any) -> None:
    """Set the ids and the hotplug methods; only the board can make such a function."""
    dc, k, hc = DEVICE_CLASS(klass), PCI_DEVICE_CLASS(klass), HOTPLUG_HANDLER_CLASS(klass)
    adevc, amldevc = ACPI_DEVICE_IF_CLASS(klass), ACPI_DEV_AML_IF_CLASS(klass)
    dc.categories |= 1 << DeviceCategory.DEVICE_CATEGORY_BRIDGE
    dc.reset = ich9_lpc_reset
    k.realize = ich9_lpc_realize
    dc.vmsd = vmstate_ich9_lpc
    device_class_set_props(dc, ich9_lpc_properties)
    k.config_write = ich9_lpc_config_write
    dc.desc = "ICH9 LPC bridge"
    k.vendor_id = PCI_VENDOR_ID_INTEL
    k.device_id = PCI_DEVICE_ID_INTEL_ICH9_8
    k.revision = 0x2
    k.class_id = PCI_CLASS_BRIDGE_ISA
    dc.user_creatable = False
    hc.pre_plug = ich9_pm_device_pre_plug_cb
    hc.plug = ich9_pm_device_plug_cb
    hc.unplug_request = ich9_pm_device_unplug_request_cb
    hc.unplug = ich9_pm_device_unplug_cb
    adevc.ospm_status = ich9_pm_ospm_status
    adevc.send_event = ich9_send_gpe
    adevc.madt_cpu = pc_madt_cpu_entry
    amldevc.build_dev_aml = build_ich9_isa_aml


ich9_lpc_info: Final = TypeInfo(
    name=TYPE_ICH9_LPC_DEVICE,
    parent=TYPE_PCI_DEVICE,
    instance=ICH9LPCState,
    instance_init=ich9_lpc_initfn,
    class_init=ich9_lpc_class_init,
    interfaces=(
        TYPE_HOTPLUG_HANDLER,
        TYPE_ACPI_DEVICE_IF,
        INTERFACE_CONVENTIONAL_PCI_DEVICE,
        TYPE_ACPI_DEV_AML_IF,
    ),
)


@type_init
@emulates
def ich9_lpc_register() -> None:
    """Register the type."""
    type_register_static(ich9_lpc_info)
