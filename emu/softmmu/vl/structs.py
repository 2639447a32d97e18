"""The static variables of softmmu/vl.c."""

from __future__ import annotations

from typing import Any, NoReturn

from emu.errors import NotModelled
from emu.qapi.qapi_types_ui import DisplayOptions, DisplayType
from emu.qobject.qdict import QDict
from emu.trace import Seq, Struct, embedded, per_run, seq
from emu.util.error_report import Location


class DeviceOption(Struct):
    """A ``-device`` in JSON (softmmu/vl.c)."""

    opts: QDict
    loc: Location


class device_config(Struct):
    """A ``-serial``, ``-parallel``, ... that waits for its turn (softmmu/vl.c). ``type``: see DEV_*."""

    type: str = ""
    cmdline: str = ""
    loc: Location


DEV_SERIAL = "DEV_SERIAL"
DEV_PARALLEL = "DEV_PARALLEL"


class VlStatics(Struct):
    """The static variables of softmmu/vl.c. ``default_accelerators`` stands for how the program was built."""

    cpu_option: str | None = None
    mem_path: str | None = None
    accelerators: str | None = None
    default_accelerators: str = "tcg:kvm"
    have_custom_ram_size: bool = False
    ram_memdev_id: str | None = None
    machine_opts_dict: QDict
    device_opts: Seq[DeviceOption] = seq()
    display_remote: int = 0
    nographic: bool = False
    mem_prealloc: bool = False
    vga_model: str | None = None
    dpy: DisplayOptions = embedded(DisplayOptions)
    num_serial_hds: int = 0
    serial_hds: Seq[Any] = seq()
    qtest_chrdev: str | None = None
    qtest_log: str | None = None
    has_defaults: bool = True
    default_serial: bool = True
    default_parallel: bool = True
    default_monitor: bool = True
    default_floppy: bool = True
    default_cdrom: bool = True
    default_sdcard: bool = True
    default_vga: bool = True
    default_net: bool = True
    device_configs: Seq[device_config] = seq()
    monitor_device_index: int = 0
    parallel_index: int = 0
    pid_file: str | None = None


def _statics() -> VlStatics:
    made = VlStatics()
    made.dpy.type = DisplayType.DEFAULT
    return made


vl_c = per_run(_statics)


def not_modelled(option: str) -> NoReturn:
    """Say that an option's effect is not modelled."""
    raise NotModelled(f"-{option}")
