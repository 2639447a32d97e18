"""A device gets its place on a bus and its configuration space, and loses them (hw/pci/pci.c)."""

from __future__ import annotations

from emu.hw.core.qdev import MachineInitPhase, phase_check
from emu.hw.core.qdev_core import DEVICE
from emu.hw.pci.pci.bytes import (
    pci_config_set_class,
    pci_config_set_device_id,
    pci_config_set_revision,
    pci_config_set_vendor_id,
    pci_set_word,
)
from emu.hw.pci.pci.config import (
    pci_config_alloc,
    pci_config_free,
    pci_default_read_config,
    pci_default_write_config,
    pci_init_cmask,
    pci_init_mask_bridge,
    pci_init_multifunction,
    pci_init_w1cmask,
    pci_init_wmask,
    pci_set_default_subsystem_id,
)
from emu.hw.pci.pci.dma import pci_init_bus_master, pci_req_id_cache_get
from emu.hw.pci.pci.express import pcie_cap_get_type
from emu.hw.pci.pci.structs import (
    PCI_DEVFN,
    PCI_DEVFN_MAX,
    PCI_DEVICE_GET_CLASS,
    PCI_FUNC,
    PCI_FUNC_MAX,
    PCI_SLOT,
    PCIBus,
    PCIDevice,
    pci_bus_is_root,
    pci_get_bus,
    pci_is_express,
    pci_is_vf,
)
from emu.qapi.error import Error, error_setg
from emu.softmmu.memory import (
    UINT64_MAX,
    address_space_destroy,
    address_space_init,
    memory_region_del_subregion,
    memory_region_init,
    memory_region_is_mapped,
)
from emu.standard_headers.linux.pci_regs import (
    PCI_EXP_TYPE_DOWNSTREAM,
    PCI_EXP_TYPE_ROOT_PORT,
    PCI_SUBSYSTEM_ID,
    PCI_SUBSYSTEM_VENDOR_ID,
)
from emu.trace import Ptr, emulates


@emulates
def do_pci_unregister_device(pci_dev: PCIDevice) -> None:
    """Undo do_pci_register_device."""
    pci_get_bus(pci_dev).devices[pci_dev.devfn] = None
    pci_config_free(pci_dev)
    if memory_region_is_mapped(pci_dev.bus_master_enable_region):
        assert pci_dev.bus_master_container_region is not None
        assert pci_dev.bus_master_enable_region is not None
        memory_region_del_subregion(pci_dev.bus_master_container_region, pci_dev.bus_master_enable_region)
    address_space_destroy(pci_dev.bus_master_as)


@emulates
def pci_bus_devfn_available(bus: PCIBus, devfn: int) -> bool:
    """Tell whether a function's place is free."""
    return bus.devices[devfn] is None


@emulates
def pci_bus_devfn_reserved(bus: PCIBus, devfn: int) -> bool:
    """Tell whether a function's slot is kept free."""
    return bool(bus.slot_reserved_mask & (1 << PCI_SLOT(devfn)))


def pcie_has_upstream_port(dev: PCIDevice) -> bool:
    """Tell whether a device hangs on a root port or a switch's downstream port."""
    parent_dev = pci_get_bus(dev).parent_dev
    return (
        parent_dev is not None
        and pci_is_express(parent_dev)
        and bool(parent_dev.exp.exp_cap)
        and (pcie_cap_get_type(parent_dev) == PCI_EXP_TYPE_ROOT_PORT or pcie_cap_get_type(parent_dev) == PCI_EXP_TYPE_DOWNSTREAM)
    )


def pci_get_function_0(pci_dev: PCIDevice) -> PCIDevice | None:
    """Return function 0 of a device's slot; behind a port there is only slot 0."""
    bus = pci_get_bus(pci_dev)
    if pcie_has_upstream_port(pci_dev):
        return bus.devices[0]
    return bus.devices[PCI_DEVFN(PCI_SLOT(pci_dev.devfn), 0)]


def find_devfn(pci_dev: PCIDevice, bus: PCIBus, name: str, devfn: int) -> int:
    """Return the place that a device gets; -1 asks for the first free slot. Error: it is taken or kept free."""
    if devfn < 0:
        for candidate in range(bus.devfn_min, PCI_DEVFN_MAX, PCI_FUNC_MAX):
            if pci_bus_devfn_available(bus, candidate) and not pci_bus_devfn_reserved(bus, candidate):
                return candidate
        error_setg(f"PCI: no slot/function available for {name}, all in use or reserved")
    where = f"PCI: slot {PCI_SLOT(devfn)} function {PCI_FUNC(devfn)} not available for {name},"
    if pci_bus_devfn_reserved(bus, devfn):
        error_setg(f"{where} reserved")
    if not pci_bus_devfn_available(bus, devfn):
        other = bus.devices[devfn]
        assert other is not None
        id_ = DEVICE(other).id
        error_setg(f"{where} in use by {other.name},id={id_ if id_ is not None else '(null)'}")
    if DEVICE(pci_dev).hotplugged and not pci_is_vf(pci_dev):
        function_0 = pci_get_function_0(pci_dev)
        if function_0 is not None:
            error_setg(
                f"PCI: slot {PCI_SLOT(function_0.devfn)} function 0 already occupied by {function_0.name}, "
                f"new func {name} cannot be exposed to guest."
            )
    return devfn


@emulates
def do_pci_register_device(pci_dev: PCIDevice, name: str, devfn: int) -> PCIDevice:
    """Give a device its place (-1: the first free slot), its way to memory and its configuration space.

    Error: the place is taken or kept free, or the slot's functions do not agree.
    """
    pc = PCI_DEVICE_GET_CLASS(pci_dev)
    bus = pci_get_bus(pci_dev)
    if pci_bus_is_root(bus) and bus.parent_dev is not None and not pc.is_bridge:
        error_setg(f"PCI: Only PCI/PCIe bridges can be plugged into {bus.parent_dev.name}")
    devfn = find_devfn(pci_dev, bus, name, devfn)

    pci_dev.devfn = devfn
    pci_dev.requester_id_cache = pci_req_id_cache_get(pci_dev)
    pci_dev.name = name[:63]
    memory_region_init(Ptr(pci_dev, "bus_master_container_region"), pci_dev, "bus master container", UINT64_MAX)
    assert pci_dev.bus_master_container_region is not None
    address_space_init(pci_dev.bus_master_as, pci_dev.bus_master_container_region, pci_dev.name)
    if phase_check(MachineInitPhase.PHASE_MACHINE_READY):
        pci_init_bus_master(pci_dev)
    pci_dev.irq_state = 0
    pci_config_alloc(pci_dev)

    pci_config_set_vendor_id(pci_dev.config, pc.vendor_id)
    pci_config_set_device_id(pci_dev.config, pc.device_id)
    pci_config_set_revision(pci_dev.config, pc.revision)
    pci_config_set_class(pci_dev.config, pc.class_id)
    if not pc.is_bridge:
        if pc.subsystem_vendor_id or pc.subsystem_id:
            pci_set_word(pci_dev.config + PCI_SUBSYSTEM_VENDOR_ID, pc.subsystem_vendor_id)
            pci_set_word(pci_dev.config + PCI_SUBSYSTEM_ID, pc.subsystem_id)
        else:
            pci_set_default_subsystem_id(pci_dev)
    else:
        assert not pc.subsystem_vendor_id
        assert not pc.subsystem_id
    pci_init_cmask(pci_dev)
    pci_init_wmask(pci_dev)
    pci_init_w1cmask(pci_dev)
    if pc.is_bridge:
        pci_init_mask_bridge(pci_dev)
    try:
        pci_init_multifunction(bus, pci_dev)
    except Error:
        do_pci_unregister_device(pci_dev)
        raise
    pci_dev.config_read = pc.config_read or pci_default_read_config
    pci_dev.config_write = pc.config_write or pci_default_write_config
    bus.devices[devfn] = pci_dev
    pci_dev.version_id = 2
    return pci_dev
