"""The spine of a start: ``qemu_init`` from the command line to the machine that stands ready (softmmu/vl.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emu.accel.accel_softmmu import accel_setup_post
from emu.blockdev import drive_check_orphaned
from emu.cpu import parse_cpu_option
from emu.errors import NotModelled, QemuExit
from emu.host import host
from emu.hw.core.loader import rom_reset_order_override, rom_set_order_override
from emu.hw.core.machine import (
    MACHINE_GET_CLASS,
    current_machine,
    machine_run_board_init,
    qdev_machine_creation_done,
)
from emu.hw.core.numa import parse_numa_opts
from emu.hw.core.qdev import MachineInitPhase, phase_advance, phase_check
from emu.hw.core.qdev_properties import qdev_prop_check_globals
from emu.net.net.startup import net_check_clients
from emu.qapi.error import error_fatal, error_setg
from emu.qemu_options import QEMU_ARCH_I386
from emu.qobject.qdict import QDict, qdict_get, qdict_get_try_str, qdict_new
from emu.qom.object import OBJECT, object_register_sugar_prop, object_unref
from emu.softmmu.cpus import vm_start
from emu.softmmu.globals import VGA_NONE, globals_c
from emu.softmmu.qdev_monitor import qdev_device_add, qdev_device_add_from_qdict
from emu.softmmu.qdev_monitor.help import qdev_device_help
from emu.softmmu.qemu_seccomp import parse_sandbox, seccomp_c
from emu.softmmu.qtest import qtest_enabled
from emu.softmmu.rtc import configure_rtc
from emu.softmmu.runstate import qemu_init_subsystems
from emu.softmmu.runstate_action import qmp_marshal_set_action
from emu.softmmu.vl.accelerators import configure_accelerators
from emu.softmmu.vl.backends import (
    object_create_pre_sandbox,
    qemu_create_early_backends,
    qemu_create_late_backends,
    qemu_resolve_machine_memdev,
)
from emu.softmmu.vl.config import parse_name, qemu_read_default_config_file, user_register_global_props
from emu.softmmu.vl.defaults import qemu_create_default_devices, qemu_disable_default_devices
from emu.softmmu.vl.drives import HD_OPTS, drive_add
from emu.softmmu.vl.groups import LATER, add_groups, refuse_unmodelled
from emu.softmmu.vl.machine import (
    parse_memory_options,
    qemu_apply_legacy_machine_options,
    qemu_apply_machine_options,
    qemu_create_machine,
)
from emu.softmmu.vl.objects import object_option_foreach_add
from emu.softmmu.vl.options import handle_option, lookup_opt
from emu.softmmu.vl.structs import vl_c
from emu.trace import emulates
from emu.util.error_report import (
    error_init,
    error_report,
    loc_pop,
    loc_push_restore,
    loc_set_cmdline,
    loc_set_none,
    warn_report,
)
from emu.util.qemu_config import qemu_add_opts, qemu_find_opts, qemu_find_opts_singleton
from emu.util.qemu_option import QemuOpts, is_help_option, qemu_opts_foreach, qemu_opts_to_qdict

ARGV0: Final = "qemu-system-x86_64"
FW_CFG_ORDER_OVERRIDE_DEVICE: Final = 110


@emulates
def device_help_func(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c. One ``-device``, if it asks for help."""
    return qdev_device_help(opts)


@emulates
def device_init_func(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c. One ``-device``. Error: it cannot be made."""
    dev = qdev_device_add(opts)
    if dev:
        object_unref(OBJECT(dev))
    return 0


@emulates
def qemu_validate_options(machine_opts: QDict) -> None:
    """softmmu/vl.c. Exits if options do not go together; those in question are not modelled."""
    if qdict_get_try_str(machine_opts, "kernel") is None:
        if qdict_get_try_str(machine_opts, "append") is not None:
            error_report("-append only allowed with -kernel option")
            raise QemuExit(1)

        if qdict_get_try_str(machine_opts, "initrd") is not None:
            error_report("-initrd only allowed with -kernel option")
            raise QemuExit(1)


@emulates
def qemu_process_sugar_options() -> None:
    """softmmu/vl.c. ``-mem-prealloc`` stands for properties of the memory."""
    own = vl_c()
    if own.mem_prealloc:
        smp = qdict_get(own.machine_opts_dict, "smp")
        if isinstance(smp, QDict):
            cpus = qdict_get(smp, "cpus")
            if isinstance(cpus, str):
                object_register_sugar_prop("memory-backend", "prealloc-threads", cpus, False)
        object_register_sugar_prop("memory-backend", "prealloc", "on", False)


@emulates
def process_runstate_actions(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c. One ``-action``. Error: an action that there is not."""
    qmp_marshal_set_action(qemu_opts_to_qdict(opts, None))
    return 0


@emulates
def qemu_process_early_options() -> None:
    """softmmu/vl.c. What affects everything else: name, actions."""
    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("name"), parse_name, None)

    with error_fatal():
        qemu_opts_foreach(seccomp_c().opts, parse_sandbox, None)

    object_option_foreach_add(object_create_pre_sandbox)

    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("action"), process_runstate_actions, None)


@emulates
def qemu_process_help_options() -> None:
    """softmmu/vl.c. ``-cpu help`` and ``-device help`` need no machine; exits after them."""
    cpu_option = vl_c().cpu_option
    if cpu_option is not None and is_help_option(cpu_option):
        raise NotModelled("-cpu help")

    if qemu_opts_foreach(qemu_find_opts("device"), device_help_func, None):
        raise QemuExit(0)


@emulates
def qemu_maybe_daemonize(pid_file: str | None) -> None:
    """softmmu/vl.c. Writes the file of ``-pidfile``."""
    if pid_file is not None:
        host().files[pid_file] = "file"


@emulates(file="util/main-loop.c", modelled=False)
def qemu_init_main_loop() -> None:
    """Makes the main loop (util/main-loop.c), which is not run."""


@emulates(file="softmmu/cpu-timers.c", modelled=False)
def cpu_timers_init() -> None:
    """Sets up the guest's clocks (softmmu/cpu-timers.c), which stand still."""


@emulates(file="migration/migration.c", modelled=False)
def migration_object_init() -> None:
    """Makes the object that migration is steered by (migration/migration.c)."""


@emulates(modelled=False)
def qemu_init_displays() -> None:
    """softmmu/vl.c. Opens the windows."""


@emulates
def qemu_init_board() -> None:
    """softmmu/vl.c. Lets the board make everything on it."""
    with error_fatal():
        machine_run_board_init(current_machine(), vl_c().mem_path)

    drive_check_orphaned()


@emulates(file="hw/audio/soundhw.c", modelled=False)
def soundhw_init() -> None:
    """Makes the sound cards of ``-audio`` (hw/audio/soundhw.c), which is not modelled."""


@emulates
def parse_fw_cfg(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c. One ``-fw_cfg``, which is not modelled."""
    raise NotModelled("-fw_cfg")


@emulates
def qemu_create_cli_devices() -> None:
    """softmmu/vl.c. Makes every ``-device``: those of ``key=value`` first, then those in JSON."""
    soundhw_init()

    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("fw_cfg"), parse_fw_cfg, None)

    rom_set_order_override(FW_CFG_ORDER_OVERRIDE_DEVICE)
    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("device"), device_init_func, None)
    for opt in vl_c().device_opts:
        loc_push_restore(opt.loc)
        with error_fatal():
            dev = qdev_device_add_from_qdict(opt.opts, True)
        if dev:
            object_unref(OBJECT(dev))
        loc_pop(opt.loc)
    rom_reset_order_override()


@emulates
def qemu_machine_creation_done() -> None:
    """softmmu/vl.c. Last checks, then the machine is complete and is reset."""
    own = vl_c()

    drive_check_orphaned()

    # The default network is not worth a warning: nobody asked for it.
    if not own.default_net and (not qtest_enabled() or own.has_defaults):
        net_check_clients()

    qdev_prop_check_globals()

    qdev_machine_creation_done()

    if not globals_c().vga_interface_created and not own.default_vga and globals_c().vga_interface_type != VGA_NONE:
        warn_report("A -vga option was passed but this machine type does not use that option; No VGA device has been created")


@emulates(file="monitor/qmp-cmds.c")
def qmp_cont() -> None:
    """Lets the machine run (monitor/qmp-cmds.c)."""
    vm_start()


@emulates
def qmp_x_exit_preconfig() -> None:
    """softmmu/vl.c. Builds the machine. Error: it is built already."""
    if phase_check(MachineInitPhase.PHASE_MACHINE_INITIALIZED):
        error_setg("The command is permitted only before machine initialization")

    qemu_init_board()
    qemu_create_cli_devices()
    qemu_machine_creation_done()

    if globals_c().autostart:
        qmp_cont()


def _first_pass(argv: Sequence[str]) -> bool:
    """Look every option up; return whether configuration files are to be read."""
    userconfig = True
    optind = 1
    while optind < len(argv):
        if not argv[optind].startswith("-"):
            optind += 1
            continue
        popt, _, optind = lookup_opt(argv, optind)
        if popt.index == "nouserconfig":
            userconfig = False
    return userconfig


def _second_pass(argv: Sequence[str]) -> None:
    """Do what each option says."""
    optind = 1
    while optind < len(argv):
        if not argv[optind].startswith("-"):
            loc_set_cmdline(argv, optind, 1)
            drive_add(argv[optind], HD_OPTS)
            optind += 1
            continue
        popt, optarg, optind = lookup_opt(argv, optind)
        if not popt.arch_mask & QEMU_ARCH_I386:
            error_report("Option not supported for this target")
            raise QemuExit(1)
        handle_option(popt, optarg)


@emulates
def qemu_init(argv: Sequence[str]) -> None:
    """softmmu/vl.c. ``argv`` without the program's own name. QemuExit: the program ends; else the machine stands ready."""
    argv = (ARGV0, *argv)

    add_groups()
    for group in LATER:
        qemu_add_opts(group())

    error_init(argv[0])

    qemu_init_subsystems()

    userconfig = _first_pass(argv)

    own = vl_c()
    own.machine_opts_dict = qdict_new()
    if userconfig:
        with error_fatal():
            qemu_read_default_config_file()

    _second_pass(argv)
    # The loop's location is of no use from here on.
    loc_set_none()
    refuse_unmodelled()

    qemu_validate_options(own.machine_opts_dict)
    qemu_process_sugar_options()

    qemu_process_early_options()

    qemu_process_help_options()
    qemu_maybe_daemonize(own.pid_file)

    qemu_init_main_loop()
    cpu_timers_init()

    user_register_global_props()

    configure_rtc(qemu_find_opts_singleton("rtc"))

    # What other options say about the machine becomes options of the machine.
    parse_memory_options()

    qemu_create_machine(own.machine_opts_dict)

    qemu_disable_default_devices()
    qemu_create_default_devices()
    qemu_create_early_backends()

    qemu_apply_legacy_machine_options(own.machine_opts_dict)
    qemu_apply_machine_options(own.machine_opts_dict)
    phase_advance(MachineInitPhase.PHASE_MACHINE_CREATED)

    configure_accelerators(argv[0])
    phase_advance(MachineInitPhase.PHASE_ACCEL_CREATED)

    # Objects made before this point get no global and compatibility properties.

    machine_class = MACHINE_GET_CLASS(current_machine())
    if not qtest_enabled() and machine_class.deprecation_reason is not None:
        warn_report(f"Machine type '{machine_class.name}' is deprecated: {machine_class.deprecation_reason}")

    migration_object_init()

    qemu_create_late_backends()

    current_machine().cpu_type = machine_class.default_cpu_type
    if own.cpu_option is not None:
        current_machine().cpu_type = parse_cpu_option(own.cpu_option)

    qemu_resolve_machine_memdev()
    parse_numa_opts(current_machine())

    with error_fatal():
        qmp_x_exit_preconfig()
    qemu_init_displays()
    accel_setup_post(current_machine())
