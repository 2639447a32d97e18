"""Objects that name the devices below them for the firmware (hw/core/fw-path-provider.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from emu.hw.core.qdev_core import BusState, DeviceState
from emu.qemu.module import type_init
from emu.qom.object import TYPE_INTERFACE, Object, TypeInfo, interface_getter, object_dynamic_cast, type_register_static
from emu.qom.parts import Part
from emu.trace import emulates

TYPE_FW_PATH_PROVIDER: Final = "fw-path-provider"


class FWPathProviderClass(Part):
    """Interface of objects that name devices below them themselves."""

    SIZE: ClassVar[int] = 120
    get_dev_path: Callable[[Any, BusState, DeviceState], str | None] | None = None


FW_PATH_PROVIDER_GET_CLASS = interface_getter(FWPathProviderClass, TYPE_FW_PATH_PROVIDER)


def fw_path_provider_try_get_dev_path(o: Object, bus: BusState, dev: DeviceState) -> str | None:
    """Return the name that an object gives a device, None where it gives none."""
    provider = object_dynamic_cast(o, TYPE_FW_PATH_PROVIDER)
    if provider is None:
        return None
    k = FW_PATH_PROVIDER_GET_CLASS(provider)
    return k.get_dev_path(provider, bus, dev) if k.get_dev_path is not None else None


fw_path_provider_info: Final = TypeInfo(name=TYPE_FW_PATH_PROVIDER, parent=TYPE_INTERFACE, class_=FWPathProviderClass)


@type_init
@emulates
def fw_path_provider_register_types() -> None:
    """Register the interface."""
    type_register_static(fw_path_provider_info)
