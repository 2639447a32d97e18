"""``-device help`` (softmmu/qdev-monitor.c)."""

from __future__ import annotations

from emu.errors import NotModelled
from emu.qapi.error import Error, error_report_err
from emu.qobject.qjson import qobject_to_json
from emu.qom.object import ObjectProperty, object_class_by_name
from emu.qom.qom_qmp_cmds import qmp_device_list_properties
from emu.softmmu.qdev_monitor.alias import find_typename_by_alias
from emu.trace import emulates, recorder
from emu.util.qemu_option import QemuOpts, is_help_option, qemu_opt_get, qemu_opt_has_help_opt

COLUMN = 24


def object_property_help(prop: ObjectProperty) -> str:
    """Return one line about a property (qom/object_interfaces.c)."""
    text = f"  {prop.name}=<{prop.type}>"
    if prop.description is not None or prop.defval is not None:
        text = f"{text:<{COLUMN}} - "
    if prop.description is not None:
        text += prop.description
    if prop.defval is not None:
        text += f" (default: {qobject_to_json(prop.defval)})"
    return text


@emulates
def qdev_device_help(opts: QemuOpts) -> int:
    """softmmu/qdev-monitor.c. Returns 1 if help was asked for, and prints it or why there is none."""
    driver = qemu_opt_get(opts, "driver")
    if driver is not None and is_help_option(driver):
        raise NotModelled("-device help")

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
    recorder().message("stdout", caption + "".join(f"{line}\n" for line in lines))
    return 1
