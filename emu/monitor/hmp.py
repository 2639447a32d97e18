"""The monitor for people: a line is looked up in a table and taken apart by the types of the table's entry (monitor/hmp.c)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from emu.chardev.char_fe import qemu_chr_fe_init, qemu_chr_fe_set_handlers
from emu.chardev.structs import CHR_EVENT_OPENED, Chardev
from emu.errors import NotModelled
from emu.monitor.hmp_args import BadArguments, get_arguments, is_space
from emu.monitor.monitor import (
    Monitor,
    monitor_can_read,
    monitor_data_init,
    monitor_list_append,
    monitor_printf,
    monitor_resume,
    monitor_set_cur,
    monitor_suspend,
)
from emu.qemu.version import QEMU_VERSION
from emu.qobject.qdict import QDict
from emu.source import recorded_commands
from emu.trace import emulates
from emu.util.readline import (
    ReadLineState,
    readline_handle_byte,
    readline_init,
    readline_restart,
    readline_show_prompt,
    readline_start,
)

HMPHandler = Callable[[Monitor, QDict], None]

hmp_handlers: Final[dict[str, HMPHandler]] = {}
"""The functions that are emulated, by QEMU's name of each; emu.monitor.misc fills it."""

CMDNAME_MAX: Final = 255


@dataclass(frozen=True, slots=True)
class HMPCommand:
    """An entry of the table (monitor/monitor-internal.h). ``cmd`` is the name of QEMU's function."""

    name: str
    args_type: str
    params: str
    help: str
    cmd: str
    sub_table: tuple[HMPCommand, ...] = field(default=(), repr=False)


class MonitorHMP(Monitor):
    """A monitor for people. ``rs`` is None where nobody types."""

    use_readline: bool = False
    rs: ReadLineState | None = None


def _entry(fields: dict[str, str], sub_table: tuple[HMPCommand, ...]) -> HMPCommand:
    cmd = fields.get("cmd") or fields.get("cmd_info_hrt", "")
    return HMPCommand(fields["name"], fields["args_type"], fields["params"], fields["help"], cmd, sub_table)


@lru_cache
def hmp_cmds(version: str = "7.2") -> tuple[HMPCommand, ...]:
    """Return the table of commands; that of ``info`` is an entry's ``sub_table``."""
    recorded = recorded_commands(version)
    info = tuple(_entry(fields, ()) for fields in recorded["hmp_info"])
    return tuple(_entry(fields, info if fields["name"] == "info" else ()) for fields in recorded["hmp"])


def hmp_compare_cmd(name: str, list_: str) -> bool:
    """Tell whether a name is one of those in a list with ``|`` between them (monitor/misc.c)."""
    return name in list_.split("|")


def get_command_name(cmdline: str, at: int) -> tuple[str, int] | None:
    """Return the word at an offset and the offset behind it, None where only white space is left (monitor/hmp.c)."""
    while at < len(cmdline) and is_space(cmdline[at]):
        at += 1
    if at == len(cmdline):
        return None
    end = at
    while end < len(cmdline) and cmdline[end] != "/" and not is_space(cmdline[end]):
        end += 1
    return cmdline[at:end][:CMDNAME_MAX], end


def search_dispatch_table(disp_table: tuple[HMPCommand, ...], cmdname: str) -> HMPCommand | None:
    """Return the entry of a name (monitor/hmp.c)."""
    return next((cmd for cmd in disp_table if hmp_compare_cmd(cmdname, cmd.name)), None)


@emulates
def monitor_parse_command(mon: Monitor, cmdline: str, at: int, table: str) -> tuple[HMPCommand | None, int]:
    """monitor/hmp.c. Finds the command that a line begins with, in ``hmp_cmds`` or the table of ``info``.

    Returns it and where its arguments begin; None after a message, or for an empty line.
    """
    entries = hmp_cmds()
    if table:
        entries = next(cmd.sub_table for cmd in entries if cmd.name == table)
    found = get_command_name(cmdline, at)
    if found is None:
        return None, at
    cmdname, end = found

    cmd = search_dispatch_table(entries, cmdname)
    if cmd is None:
        monitor_printf(mon, f"unknown command: '{cmdline[:end]}'\n")
        return None, at

    while end < len(cmdline) and is_space(cmdline[end]):
        end += 1

    if cmd.sub_table and end < len(cmdline):
        sub: tuple[HMPCommand | None, int] = monitor_parse_command(mon, cmdline, end, cmd.name)
        return sub
    return cmd, end


@emulates
def monitor_parse_arguments(mon: Monitor, cmdline: str, at: int, name: str, args_type: str) -> QDict | None:
    """monitor/hmp.c. Takes the arguments apart; None after a message."""
    try:
        return get_arguments(cmdline, at, name, args_type)
    except BadArguments as err:
        if err.text:
            monitor_printf(mon, err.text)
        return None


@emulates
def handle_hmp_command_exec(mon: Monitor, handler: HMPHandler, qdict: QDict) -> None:
    """monitor/hmp.c."""
    handler(mon, qdict)


@emulates
def handle_hmp_command(mon: Monitor, cmdline: str) -> None:
    """monitor/hmp.c. Does one line. What is not emulated says so on the monitor, and nothing is done."""
    cmd, at = monitor_parse_command(mon, cmdline, 0, "")
    if cmd is None:
        return

    if not cmd.cmd:
        monitor_printf(mon, f'Command "{cmdline[:at]}" is not available.\n')
        return
    handler = hmp_handlers.get(cmd.cmd)
    if handler is None:
        names = cmdline[:at].split()
        monitor_printf(mon, f"not modelled: the monitor's command {' '.join(names)}\n")
        return

    qdict = monitor_parse_arguments(mon, cmdline, at, cmd.name, cmd.args_type)
    if qdict is None:
        monitor_printf(mon, f'Try "help {cmdline[:at].rstrip()}" for more information\n')
        return

    # human-monitor-command comes here with a monitor of its own; the one that asked is current again afterwards
    old_mon = monitor_set_cur(mon)
    try:
        handle_hmp_command_exec(mon, handler, qdict)
    except NotModelled as end:
        monitor_printf(mon, f"{end}\n")
    finally:
        monitor_set_cur(old_mon)


def monitor_command_cb(mon: MonitorHMP, cmdline: str) -> None:
    """Do a line that was typed (monitor/hmp.c)."""
    monitor_suspend(mon)
    handle_hmp_command(mon, cmdline)
    monitor_resume(mon)
    if not mon.suspend_cnt and mon.rs is not None:
        readline_show_prompt(mon.rs)


def monitor_read(mon: MonitorHMP, buf: bytes, size: int) -> None:
    """Take what was typed (monitor/hmp.c)."""
    if mon.rs is not None:
        for byte in buf[:size]:
            if mon.suspend_cnt:
                break  # QEMU reads byte by byte, and nothing more after "quit"
            readline_handle_byte(mon.rs, byte)


def monitor_event(mon: MonitorHMP, event: int) -> None:
    """Greet who connects (monitor/hmp.c)."""
    if event == CHR_EVENT_OPENED:
        monitor_printf(mon, f"QEMU {QEMU_VERSION} monitor - type 'help' for more information\n")
        if mon.rs is not None:
            readline_restart(mon.rs)
            readline_show_prompt(mon.rs)


@emulates
def monitor_init_hmp(chr_: Chardev, use_readline: bool) -> None:
    """monitor/hmp.c. Takes hold of the device. Error: another holds it."""
    mon = MonitorHMP()
    qemu_chr_fe_init(mon.chr, chr_)

    monitor_data_init(mon, False, False)
    mon.use_readline = use_readline
    if use_readline:
        mon.rs = readline_init(mon.printf, mon.flush)
        readline_start(mon.rs, "(qemu) ", lambda line: monitor_command_cb(mon, line))

    qemu_chr_fe_set_handlers(mon.chr, monitor_can_read, monitor_read, monitor_event, mon)
    monitor_list_append(mon)


def help_text(cmd: HMPCommand, prefix: str) -> str:
    """Return what ``help`` says of a command (help_cmd_dump_one)."""
    return f"{prefix}{cmd.name} {cmd.params} -- {cmd.help}\n"


def help_cmd_dump(mon: Monitor, cmds: tuple[HMPCommand, ...], args: list[str], arg_index: int) -> None:
    """Print the help of the command that ``args`` name, or of all (monitor/hmp.c)."""
    prefix = "".join(f"{arg} " for arg in args[:arg_index])
    if arg_index >= len(args):
        for cmd in cmds:
            monitor_printf(mon, help_text(cmd, prefix))
        return
    found = search_dispatch_table(cmds, args[arg_index])
    if found is None:
        monitor_printf(mon, f"unknown command: '{' '.join(args[: arg_index + 1])}'\n")
    elif found.sub_table:
        help_cmd_dump(mon, found.sub_table, args, arg_index + 1)
    else:
        monitor_printf(mon, help_text(found, prefix))


@emulates
def help_cmd(mon: Monitor, name: str | None) -> None:
    """monitor/hmp.c. Prints the help of a command, or of all."""
    if name == "log":
        raise NotModelled("help log")
    help_cmd_dump(mon, hmp_cmds(), name.split() if name else [], 0)
