"""Making the board, and what is done once all of the machine is there (hw/core/machine.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emu.accel.accel_common import accel_init_interfaces
from emu.errors import QemuExit
from emu.hw.core.cpu_common import CPU_CLASS, cpu_synchronize_all_post_init
from emu.hw.core.loader import rom_check_and_register_reset
from emu.hw.core.machine.props import machine_set_mem_merge
from emu.hw.core.machine.structs import (
    MACHINE_GET_CLASS,
    CPUArchId,
    MachineClass,
    MachineState,
    current_machine,
    machine_globals,
)
from emu.hw.core.numa import numa_complete_configuration, numa_uses_legacy_mem
from emu.hw.core.qdev import DeviceState, MachineInitPhase, phase_advance, phase_check, qdev_assert_realized_properly
from emu.hw.core.reset import qemu_register_reset
from emu.hw.core.resettable import resettable_cold_reset_fn
from emu.hw.core.sysbus import TYPE_SYS_BUS_DEVICE, sysbus_get_default
from emu.migration.savevm import vmstate_register_ram_global
from emu.qapi.error import error_abort, error_fatal, error_setg
from emu.qapi.qapi_types_run_state import ShutdownCause
from emu.qom.object import (
    OBJECT,
    object_class_by_name,
    object_class_dynamic_cast,
    object_dynamic_cast,
    object_get_canonical_path_component,
    object_get_objects_root,
    object_get_typename,
    object_new,
    object_property_add_child,
    object_property_find,
    object_property_get_uint,
    object_property_set_bool,
    object_property_set_int,
    object_property_set_link,
    object_property_set_str,
    object_register_sugar_prop,
    object_unref,
)
from emu.qom.object_interfaces import user_creatable_complete
from emu.softmmu.bootdevice import qemu_boot_set, restore_boot_order
from emu.softmmu.runstate import qemu_system_reset
from emu.trace import emulates
from emu.util.error_report import error_printf, error_report, warn_report
from emu.util.notify import Notifier, notifier_list_add, notifier_list_notify, notifier_remove

if TYPE_CHECKING:
    from emu.softmmu.memory import MemoryRegion


def machine_usb(machine: MachineState) -> bool:
    """Tell whether the machine has USB."""
    return machine.usb


def machine_phandle_start(machine: MachineState) -> int:
    """Return the first phandle that may be generated."""
    return machine.phandle_start


def machine_dump_guest_core(machine: MachineState) -> bool:
    """Tell whether a core dump holds the guest's memory."""
    return machine.dump_guest_core


def machine_mem_merge(machine: MachineState) -> bool:
    """Tell whether equal memory pages may be merged."""
    return machine.mem_merge


@emulates
def machine_class_allow_dynamic_sysbus_dev(mc: MachineClass, type_: str) -> None:
    """Let ``-device`` make a system bus device on this board."""
    mc.allowed_dynamic_sysbus_devices.insert(0, type_)


def device_type_is_dynamic_sysbus(mc: MachineClass, type_: str) -> bool:
    """Tell whether ``-device`` may make a system bus device of a type."""
    klass = object_class_by_name(type_)
    return any(object_class_dynamic_cast(klass, name) is not None for name in mc.allowed_dynamic_sysbus_devices)


def device_is_dynamic_sysbus(mc: MachineClass, dev: DeviceState) -> bool:
    """Tell whether a device is a system bus device that ``-device`` may make."""
    if object_dynamic_cast(dev, TYPE_SYS_BUS_DEVICE) is None:
        return False
    return device_type_is_dynamic_sysbus(mc, object_get_typename(dev))


@emulates
def machine_consume_memdev(machine: MachineState, backend: Any) -> MemoryRegion:
    """Take host memory as the machine's RAM; it can be used once."""
    from emu.backends.hostmem import (  # its types take their defaults from the machine
        MEMORY_BACKEND,
        host_memory_backend_get_memory,
        host_memory_backend_is_mapped,
        host_memory_backend_set_mapped,
    )

    backend = MEMORY_BACKEND(backend)
    ret = host_memory_backend_get_memory(backend)
    assert ret is not None
    if host_memory_backend_is_mapped(backend):
        name = object_get_canonical_path_component(OBJECT(backend))
        error_report(f"memory backend {name} can't be used multiple times.")
        raise QemuExit(1)
    host_memory_backend_set_mapped(backend, True)
    vmstate_register_ram_global(ret)
    return ret


@emulates
def create_default_memdev(ms: MachineState, path: str | None) -> None:
    """Make the host memory that ``-m`` asks for. Error: it can't be had."""
    mc = MACHINE_GET_CLASS(ms)
    assert mc.default_ram_id is not None
    obj = object_new("memory-backend-file" if path is not None else "memory-backend-ram")
    try:
        if path is not None:
            object_property_set_str(obj, "mem-path", path)
        object_property_set_int(obj, "size", ms.ram_size)
        object_property_add_child(object_get_objects_root(), mc.default_ram_id, obj)
        # the memory region takes the plain name
        object_property_set_bool(obj, "x-use-canonical-path-for-ramblock-id", False)
        user_creatable_complete(obj)
        object_property_set_link(OBJECT(ms), "memory-backend", obj)
    finally:
        object_unref(obj)


def _check_cpu_type(machine: MachineState, oc: Any) -> None:
    valid = MACHINE_GET_CLASS(machine).valid_cpu_types
    if valid is None or machine.cpu_type is None:
        return
    if any(object_class_dynamic_cast(oc, name) is not None for name in valid):
        return
    error_report(f"Invalid CPU type: {machine.cpu_type}")
    error_printf(f"The valid types are: {', '.join(valid)}\n")
    raise QemuExit(1)


def _memory(machine: MachineState, mem_path: str | None) -> None:
    machine_class = MACHINE_GET_CLASS(machine)
    ram_id = machine_class.default_ram_id
    if machine.memdev is not None:
        with error_abort():
            backend_size = object_property_get_uint(OBJECT(machine.memdev), "size")
        if backend_size != machine.ram_size:
            error_setg("Machine memory size does not match the size of the memory backend")
    elif ram_id is not None and machine.ram_size and numa_uses_legacy_mem():
        if object_property_find(object_get_objects_root(), ram_id) is not None:
            error_setg(
                f"object name '{ram_id}' is reserved for the default RAM backend, it can't be used for any other"
                " purposes. Change the object's 'id' to something else"
            )
        create_default_memdev(current_machine(), mem_path)


@emulates
def machine_set_cpu_numa_node(machine: MachineState, slot: CPUArchId, node_id: int) -> None:
    """Put a CPU into a node."""
    slot.props.node_id = node_id


@emulates
def machine_numa_finish_cpu_init(machine: MachineState) -> None:
    """Put every CPU into the node that the board means for it."""
    mc = MACHINE_GET_CLASS(machine)
    assert mc.possible_cpu_arch_ids is not None
    assert mc.get_default_cpu_node_id is not None
    for i, slot in enumerate(mc.possible_cpu_arch_ids(machine).cpus):
        if slot.props.node_id is None:
            machine_set_cpu_numa_node(machine, slot, mc.get_default_cpu_node_id(machine, i))


@emulates
def machine_run_board_init(machine: MachineState, mem_path: str | None) -> None:
    """Make the RAM, then let the board make everything on it. Error: the memory does not fit."""
    machine_class = MACHINE_GET_CLASS(machine)
    oc = object_class_by_name(machine.cpu_type) if machine.cpu_type is not None else None
    _memory(machine, mem_path)
    if machine.numa_state is not None:
        numa_complete_configuration(machine)
        if machine.numa_state.num_nodes:
            machine_numa_finish_cpu_init(machine)
    if machine.ram is None and machine.memdev is not None:
        machine.ram = machine_consume_memdev(machine, machine.memdev)
    _check_cpu_type(machine, oc)
    cc = CPU_CLASS(oc) if oc is not None else None
    if cc is not None and cc.deprecation_note:
        warn_report(f"CPU model {machine.cpu_type} is deprecated -- {cc.deprecation_note}")
    if machine.cgs is not None:
        with error_abort():
            machine_set_mem_merge(OBJECT(machine), False)
        # virtio devices cannot see the memory of a confidential guest without help of the IOMMU
        object_register_sugar_prop("virtio-pci", "disable-legacy", "on", True)
        object_register_sugar_prop("virtio-device", "iommu_platform", "on", False)
    accel_init_interfaces(machine.accelerator)
    assert machine_class.init is not None
    machine_class.init(machine)
    phase_advance(MachineInitPhase.PHASE_MACHINE_INITIALIZED)


@emulates
def qemu_add_machine_init_done_notifier(notify: Notifier) -> None:
    """Be told when the machine is there; at once if it is already."""
    notifier_list_add(machine_globals().machine_init_done_notifiers, notify)
    if phase_check(MachineInitPhase.PHASE_MACHINE_READY):
        assert notify.notify is not None
        notify.notify(notify, None)


@emulates
def qemu_remove_machine_init_done_notifier(notify: Notifier) -> None:
    """Be told no more."""
    notifier_remove(machine_globals().machine_init_done_notifiers, notify)


@emulates
def qdev_machine_creation_done() -> None:
    """Close the machine's creation: from here on only hotplug adds devices. Everything is reset once."""
    cpu_synchronize_all_post_init()
    boot_config = current_machine().boot_config
    if boot_config.once is not None:
        with error_fatal():
            qemu_boot_set(boot_config.once)
        qemu_register_reset(restore_boot_order, boot_config.order)

    phase_advance(MachineInitPhase.PHASE_MACHINE_READY)
    qdev_assert_realized_properly()
    # the whole tree of devices hangs below the system bus: resetting that resets all
    qemu_register_reset(resettable_cold_reset_fn, sysbus_get_default())
    notifier_list_notify(machine_globals().machine_init_done_notifiers, None)
    if rom_check_and_register_reset() != 0:
        raise QemuExit(1)
    qemu_system_reset(ShutdownCause.NONE)
    register_global_state()


@emulates(file="migration/global_state.c", modelled=False)
def register_global_state() -> None:
    """Register the run state as a thing that migration saves; saving is left out."""
