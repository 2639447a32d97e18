"""The ICH9's LPC bridge: interrupts, ISA bus, ACPI (hw/isa/lpc_ich9.c, include/hw/i386/ich9.h)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

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
    ICH9LPCPMRegs,
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
from emu.hw.core.irq import IRQArray, qemu_allocate_irq, qemu_set_irq
from emu.hw.core.machine import qemu_add_machine_init_done_notifier
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, DeviceCategory, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT64, DEFINE_PROP_BOOL, device_class_set_props
from emu.hw.dma.i8257 import i8257_dma_init
from emu.hw.i386.x86 import GSI_NUM_PINS
from emu.hw.isa.apm import APMState, apm_init
from emu.hw.isa.isa_bus import ISABus, isa_bus_irqs, isa_bus_new
from emu.hw.nvram.fw_cfg import fw_cfg_add_file, fw_cfg_add_file_callback, fw_cfg_find
from emu.hw.pci.pci import (
    INTERFACE_CONVENTIONAL_PCI_DEVICE,
    PCI_DEVFN,
    PCI_DEVICE,
    PCI_DEVICE_CLASS,
    PCI_NUM_PINS,
    PCI_SLOT,
    TYPE_PCI_DEVICE,
    PCIDevice,
    PCIINTxRoute,
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
from emu.qom.parts import Part, caster
from emu.softmmu.memory import (
    DEVICE_LITTLE_ENDIAN,
    MemoryRegion,
    memory_region_add_subregion_overlap,
    memory_region_del_subregion,
    memory_region_init_io,
    memory_region_present,
)
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Map, Ptr, Seq, Struct, container_of, embedded, emulates, fresh, mapping, per_run
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

rcrb_mmio_ops: Final = unmodelled_ops("rcrb_mmio_ops", FILE, "ich9_cc_read", "ich9_cc_write", endianness=DEVICE_LITTLE_ENDIAN)
ich9_rst_cnt_ops: Final = unmodelled_ops(
    "ich9_rst_cnt_ops", FILE, "ich9_rst_cnt_read", "ich9_rst_cnt_write", endianness=DEVICE_LITTLE_ENDIAN
)


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
