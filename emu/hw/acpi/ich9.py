"""Power management, events and hotplug of the ICH9 (hw/acpi/ich9.c, include/hw/acpi/ich9.h)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from emu.errors import NotModelled
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
from emu.hw.acpi.cpu import CPUHotplugState, acpi_cpu_plug_cb, acpi_cpu_unplug_cb, acpi_cpu_unplug_request_cb
from emu.hw.acpi.cpu_hotplug import (
    AcpiCpuHotplug,
    acpi_switch_to_modern_cphp,
    legacy_acpi_cpu_hotplug_init,
    legacy_acpi_cpu_plug_cb,
)
from emu.hw.acpi.memory_hotplug import ACPI_MEMORY_HOTPLUG_BASE, MemHotplugState, acpi_memory_hotplug_init
from emu.hw.acpi.pcihp import (
    AcpiPciHpState,
    acpi_pcihp_device_plug_cb,
    acpi_pcihp_device_pre_plug_cb,
    acpi_pcihp_device_unplug_cb,
    acpi_pcihp_device_unplug_request_cb,
    acpi_pcihp_init,
    acpi_pcihp_reset,
)
from emu.hw.acpi.tco import TCOIORegs, acpi_pm_tco_init
from emu.hw.core.bus import qbus_set_hotplug_handler
from emu.hw.core.irq import IRQState, qemu_irq
from emu.hw.core.qdev import BUS, DeviceState
from emu.hw.core.reset import qemu_register_reset
from emu.hw.pci.pci import TYPE_PCI_DEVICE, PCIDevice, pci_address_space_io, pci_get_bus
from emu.qapi.error import Error, error_append_hint, error_setg
from emu.qapi.visitor import visit_type_uint32
from emu.qom.object import (
    OBJ_PROP_FLAG_READ,
    OBJ_PROP_FLAG_READWRITE,
    OBJECT,
    Object,
    object_dynamic_cast,
    object_get_typename,
    object_property_add,
    object_property_add_bool,
    object_property_add_uint8_ptr,
    object_property_add_uint32_ptr,
)
from emu.qom.parts import Part
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
from emu.trace import Ptr, Struct, container_of, embedded, emulates, per_run
from emu.util.notify import Notifier

if TYPE_CHECKING:
    from emu.hw.isa.lpc_ich9 import ICH9LPCState

TYPE_CPU: Final = "cpu"
TYPE_PC_DIMM: Final = "pc-dimm"
ICH9_PMIO_SIZE: Final = 128
ICH9_PMIO_GPE0_STS: Final = 0x20
ICH9_PMIO_GPE0_LEN: Final = 16
ICH9_PMIO_SMI_EN: Final = 0x30
ICH9_PMIO_SMI_EN_APMC_EN: Final = 1 << 5
ICH9_CPU_HOTPLUG_IO_BASE: Final = 0x0CD8
ACPI_PCIHP_ADDR_ICH9: Final = 0x0CC0
SMI_F_BROADCAST: Final = 1 << 0
SMI_F_CPU_HOTPLUG: Final = 1 << 1
SMI_F_CPU_HOT_UNPLUG: Final = 1 << 2


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


class Ich9Constants(Struct):
    """Constants that properties show."""

    gpe0_len: int = ICH9_PMIO_GPE0_LEN


ich9_constants = per_run(Ich9Constants)


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


def ich9_pm_get_gpe0_blk(obj: Object, v: Any, name: str, opaque: ICH9LPCPMRegs) -> None:
    """Read where the general purpose events are."""
    visit_type_uint32(v, name, opaque.pm_io_base + ICH9_PMIO_GPE0_STS)


def _pm(obj: Part) -> ICH9LPCPMRegs:
    from emu.hw.isa.lpc_ich9 import ICH9_LPC_DEVICE  # the device has these registers

    pm: ICH9LPCPMRegs = ICH9_LPC_DEVICE(obj).pm
    return pm


def ich9_pm_get_memory_hotplug_support(obj: Object) -> bool:
    """Tell whether memory can be plugged."""
    return _pm(obj).acpi_memory_hotplug.is_enabled


@emulates
def ich9_pm_set_memory_hotplug_support(obj: Object, value: bool) -> None:
    """Say whether memory can be plugged."""
    _pm(obj).acpi_memory_hotplug.is_enabled = value


def ich9_pm_get_cpu_hotplug_legacy(obj: Object) -> bool:
    """Tell whether the older registers for CPU hotplug are in use."""
    return _pm(obj).cpu_hotplug_legacy


@emulates
def ich9_pm_set_cpu_hotplug_legacy(obj: Object, value: bool) -> None:
    """Switch to the newer registers."""
    pm = _pm(obj)
    assert not value
    if pm.cpu_hotplug_legacy and not value:
        acpi_switch_to_modern_cphp(pm.gpe_cpu, pm.cpuhp_state, ICH9_CPU_HOTPLUG_IO_BASE)
    pm.cpu_hotplug_legacy = value


def ich9_pm_get_enable_tco(obj: Object) -> bool:
    """Tell whether there is a watchdog."""
    return _pm(obj).enable_tco


@emulates
def ich9_pm_set_enable_tco(obj: Object, value: bool) -> None:
    """Say whether there is a watchdog."""
    _pm(obj).enable_tco = value


def ich9_pm_get_acpi_pci_hotplug(obj: Object) -> bool:
    """Tell whether ACPI is asked about bridges too."""
    return _pm(obj).use_acpi_hotplug_bridge


@emulates
def ich9_pm_set_acpi_pci_hotplug(obj: Object, value: bool) -> None:
    """Say whether ACPI is asked about bridges too."""
    _pm(obj).use_acpi_hotplug_bridge = value


def ich9_pm_get_keep_pci_slot_hpc(obj: Object) -> bool:
    """Tell whether slots keep PCI Express's own hotplug."""
    return _pm(obj).keep_pci_slot_hpc


@emulates
def ich9_pm_set_keep_pci_slot_hpc(obj: Object, value: bool) -> None:
    """Say whether slots keep PCI Express's own hotplug."""
    _pm(obj).keep_pci_slot_hpc = value


@emulates
def ich9_pm_add_properties(obj: Object, pm: ICH9LPCPMRegs) -> None:
    """Set the defaults, and show what the ACPI tables need."""
    pm.acpi_memory_hotplug.is_enabled = True
    pm.cpu_hotplug_legacy = True
    pm.disable_s3 = 0
    pm.disable_s4 = 0
    pm.s4_val = 2
    pm.use_acpi_hotplug_bridge = True
    pm.keep_pci_slot_hpc = True
    object_property_add_uint32_ptr(obj, "pm_io_base", Ptr(pm, "pm_io_base"), OBJ_PROP_FLAG_READ)
    object_property_add(obj, "gpe0_blk", "uint32", ich9_pm_get_gpe0_blk, None, None, pm)
    object_property_add_uint32_ptr(obj, "gpe0_blk_len", Ptr(ich9_constants(), "gpe0_len"), OBJ_PROP_FLAG_READ)
    object_property_add_bool(
        obj, "memory-hotplug-support", ich9_pm_get_memory_hotplug_support, ich9_pm_set_memory_hotplug_support
    )
    object_property_add_bool(obj, "cpu-hotplug-legacy", ich9_pm_get_cpu_hotplug_legacy, ich9_pm_set_cpu_hotplug_legacy)
    object_property_add_uint8_ptr(obj, "disable_s3", Ptr(pm, "disable_s3"), OBJ_PROP_FLAG_READWRITE)
    object_property_add_uint8_ptr(obj, "disable_s4", Ptr(pm, "disable_s4"), OBJ_PROP_FLAG_READWRITE)
    object_property_add_uint8_ptr(obj, "s4_val", Ptr(pm, "s4_val"), OBJ_PROP_FLAG_READWRITE)
    object_property_add_bool(obj, "enable_tco", ich9_pm_get_enable_tco, ich9_pm_set_enable_tco)
    object_property_add_bool(
        obj, "acpi-pci-hotplug-with-bridge-support", ich9_pm_get_acpi_pci_hotplug, ich9_pm_set_acpi_pci_hotplug
    )
    object_property_add_bool(obj, "x-keep-pci-slot-hpc", ich9_pm_get_keep_pci_slot_hpc, ich9_pm_set_keep_pci_slot_hpc)


def is_a(dev: Part, name: str) -> bool:
    """Tell whether a device is of a type."""
    return object_dynamic_cast(OBJECT(dev), name) is not None


def _refuse(message: str, hint: str) -> None:
    try:
        error_setg(message)
    except Error as err:
        error_append_hint(err, hint)
        raise


def _negotiated(hotplug_dev: Part) -> int:
    from emu.hw.isa.lpc_ich9 import ICH9_LPC_DEVICE  # the device has these registers

    lpc: ICH9LPCState = ICH9_LPC_DEVICE(hotplug_dev)
    return lpc.smi_negotiated_features


@emulates
def ich9_pm_device_pre_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Check a device before it is realized. Error: it can't be plugged."""
    if is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_pre_plug_cb(hotplug_dev, dev)
        return
    if is_a(dev, TYPE_PC_DIMM) and not _pm(hotplug_dev).acpi_memory_hotplug.is_enabled:
        name = object_get_typename(OBJECT(hotplug_dev))
        error_setg(f"memory hotplug is not enabled: {name}.memory-hotplug-support is not set")
    elif is_a(dev, TYPE_CPU):
        negotiated = _negotiated(hotplug_dev)
        if negotiated & SMI_F_BROADCAST and not negotiated & SMI_F_CPU_HOTPLUG:
            _refuse(
                "cpu hotplug with SMI wasn't enabled by firmware",
                "update machine type to newer than 5.1 and firmware that suppors CPU hotplug with SMM",
            )


@emulates
def ich9_pm_device_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take in a device that is realized. NotModelled: memory."""
    pm = _pm(hotplug_dev)
    if is_a(dev, TYPE_PC_DIMM):
        raise NotModelled("memory devices")
    if is_a(dev, TYPE_CPU):
        if pm.cpu_hotplug_legacy:
            legacy_acpi_cpu_plug_cb(hotplug_dev, pm.gpe_cpu, dev)
        else:
            acpi_cpu_plug_cb(hotplug_dev, pm.cpuhp_state, dev)
    elif is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_plug_cb(hotplug_dev, pm.acpi_pci_hotplug, dev)
    else:
        error_setg(f"acpi: device plug request for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def ich9_pm_device_unplug_request_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Ask the guest to let a device go. Error: it can't be unplugged."""
    pm = _pm(hotplug_dev)
    if is_a(dev, TYPE_CPU) and not pm.cpu_hotplug_legacy:
        negotiated = _negotiated(hotplug_dev)
        if negotiated & SMI_F_BROADCAST and not negotiated & SMI_F_CPU_HOT_UNPLUG:
            _refuse(
                "cpu hot-unplug with SMI wasn't enabled by firmware",
                "update machine type to a version having x-smi-cpu-hotunplug=on and firmware that supports "
                "CPU hot-unplug with SMM",
            )
        acpi_cpu_unplug_request_cb(hotplug_dev, pm.cpuhp_state, dev)
    elif is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_unplug_request_cb(hotplug_dev, pm.acpi_pci_hotplug, dev)
    else:
        error_setg(f"acpi: device unplug request for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates
def ich9_pm_device_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Take a device away. Error: it can't be unplugged."""
    pm = _pm(hotplug_dev)
    if is_a(dev, TYPE_CPU) and not pm.cpu_hotplug_legacy:
        acpi_cpu_unplug_cb(pm.cpuhp_state, dev)
    elif is_a(dev, TYPE_PCI_DEVICE):
        acpi_pcihp_device_unplug_cb(hotplug_dev, pm.acpi_pci_hotplug, dev)
    else:
        error_setg(f"acpi: device unplug for not supported device type: {object_get_typename(OBJECT(dev))}")


@emulates(modelled=False)
def ich9_pm_ospm_status(adev: Any, list_: Any) -> None:
    """Report what the guest said of memory and CPUs."""
