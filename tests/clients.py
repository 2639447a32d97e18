"""Network clients of a command line, made without a machine around them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from emu.chardev import char_fd, char_mux, char_null, char_stdio
from emu.chardev.char import qemu_chardev_opts
from emu.errors import QemuExit
from emu.monitor.monitor import Monitor
from emu.net.net.info import hmp_info_network
from emu.net.net.startup import (
    net_client_parse,
    net_init_clients,
    netdev_is_modern,
    netdev_parse_modern,
    qemu_net_opts,
    qemu_netdev_opts,
    qemu_nic_opts,
)
from emu.qemu.module import MODULE_INIT_QOM, module_call_init
from emu.softmmu.vl.monitors import chardev_init_func
from emu.trace import Recorder
from emu.util.error_report import error_init, loc_set_cmdline, loc_set_none
from emu.util.qemu_config import qemu_add_opts, qemu_find_opts
from emu.util.qemu_option import qemu_opts_foreach, qemu_opts_parse

CHARDEVS = (char_fd, char_mux, char_null, char_stdio)
"""Imported so that their types are registered."""


@dataclass
class Outcome:
    """What came of it."""

    recorder: Recorder
    status: int = 0

    @property
    def stderr(self) -> str:
        return "".join(event[4] for event in self.recorder.events if event[0] == "M")

    def calls(self, *wanted: str) -> list[str]:
        """The functions called, in order, of those that are wanted."""
        from emu.trace.symbols import FUNCTIONS

        names = [FUNCTIONS[event[3]].name for event in self.recorder.events if event[0] == "E"]
        return [name for name in names if name in wanted]


def _parse(option: str, value: str) -> None:
    if option == "-chardev":
        qemu_opts_parse(qemu_find_opts("chardev"), value, True)
    elif option == "-netdev" and netdev_is_modern(value):
        netdev_parse_modern(value)
    else:
        net_client_parse(qemu_find_opts(option[1:]), value)


@contextmanager
def clients(*argv: str) -> Iterator[Outcome]:
    """Parse ``-netdev``, ``-nic``, ``-net`` and ``-chardev`` options and make their clients; the run stays active inside."""
    outcome = Outcome(Recorder())
    with outcome.recorder.active():
        error_init("qemu-system-x86_64")
        for group in (qemu_chardev_opts, qemu_netdev_opts, qemu_nic_opts, qemu_net_opts):
            qemu_add_opts(group())
        module_call_init(MODULE_INIT_QOM)
        try:
            for at in range(0, len(argv), 2):
                loc_set_cmdline(argv, at, 2)
                _parse(argv[at], argv[at + 1])
            loc_set_none()
            qemu_opts_foreach(qemu_find_opts("chardev"), chardev_init_func, None)
            net_init_clients()
        except QemuExit as end:
            outcome.status = end.status
        yield outcome


def info_network() -> str:
    """The text of ``info network``."""
    mon = Monitor()
    hmp_info_network(mon, None)
    return mon.outbuf
