"""VMware's port 0x5658, by which guests talk to a hypervisor; no guest runs here (hw/i386/vmport.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.hw.core.qdev import DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import DEFINE_PROP_BIT, DEFINE_PROP_UINT8, DEFINE_PROP_UINT32, device_class_set_props
from emu.hw.isa.isa_bus import ISA_DEVICE, TYPE_ISA_DEVICE, isa_register_ioport
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, ObjectClass, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.softmmu.memory import DEVICE_LITTLE_ENDIAN, Impl, MemoryRegion, memory_region_init_io
from emu.softmmu.unmodelled_ops import unmodelled_ops
from emu.trace import Map, Ptr, Struct, emulates, mapping, per_run

TYPE_VMPORT: Final = "vmport"
VMPORT_CMD_GETVERSION: Final = 10
VMPORT_CMD_GETBIOSUUID: Final = 19
VMPORT_CMD_GETRAMSIZE: Final = 20
VMPORT_CMD_VMMOUSE_DATA: Final = 39
VMPORT_CMD_VMMOUSE_STATUS: Final = 40
VMPORT_CMD_VMMOUSE_COMMAND: Final = 41
VMPORT_CMD_GETHZ: Final = 45
VMPORT_CMD_GET_VCPU_INFO: Final = 68
VMPORT_COMPAT_CMDS_V2_BIT: Final = 3

VMPortReadFunc = Callable[[Any, int], int]

vmport_ops: Final = unmodelled_ops(
    "vmport_ops",
    "hw/i386/vmport.c",
    "vmport_ioport_read",
    "vmport_ioport_write",
    endianness=DEVICE_LITTLE_ENDIAN,
    impl=Impl(4, 4),
)


class VMPortState(Part):
    """The port; ``func`` and ``opaque`` by command."""

    SIZE: ClassVar[int] = 1568
    io: MemoryRegion | None = None
    func: Map[VMPortReadFunc] = mapping()
    opaque: Map[Any] = mapping()
    vmware_vmx_version: int = 0
    vmware_vmx_type: int = 0
    compat_flags: int = 0


class VmportStatics(Struct):
    """The one port there is."""

    port_state: VMPortState | None = None


vmport_statics = per_run(VmportStatics)
VMPORT = caster(VMPortState, TYPE_VMPORT)


@emulates
def vmport_register(command: int, func: VMPortReadFunc, opaque: Any) -> None:
    """Enter what a command does."""
    port_state = vmport_statics().port_state
    assert port_state is not None
    port_state.func[str(command)] = func
    port_state.opaque[str(command)] = opaque


@emulates(modelled=False)
def vmport_cmd_get_version(opaque: Any, addr: int) -> int:
    """Answer with VMware's version."""
    return 0


@emulates(modelled=False)
def vmport_cmd_get_bios_uuid(opaque: Any, addr: int) -> int:
    """Answer with the machine's UUID."""
    return 0


@emulates(modelled=False)
def vmport_cmd_ram_size(opaque: Any, addr: int) -> int:
    """Answer with the size of memory."""
    return 0


@emulates(modelled=False)
def vmport_cmd_get_hz(opaque: Any, addr: int) -> int:
    """Answer with frequencies."""
    return 0


@emulates(modelled=False)
def vmport_cmd_get_vcpu_info(opaque: Any, addr: int) -> int:
    """Answer with what the CPU can do."""
    return 0


@emulates
def vmport_realizefn(dev: DeviceState) -> None:
    """Make the port and its commands."""
    isadev, s = ISA_DEVICE(dev), VMPORT(dev)
    memory_region_init_io(Ptr(s, "io"), OBJECT(s), vmport_ops, s, "vmport", 1)
    assert s.io is not None
    isa_register_ioport(isadev, s.io, 0x5658)
    vmport_statics().port_state = s
    vmport_register(VMPORT_CMD_GETVERSION, vmport_cmd_get_version, None)
    vmport_register(VMPORT_CMD_GETRAMSIZE, vmport_cmd_ram_size, None)
    if s.compat_flags & 1 << VMPORT_COMPAT_CMDS_V2_BIT:
        vmport_register(VMPORT_CMD_GETBIOSUUID, vmport_cmd_get_bios_uuid, None)
        vmport_register(VMPORT_CMD_GETHZ, vmport_cmd_get_hz, None)
        vmport_register(VMPORT_CMD_GET_VCPU_INFO, vmport_cmd_get_vcpu_info, None)


vmport_properties: Final = (
    DEFINE_PROP_BIT("x-read-set-eax", VMPortState, "compat_flags", 0, True),
    DEFINE_PROP_BIT("x-signal-unsupported-cmd", VMPortState, "compat_flags", 1, True),
    DEFINE_PROP_BIT("x-report-vmx-type", VMPortState, "compat_flags", 2, True),
    DEFINE_PROP_BIT("x-cmds-v2", VMPortState, "compat_flags", VMPORT_COMPAT_CMDS_V2_BIT, True),
    DEFINE_PROP_UINT32("vmware-vmx-version", VMPortState, "vmware_vmx_version", 6),
    DEFINE_PROP_UINT8("vmware-vmx-type", VMPortState, "vmware_vmx_type", 2),
)


@emulates
def vmport_class_initfn(klass: ObjectClass, data: Any) -> None:
    """Set what makes a device this port."""
    dc = DEVICE_CLASS(klass)
    dc.realize = vmport_realizefn
    dc.user_creatable = False
    device_class_set_props(dc, vmport_properties)


vmport_info: Final = TypeInfo(name=TYPE_VMPORT, parent=TYPE_ISA_DEVICE, instance=VMPortState, class_init=vmport_class_initfn)


@type_init
@emulates
def vmport_register_types() -> None:
    """Register the type."""
    type_register_static(vmport_info)
