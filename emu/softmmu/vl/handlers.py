"""What each option of the command line does, by index (the ``switch`` of qemu_init, softmmu/vl.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.accel.accel_common import ACCEL_CLASS_SUFFIX, TYPE_ACCEL, accel_find
from emu.errors import NotModelled, QemuExit
from emu.migration.savevm import savevm_state
from emu.net.net.startup import net_client_parse, netdev_is_modern, netdev_parse_modern
from emu.qapi.error import error_abort, error_fatal
from emu.qapi.qapi_types_ui import DisplayType, visit_type_DisplayOptions
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new_str
from emu.qobject.qdict import QDict, qdict_put_str
from emu.qobject.qjson import qobject_from_json
from emu.qom.object import object_class_get_list, object_class_get_name
from emu.softmmu.globals import globals_c
from emu.softmmu.qdev_monitor import qemu_global_option
from emu.softmmu.vl.config import qemu_parse_config_group, qemu_set_option
from emu.softmmu.vl.machine import machine_help_func, machine_parse_property_opt
from emu.softmmu.vl.monitors import add_device_config, monitor_parse
from emu.softmmu.vl.objects import object_option_parse
from emu.softmmu.vl.structs import DEV_PARALLEL, DEV_SERIAL, DeviceOption, vl_c
from emu.softmmu.vl.sundry import SUNDRY
from emu.trace import emulates, recorder
from emu.util.cutils import qemu_strtou64, strtoll
from emu.util.error_report import error_report, error_report_state, loc_save
from emu.util.keyval import keyval_parse_into
from emu.util.qemu_config import qemu_find_opts, qemu_read_config_file
from emu.util.qemu_option import (
    QemuOpts,
    is_help_option,
    qemu_opt_get,
    qemu_opt_get_bool,
    qemu_opt_set,
    qemu_opts_create,
    qemu_opts_parse_noisily,
)
from emu.util.uuid import qemu_uuid_parse

Handler = Callable[[str], None]

VERSION_TEXT: Final = {
    "7.2": "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\n"
    "Copyright (c) 2003-2022 Fabrice Bellard and the QEMU Project developers\n",
}


def _parse(group: str, optarg: str, permit_abbrev: bool) -> QemuOpts:
    list_ = qemu_find_opts(group)
    opts = qemu_opts_parse_noisily(list_, optarg, permit_abbrev)
    if opts is None:
        raise QemuExit(1)
    return opts


def _into(group: str, permit_abbrev: bool) -> Handler:
    """Return the handler of an option that only fills a group."""

    def handle(optarg: str) -> None:
        _parse(group, optarg, permit_abbrev)

    return handle


def _machine_opt(key: str, value: str) -> Handler:
    """Return the handler of an option that stands for a property of the machine."""

    def handle(optarg: str) -> None:
        qdict_put_str(vl_c().machine_opts_dict, key, value)

    return handle


def _keep(field: str) -> Handler:
    """Return the handler of an option whose argument is kept."""

    def handle(optarg: str) -> None:
        setattr(vl_c(), field, optarg)

    return handle


@emulates
def parse_display_qapi(optarg: str) -> None:
    """softmmu/vl.c. ``-display`` by its schema; exits after a message."""
    dpy = vl_c().dpy
    with error_fatal():
        v = qobject_input_visitor_new_str(optarg, "type")
        opts = visit_type_DisplayOptions(v, None)
    for field in ("type", "full_screen", "window_close", "show_cursor", "gl"):
        value = getattr(opts, field)
        if value is not None:
            setattr(dpy, field, value)


@emulates
def parse_display(p: str) -> None:
    """softmmu/vl.c."""
    if is_help_option(p):
        raise NotModelled("-display help")

    if p.startswith("vnc"):
        if p.startswith("vnc="):
            raise NotModelled("-display vnc")
        error_report("VNC requires a display argument vnc=<display>")
        raise QemuExit(1)
    parse_display_qapi(p)


def _set(optarg: str) -> None:
    with error_fatal():
        qemu_set_option(optarg)


def _global(optarg: str) -> None:
    if qemu_global_option(optarg) != 0:
        raise QemuExit(1)


def _nographic(optarg: str) -> None:
    qdict_put_str(vl_c().machine_opts_dict, "graphics", "off")
    vl_c().nographic = True
    vl_c().dpy.type = DisplayType.NONE


def _rotate(optarg: str) -> None:
    if strtoll(optarg, 10).value not in {0, 90, 180, 270}:
        error_report("only 90, 180, 270 deg rotation is available")
        raise QemuExit(1)


def _boot(optarg: str) -> None:
    list_ = qemu_find_opts("boot-opts")
    machine_parse_property_opt(list_, "boot", optarg)


def _smp(optarg: str) -> None:
    list_ = qemu_find_opts("smp-opts")
    machine_parse_property_opt(list_, "smp", optarg)


def _no_fd_bootchk(optarg: str) -> None:
    globals_c().fd_bootchk = 0


def _netdev(optarg: str) -> None:
    vl_c().default_net = False
    if netdev_is_modern(optarg):
        netdev_parse_modern(optarg)
    else:
        _client("netdev", optarg)


def _client(group: str, optarg: str) -> None:
    list_ = qemu_find_opts(group)
    net_client_parse(list_, optarg)


def _nic(optarg: str) -> None:
    vl_c().default_net = False
    _client("nic", optarg)


def _net(optarg: str) -> None:
    vl_c().default_net = False
    _client("net", optarg)


def _version(optarg: str) -> None:
    recorder().message("stdout", VERSION_TEXT["7.2"])
    raise QemuExit(0)


def _mem_prealloc(optarg: str) -> None:
    vl_c().mem_prealloc = True


def _seed(optarg: str) -> None:
    number = qemu_strtou64(optarg, 0)
    if number.err or optarg.lstrip().startswith("-"):
        error_report(f"Invalid seed number: {optarg}")
        raise QemuExit(1)


def _stopped(optarg: str) -> None:
    globals_c().autostart = 0


def _vga(optarg: str) -> None:
    vl_c().vga_model = optarg
    vl_c().default_vga = False


def _echr(optarg: str) -> None:
    if strtoll(optarg, 0).end == 0:
        recorder().message("stdout", "Bad argument to echr\n")


def _monitor(optarg: str) -> None:
    vl_c().default_monitor = False
    if not optarg.startswith("none"):
        monitor_parse(optarg, "readline", False)


def _qmp(optarg: str) -> None:
    monitor_parse(optarg, "control", False)
    vl_c().default_monitor = False


def _qmp_pretty(optarg: str) -> None:
    monitor_parse(optarg, "control", True)
    vl_c().default_monitor = False


def _mon(optarg: str) -> None:
    _parse("mon", optarg, True)
    vl_c().default_monitor = False


def _serial(optarg: str) -> None:
    add_device_config(DEV_SERIAL, optarg)
    vl_c().default_serial = False
    if optarg.startswith("mon:"):
        vl_c().default_monitor = False


def _parallel(optarg: str) -> None:
    add_device_config(DEV_PARALLEL, optarg)
    vl_c().default_parallel = False
    if optarg.startswith("mon:"):
        vl_c().default_monitor = False


def _watchdog_action(optarg: str) -> None:
    list_ = qemu_find_opts("action")
    with error_abort():
        qemu_opt_set(qemu_opts_create(list_, None, False), "watchdog", optarg)


def _action(optarg: str) -> Handler:
    def handle(_: str) -> None:
        _parse("action", optarg, False)

    return handle


def _machine(optarg: str) -> None:
    own = vl_c()
    with error_fatal():
        help = keyval_parse_into(own.machine_opts_dict, optarg, "type", allow_help=True)
    if help:
        machine_help_func(own.machine_opts_dict)
        raise QemuExit(0)


def _accel(optarg: str) -> None:
    list_ = qemu_find_opts("accel")
    name = qemu_opt_get(qemu_opts_parse_noisily(list_, optarg, True), "accel")
    if name is None or is_help_option(name):
        # The type table has no KVM, which Debian's program has; the test accelerator is left out as there.
        types = [object_class_get_name(klass) for klass in object_class_get_list(TYPE_ACCEL, False)]
        names = [t.removesuffix(ACCEL_CLASS_SUFFIX) for t in types if t.endswith(ACCEL_CLASS_SUFFIX) and t != "qtest-accel"]
        text = "".join(f"{each}\n" for each in (*names, "kvm"))
        recorder().message("stdout", f"Accelerators supported in QEMU binary:\n{text}")
        raise QemuExit(0)


def _device(optarg: str) -> None:
    if optarg.startswith("{"):
        with error_fatal():
            obj = qobject_from_json(optarg)
        assert isinstance(obj, QDict)
        vl_c().device_opts.append(DeviceOption(opts=obj, loc=loc_save()))
    else:
        _parse("device", optarg, True)


def _uuid(optarg: str) -> None:
    if qemu_uuid_parse(optarg, globals_c().qemu_uuid) < 0:
        error_report("failed to parse UUID string: wrong format")
        raise QemuExit(1)
    globals_c().qemu_uuid_set = True


def _name(optarg: str) -> None:
    error_report_state().guest_name = qemu_opt_get(_parse("name", optarg, True), "guest")


def _xen(optarg: str) -> None:
    if not accel_find("xen"):
        error_report("Option not supported for this target")
        raise QemuExit(1)


def _only_migratable(optarg: str) -> None:
    savevm_state().only_migratable = True


def _nodefaults(optarg: str) -> None:
    vl_c().has_defaults = False


def _readconfig(optarg: str) -> None:
    with error_fatal():
        qemu_read_config_file(optarg, qemu_parse_config_group)


def _overcommit(optarg: str) -> None:
    opts = _parse("overcommit", optarg, False)
    globals_c().enable_mlock = qemu_opt_get_bool(opts, "mem-lock", False)
    globals_c().enable_cpu_pm = qemu_opt_get_bool(opts, "cpu-pm", False)


def _msg(optarg: str) -> None:
    opts = _parse("msg", optarg, False)
    if qemu_opt_get_bool(opts, "timestamp", False):
        raise NotModelled("-msg timestamp")
    error_report_state().error_with_guestname = qemu_opt_get_bool(opts, "guest-name", False)


HANDLERS: Final[dict[str, Handler]] = {
    "cpu": _keep("cpu_option"),
    **SUNDRY,
    "set": _set,
    "global": _global,
    "display": parse_display,
    "nographic": _nographic,
    "rotate": _rotate,
    "boot": _boot,
    "no_fd_bootchk": _no_fd_bootchk,
    "netdev": _netdev,
    "nic": _nic,
    "net": _net,
    "version": _version,
    "m": _into("memory", True),
    "mempath": _keep("mem_path"),
    "mem_prealloc": _mem_prealloc,
    "seed": _seed,
    "S": _stopped,
    "vga": _vga,
    "echr": _echr,
    "monitor": _monitor,
    "qmp": _qmp,
    "qmp_pretty": _qmp_pretty,
    "mon": _mon,
    "chardev": _into("chardev", True),
    "serial": _serial,
    "action": _into("action", False),
    "watchdog_action": _watchdog_action,
    "parallel": _parallel,
    "pidfile": _keep("pid_file"),
    "enable_kvm": _machine_opt("accel", "kvm"),
    "M": _machine,
    "machine": _machine,
    "accel": _accel,
    "usb": _machine_opt("usb", "on"),
    "device": _device,
    "smp": _smp,
    "numa": _into("numa", True),
    "no_acpi": _machine_opt("acpi", "off"),
    "no_hpet": _machine_opt("hpet", "off"),
    "no_reboot": _action("reboot=shutdown"),
    "no_shutdown": _action("shutdown=pause"),
    "uuid": _uuid,
    "name": _name,
    "rtc": _into("rtc", False),
    "only_migratable": _only_migratable,
    "nodefaults": _nodefaults,
    "xen_domid": _xen,
    "xen_attach": _xen,
    "xen_domid_restrict": _xen,
    "readconfig": _readconfig,
    "object": object_option_parse,
    "qtest": _keep("qtest_chrdev"),
    "qtest_log": _keep("qtest_log"),
    "overcommit": _overcommit,
    "msg": _msg,
}
"""What each option does in the second pass, by index."""
