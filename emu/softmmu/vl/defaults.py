"""Devices that are there unless the command line says otherwise (softmmu/vl.c)."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from emu.errors import QemuExit
from emu.hw.core.machine import MACHINE_GET_CLASS, MachineClass, current_machine
from emu.qapi.error import error_abort
from emu.qapi.qapi_types_ui import DisplayType
from emu.qobject.qdict import qdict_get_try_str
from emu.qom.object import module_object_class_by_name
from emu.softmmu.globals import (
    VGA_CG3,
    VGA_CIRRUS,
    VGA_DEVICE,
    VGA_NONE,
    VGA_QXL,
    VGA_STD,
    VGA_TCX,
    VGA_VIRTIO,
    VGA_VMWARE,
    globals_c,
)
from emu.softmmu.vl.monitors import add_device_config, monitor_parse
from emu.softmmu.vl.structs import DEV_PARALLEL, DEV_SERIAL, vl_c
from emu.source import beyond_recorded
from emu.trace import emulates, recorder
from emu.util.error_report import error_report
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import QemuOpts, qemu_opt_get, qemu_opts_foreach, qemu_opts_parse

default_list: Final = {
    "isa-serial": "default_serial",
    "isa-parallel": "default_parallel",
    "isa-fdc": "default_floppy",
    "floppy": "default_floppy",
    "ide-cd": "default_cdrom",
    "ide-hd": "default_cdrom",
    "scsi-cd": "default_cdrom",
    "scsi-hd": "default_cdrom",
    "VGA": "default_vga",
    "isa-vga": "default_vga",
    "cirrus-vga": "default_vga",
    "isa-cirrus-vga": "default_vga",
    "vmware-svga": "default_vga",
    "qxl-vga": "default_vga",
    "virtio-vga": "default_vga",
    "ati-vga": "default_vga",
    "vhost-user-vga": "default_vga",
    "virtio-vga-gl": "default_vga",
}
"""Types whose explicit use turns a default off."""


class VGAInterfaceInfo(NamedTuple):
    """A kind of ``-vga`` (softmmu/vl.c). No class names: always there."""

    type: int
    opt_name: str
    name: str
    class_names: tuple[str, ...] = ()


vga_interfaces: Final = (
    VGAInterfaceInfo(VGA_NONE, "none", "no graphic card"),
    VGAInterfaceInfo(VGA_STD, "std", "standard VGA", ("VGA", "isa-vga")),
    VGAInterfaceInfo(VGA_CIRRUS, "cirrus", "Cirrus VGA", ("cirrus-vga", "isa-cirrus-vga")),
    VGAInterfaceInfo(VGA_VMWARE, "vmware", "VMWare SVGA", ("vmware-svga",)),
    VGAInterfaceInfo(VGA_QXL, "qxl", "QXL VGA", ("qxl-vga",)),
    VGAInterfaceInfo(VGA_TCX, "tcx", "TCX framebuffer", ("sun-tcx",)),
    VGAInterfaceInfo(VGA_CG3, "cg3", "CG3 framebuffer", ("cgthree",)),
    VGAInterfaceInfo(VGA_VIRTIO, "virtio", "Virtio VGA", ("virtio-vga",)),
)


@emulates
def default_driver_disable(driver: str | None) -> None:
    """softmmu/vl.c. A device that is named takes the place of the default one."""
    if driver is None:
        return

    flag = default_list.get(driver)
    if flag is not None:
        setattr(vl_c(), flag, False)


@emulates
def default_driver_check(opaque: Any, opts: QemuOpts) -> int:
    """softmmu/vl.c."""
    default_driver_disable(qemu_opt_get(opts, "driver"))
    return 0


@emulates
def default_driver_check_json() -> None:
    """softmmu/vl.c."""
    for opt in vl_c().device_opts:
        default_driver_disable(qdict_get_try_str(opt.opts, "driver"))


def vga_interface_available(ti: VGAInterfaceInfo) -> bool:
    """Tell whether there is a card of this kind (softmmu/vl.c)."""
    if not ti.class_names:
        return True
    for name in ti.class_names:
        if module_object_class_by_name(name) or beyond_recorded("7.2", name):
            return True
    if len(ti.class_names) == 1:
        error_report("type is NULL")  # the second of two names is looked up although there is none
    return False


def get_default_vga_model(machine_class: MachineClass) -> str | None:
    """Return the kind of card that goes without saying (softmmu/vl.c)."""
    if machine_class.default_display is not None:
        return machine_class.default_display
    for name in ("cirrus", "std"):
        if any(ti.opt_name == name and vga_interface_available(ti) for ti in vga_interfaces):
            return name

    return None


@emulates
def select_vgahw(machine_class: MachineClass, p: str) -> None:
    """softmmu/vl.c. ``-vga``; exits after ``help`` or a message."""
    if p == "help":
        default = get_default_vga_model(machine_class)
        text = "".join(
            f"{ti.opt_name:<20} {ti.name}{' (default)' if ti.opt_name == default else ''}\n"
            for ti in vga_interfaces
            if vga_interface_available(ti)
        )
        recorder().message("stdout", text)
        raise QemuExit(0)

    ti = next((ti for ti in vga_interfaces if p.startswith(ti.opt_name)), None)
    if ti is not None and not vga_interface_available(ti):
        error_report(f"{ti.name} not available")
        raise QemuExit(1)
    opts = "" if ti is None else p[len(ti.opt_name) :]
    while opts.startswith((",retrace=dumb", ",retrace=precise")):
        opts = opts.removeprefix(",retrace=").removeprefix("dumb").removeprefix("precise")
    if ti is None or opts:
        error_report(f"unknown vga type: {p}")
        raise QemuExit(1)
    globals_c().vga_interface_type = ti.type


@emulates
def qemu_disable_default_devices() -> None:
    """softmmu/vl.c. Turns defaults off that the command line replaces or the machine has no place for."""
    own = vl_c()
    machine_class = MACHINE_GET_CLASS(current_machine())

    default_driver_check_json()
    for group in ("device", "global"):
        qemu_opts_foreach(qemu_find_opts(group), default_driver_check, None)

    if own.vga_model is None and not own.default_vga:
        globals_c().vga_interface_type = VGA_DEVICE
        globals_c().vga_interface_created = True
    if not own.has_defaults or machine_class.no_serial:
        own.default_serial = False
    if not own.has_defaults or machine_class.no_parallel:
        own.default_parallel = False
    if not own.has_defaults or machine_class.no_floppy:
        own.default_floppy = False
    if not own.has_defaults or machine_class.no_cdrom:
        own.default_cdrom = False
    if not own.has_defaults or machine_class.no_sdcard:
        own.default_sdcard = False
    if not own.has_defaults:
        own.default_monitor = False
        own.default_net = False
        own.default_vga = False


@emulates
def qemu_create_default_devices() -> None:
    """softmmu/vl.c. Notes the defaults that are left: ports, monitor, network, screen."""
    own = vl_c()
    machine_class = MACHINE_GET_CLASS(current_machine())

    if own.nographic:
        if own.default_parallel:
            add_device_config(DEV_PARALLEL, "null")
        if own.default_serial and own.default_monitor:
            add_device_config(DEV_SERIAL, "mon:stdio")
        else:
            if own.default_serial:
                add_device_config(DEV_SERIAL, "stdio")
            if own.default_monitor:
                monitor_parse("stdio", "readline", False)
    else:
        if own.default_serial:
            add_device_config(DEV_SERIAL, "vc:80Cx24C")
        if own.default_parallel:
            add_device_config(DEV_PARALLEL, "vc:80Cx24C")
        if own.default_monitor:
            monitor_parse("vc:80Cx24C", "readline", False)

    if own.default_net:
        net = qemu_find_opts("net")
        with error_abort():
            qemu_opts_parse(net, "nic", True)
            qemu_opts_parse(net, "user", True)

    # The simulated host has a desktop, so the first kind of window that QEMU knows will do.
    if own.dpy.type == DisplayType.DEFAULT and not own.display_remote:
        own.dpy.type = DisplayType.GTK

    if own.default_vga:
        own.vga_model = get_default_vga_model(machine_class)
    if own.vga_model is not None:
        select_vgahw(machine_class, own.vga_model)
