"""``-device help`` (softmmu/qdev-monitor.c)."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from emu.hw.core.qdev import DEVICE_CLASS, TYPE_DEVICE, DeviceCategory
from emu.qapi.error import Error, error_report_err
from emu.qom.object import object_class_by_name, object_class_get_list_sorted, object_class_get_name
from emu.qom.object_interfaces import object_property_help
from emu.qom.qom_qmp_cmds import qmp_device_list_properties
from emu.softmmu.qdev_monitor.alias import find_typename_by_alias, qdev_alias_table
from emu.source import installed_program
from emu.trace import emulates
from emu.util.qemu_option import QemuOpts, is_help_option, qemu_opt_get, qemu_opt_has_help_opt
from emu.util.qemu_print import qemu_printf

VERSION: Final = "7.2"


CATEGORIES: Final = {
    DeviceCategory.DEVICE_CATEGORY_BRIDGE: "Controller/Bridge/Hub",
    DeviceCategory.DEVICE_CATEGORY_USB: "USB",
    DeviceCategory.DEVICE_CATEGORY_STORAGE: "Storage",
    DeviceCategory.DEVICE_CATEGORY_NETWORK: "Network",
    DeviceCategory.DEVICE_CATEGORY_INPUT: "Input",
    DeviceCategory.DEVICE_CATEGORY_DISPLAY: "Display",
    DeviceCategory.DEVICE_CATEGORY_SOUND: "Sound",
    DeviceCategory.DEVICE_CATEGORY_MISC: "Misc",
    DeviceCategory.DEVICE_CATEGORY_CPU: "CPU",
    DeviceCategory.DEVICE_CATEGORY_WATCHDOG: "Watchdog",
}


class DeviceInfo(NamedTuple):
    """What ``-device help`` tells of a type."""

    name: str
    bus: str | None
    desc: str | None
    categories: tuple[str, ...]


def device_infos() -> list[DeviceInfo]:
    """Return what ``-device help`` lists: a type that is not modelled as the installed program has it, others by their class."""
    facts: dict[str, dict[str, Any]] = installed_program(VERSION)["devices"]
    infos = []
    for klass in object_class_get_list_sorted(TYPE_DEVICE, False):
        dc, name = DEVICE_CLASS(klass), object_class_get_name(klass)
        if klass.type.modelled and dc.user_creatable:
            found = tuple(text for bit, text in CATEGORIES.items() if dc.categories >> bit & 1)
            infos.append(DeviceInfo(name, dc.bus_type, dc.desc, found))
        facts = {key: row for key, row in facts.items() if key != name or not klass.type.modelled}
    infos += [DeviceInfo(name, row["bus"], row["desc"], tuple(row["categories"])) for name, row in facts.items()]
    return sorted(infos, key=lambda info: info.name.lower())


@emulates
def qdev_print_devinfo(dc: DeviceInfo) -> None:
    """softmmu/qdev-monitor.c. One line."""
    alias = next((alias for name, alias in qdev_alias_table if name == dc.name), None)
    text = f'name "{dc.name}"'
    text += f", bus {dc.bus}" if dc.bus is not None else ""
    text += f', alias "{alias}"' if alias is not None else ""
    text += f', desc "{dc.desc}"' if dc.desc is not None else ""
    qemu_printf(f"{text}\n")


@emulates
def qdev_print_devinfos(show_no_user: bool) -> None:
    """softmmu/qdev-monitor.c. All types that a user can make, by category."""
    assert not show_no_user
    infos = device_infos()
    for i, category in enumerate((*CATEGORIES.values(), None)):
        chosen = [info for info in infos if (category in info.categories if category else not info.categories)]
        if chosen:
            gap = "\n" if i else ""
            qemu_printf(f"{gap}{category or 'Uncategorized'} devices:\n")
        for info in chosen:
            qdev_print_devinfo(info)


@emulates
def qdev_device_help(opts: QemuOpts) -> int:
    """softmmu/qdev-monitor.c. Returns 1 if help was asked for, and prints it or why there is none."""
    driver = qemu_opt_get(opts, "driver")
    if driver is not None and is_help_option(driver):
        qdev_print_devinfos(False)
        return 1

    if driver is None or not qemu_opt_has_help_opt(opts):
        return 0

    if object_class_by_name(driver) is None:
        driver = find_typename_by_alias(driver) or driver

    try:
        prop_list = qmp_device_list_properties(driver)
    except Error as err:
        error_report_err(err)
        return 1

    caption = f"{driver} options:\n" if prop_list else f"There are no options for {driver}.\n"
    lines = sorted((object_property_help(prop) for prop in prop_list), key=str.encode)
    qemu_printf(caption + "".join(f"{line}\n" for line in lines))
    return 1
