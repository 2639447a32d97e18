"""What the command line asks of the host, before and after the machine's options are known (softmmu/vl.c)."""

from __future__ import annotations

from typing import Final

from emu.blockdev import BlockInterfaceType, drive_get_by_index, drive_new, override_max_devs
from emu.errors import QemuExit
from emu.hw.core.machine import MACHINE_GET_CLASS, MachineClass, current_machine
from emu.net.net.startup import net_init_clients
from emu.qapi.error import error_fatal
from emu.qapi.qapi_types_ui import DisplayGLMode, DisplayType
from emu.qom.object import (
    OBJECT,
    object_property_get_uint,
    object_property_set_link,
    object_resolve_path_type,
)
from emu.softmmu.vl.drives import open_drives
from emu.softmmu.vl.monitors import chardev_init_func, foreach_device_config, mon_init_func, parallel_parse, serial_parse
from emu.softmmu.vl.objects import object_option_foreach_add
from emu.softmmu.vl.structs import DEV_PARALLEL, DEV_SERIAL, vl_c
from emu.trace import emulates
from emu.ui.console import qemu_console_early_init
from emu.util.error_report import error_report
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import qemu_opts_foreach

WITH_WINDOW: Final = (DisplayType.GTK, DisplayType.SDL)
WITH_OPENGL: Final = (DisplayType.GTK, DisplayType.SDL, DisplayType.EGL_HEADLESS, DisplayType.SPICE_APP, DisplayType.DBUS)


@emulates
def object_create_pre_sandbox(type: str) -> bool:
    """softmmu/vl.c. Objects of ``-object`` that are made before anything else."""
    return type == "thread-context"


@emulates
def object_create_early(type: str) -> bool:
    """softmmu/vl.c. Objects that need nothing of the rest."""
    late = (
        "rng-egd",
        "qtest",
        "cryptodev-vhost-user",
        "vhost-user-blk-server",
        "filter-buffer",
        "filter-dump",
        "filter-mirror",
        "filter-redirector",
        "colo-compare",
        "filter-rewriter",
        "filter-replay",
    )
    return not object_create_pre_sandbox(type) and type not in late and not type.startswith("memory-backend-")


@emulates
def object_create_late(type: str) -> bool:
    """softmmu/vl.c. Objects that need character devices, network clients or much memory."""
    return not object_create_early(type) and not object_create_pre_sandbox(type)


@emulates
def default_drive(enable: bool, snapshot: int, type: int, index: int, optstr: str) -> None:
    """softmmu/vl.c. An empty drive, unless there is one."""
    if not enable or drive_get_by_index(type, index):
        return

    dinfo = drive_new(type, index, optstr == "media=cdrom")
    dinfo.is_default = True


@emulates
def configure_blockdev(machine_class: MachineClass, snapshot: int) -> None:
    """softmmu/vl.c. The default drives; ``-drive`` and its like are not modelled."""
    own = vl_c()
    if machine_class.units_per_default_bus:
        override_max_devs(machine_class.block_default_type, machine_class.units_per_default_bus)

    open_drives()

    default_drive(own.default_cdrom, snapshot, machine_class.block_default_type, 2, "media=cdrom")
    default_drive(own.default_floppy, snapshot, BlockInterfaceType.IF_FLOPPY, 0, "")
    default_drive(own.default_sdcard, snapshot, BlockInterfaceType.IF_SD, 0, "")


@emulates
def qemu_create_early_backends() -> None:
    """softmmu/vl.c. What the machine's properties may refer to: character devices, drives. Exits after a message."""
    own = vl_c()
    machine_class = MACHINE_GET_CLASS(current_machine())

    if own.dpy.has_window_close and own.dpy.type not in WITH_WINDOW:
        error_report("window-close is only valid for GTK and SDL, ignoring option")

    qemu_console_early_init()

    gl = own.dpy.gl
    if gl is not None and gl != DisplayGLMode.OFF and own.dpy.type not in WITH_OPENGL:
        error_report("OpenGL is not supported by the display")
        raise QemuExit(1)

    object_option_foreach_add(object_create_early)

    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("chardev"), chardev_init_func, None)

    configure_blockdev(machine_class, 0)


@emulates
def qemu_create_late_backends() -> None:
    """softmmu/vl.c. Network clients, monitors, ports. Exits after a message."""
    own = vl_c()
    if own.qtest_chrdev is not None:
        from emu.softmmu.qtest.server import qtest_server_init

        with error_fatal():
            qtest_server_init(own.qtest_chrdev, own.qtest_log)

    net_init_clients()

    object_option_foreach_add(object_create_late)

    with error_fatal():
        qemu_opts_foreach(qemu_find_opts("mon"), mon_init_func, None)

    if foreach_device_config(DEV_SERIAL, serial_parse) < 0:
        raise QemuExit(1)
    if foreach_device_config(DEV_PARALLEL, parallel_parse) < 0:
        raise QemuExit(1)


@emulates
def qemu_resolve_machine_memdev() -> None:
    """softmmu/vl.c. Finds the memory of ``-machine memory-backend=``; exits if it is not there."""
    own = vl_c()
    if own.ram_memdev_id is not None:
        backend, _ = object_resolve_path_type(own.ram_memdev_id, "memory-backend")
        if not backend:
            error_report(f"Memory backend '{own.ram_memdev_id}' not found")
            raise QemuExit(1)
        if not own.have_custom_ram_size:
            current_machine().ram_size = object_property_get_uint(backend, "size")
        with error_fatal():
            object_property_set_link(OBJECT(current_machine()), "memory-backend", backend)
