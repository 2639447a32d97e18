"""What all local APICs share (hw/intc/apic_common.c, include/hw/i386/apic_internal.h)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from emu.hw.core.machine import current_machine
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, TYPE_DEVICE, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT,
    DEFINE_PROP_BOOL,
    DEFINE_PROP_UINT8,
    device_class_set_props,
    qdev_prop_set_after_realize,
)
from emu.hw.core.sysbus import UNMAPPED, sysbus_create_simple
from emu.migration.savevm import VMStateDescription, vmstate_register_with_alias_id, vmstate_unregister
from emu.qapi.visitor import visit_type_uint32
from emu.qemu.module import type_init
from emu.qom.object import Object, ObjectClass, TypeInfo, object_property_add, type_register_static
from emu.qom.parts import Part, caster, class_getter
from emu.softmmu.memory import MemoryRegion
from emu.trace import Struct, emulates, per_run
from emu.util.qemu_timer import QEMUTimer

if TYPE_CHECKING:
    from emu.target.i386.cpu.structs import X86CPU

TYPE_APIC_COMMON: Final = "apic-common"
APIC_DEFAULT_ADDRESS: Final = 0xFEE00000
APIC_SPACE_SIZE: Final = 0x100000
MSR_IA32_APICBASE_BSP: Final = 1 << 8
MSR_IA32_APICBASE_EXTD: Final = 1 << 10
MSR_IA32_APICBASE_ENABLE: Final = 1 << 11
MSR_IA32_APICBASE_BASE: Final = 0xFFFFF << 12
VAPIC_ENABLE_BIT: Final = 0
VAPIC_ENABLE_MASK: Final = 1
VMSTATE_INSTANCE_ID_ANY: Final = 0xFFFFFFFF


class APICCommonClass(Part):
    """What implementations differ in."""

    SIZE: ClassVar[int] = 272
    realize: Callable[[DeviceState], None] | None = None
    unrealize: Callable[[DeviceState], None] | None = None
    vapic_base_update: Callable[[Any], None] | None = None


class APICCommonState(Part):
    """The interrupt controller of a CPU."""

    SIZE: ClassVar[int] = 688
    io_memory: MemoryRegion | None = None
    cpu: X86CPU | None = None
    apicbase: int = 0
    id: int = 0
    initial_apic_id: int = 0
    version: int = 0
    spurious_vec: int = 0
    dest_mode: int = 0
    timer: QEMUTimer | None = None
    vapic_control: int = 0
    vapic: DeviceState | None = None
    legacy_instance_id: bool = False


class ApicCommonStatics(Struct):
    """The one helper for old Windows that all share."""

    vapic: DeviceState | None = None


apic_common_statics = per_run(ApicCommonStatics)
APIC_COMMON = caster(APICCommonState, TYPE_APIC_COMMON)
APIC_COMMON_CLASS = caster(APICCommonClass, TYPE_APIC_COMMON)
APIC_COMMON_GET_CLASS = class_getter(APICCommonClass)
vmstate_apic_common: Final = VMStateDescription(name="apic", version_id=3, minimum_version_id=3)


@emulates
def apic_reset_common(dev: DeviceState) -> None:
    """Go back to the address and the id of the start."""
    s = APIC_COMMON(dev)
    bsp = s.apicbase & MSR_IA32_APICBASE_BSP
    s.apicbase = APIC_DEFAULT_ADDRESS | bsp | MSR_IA32_APICBASE_ENABLE
    s.id = s.initial_apic_id & 0xFF
    s.spurious_vec = 0xFF
    s.dest_mode = 0xF


@emulates
def apic_common_realize(dev: DeviceState) -> None:
    """Let the implementation realize itself; the first one makes the helper for old Windows."""
    own, s = apic_common_statics(), APIC_COMMON(dev)
    instance_id = s.initial_apic_id
    assert instance_id != VMSTATE_INSTANCE_ID_ANY
    info = APIC_COMMON_GET_CLASS(s)
    assert info.realize is not None
    info.realize(dev)
    if own.vapic is None and s.vapic_control & VAPIC_ENABLE_MASK and current_machine().ram_size >= 1024 * 1024:
        own.vapic = sysbus_create_simple("kvmvapic", UNMAPPED, None)
    s.vapic = own.vapic
    if s.legacy_instance_id:
        instance_id = VMSTATE_INSTANCE_ID_ANY
    vmstate_register_with_alias_id(None, instance_id, vmstate_apic_common, s, -1, 0)


@emulates
def apic_common_unrealize(dev: DeviceState) -> None:
    """Let the implementation unrealize itself."""
    s = APIC_COMMON(dev)
    vmstate_unregister(None, vmstate_apic_common, s)
    info = APIC_COMMON_GET_CLASS(s)
    assert info.unrealize is not None
    info.unrealize(dev)


apic_properties_common: Final = (
    DEFINE_PROP_UINT8("version", APICCommonState, "version", 0x14),
    DEFINE_PROP_BIT("vapic", APICCommonState, "vapic_control", VAPIC_ENABLE_BIT, True),
    DEFINE_PROP_BOOL("legacy-instance-id", APICCommonState, "legacy_instance_id", False),
)


@emulates
def apic_common_get_id(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Read the id."""
    s = APIC_COMMON(obj)
    visit_type_uint32(v, name, s.initial_apic_id if s.apicbase & MSR_IA32_APICBASE_EXTD else s.id)


@emulates
def apic_common_set_id(obj: Object, v: Any, name: str, opaque: Any) -> None:
    """Write the id. Error: the device is realized."""
    s, dev = APIC_COMMON(obj), DEVICE(obj)
    if dev.realized:
        qdev_prop_set_after_realize(dev, name)
    value = visit_type_uint32(v, name, 0)
    s.initial_apic_id = value
    s.id = value & 0xFF


@emulates
def apic_common_initfn(obj: Object) -> None:
    """Start without an id."""
    s = APIC_COMMON(obj)
    s.initial_apic_id = 0xFFFFFFFF
    s.id = 0xFF
    object_property_add(obj, "id", "uint32", apic_common_get_id, apic_common_set_id)


@emulates
def apic_common_class_init(klass: ObjectClass, data: Any) -> None:
    """Set what all share."""
    dc = DEVICE_CLASS(klass)
    dc.reset = apic_reset_common
    device_class_set_props(dc, apic_properties_common)
    dc.realize = apic_common_realize
    dc.unrealize = apic_common_unrealize
    dc.user_creatable = False


apic_common_type: Final = TypeInfo(
    name=TYPE_APIC_COMMON,
    parent=TYPE_DEVICE,
    instance=APICCommonState,
    instance_init=apic_common_initfn,
    class_=APICCommonClass,
    class_init=apic_common_class_init,
    abstract=True,
)


@type_init
@emulates
def apic_common_register_types() -> None:
    """Register the type."""
    type_register_static(apic_common_type)
