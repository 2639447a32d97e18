"""``name=value,...`` cut into names and values (util/qemu-option.c)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from emu.qapi.error import Error, error_append_hint, error_setg
from emu.util.cutils import ERANGE, qemu_strtosz, qemu_strtou64
from emu.util.error_report import error_printf, warn_report

_NAME_END: Final = re.compile(r"[=,]|$")


def is_help_option(s: str) -> bool:
    """Tell whether text asks for help (include/qemu/help_option.h)."""
    return s in {"?", "help"}


def get_opt_value(p: str, at: int) -> tuple[str, int]:
    """Return the value at an offset, in which ``,,`` is a comma, and the offset of the comma behind it or of the end."""
    value: list[str] = []
    while True:
        comma = p.find(",", at)
        if comma < 0:
            value.append(p[at:])
            return "".join(value), len(p)
        value.append(p[at:comma])
        if not p.startswith(",", comma + 1):
            return "".join(value), comma
        value.append(",")
        at = comma + 2


class NameValue(NamedTuple):
    """One parameter, the offset of the next one, and whether it asks for help."""

    name: str
    value: str
    end: int
    help: bool


def get_opt_name_value(params: str, at: int, firstname: str | None, *, warn_on_flag: bool) -> NameValue:
    """Return the parameter at an offset: ``name=value``, a value of ``firstname``, or a flag (``foo``, ``nofoo``)."""
    found = _NAME_END.search(params, at)
    assert found is not None
    name = params[at : found.start()]
    is_help = False
    if found[0] == "=":
        value, end = get_opt_value(params, found.end())
    elif firstname is not None:
        name = firstname
        value, end = get_opt_value(params, at)
    else:
        value, prefix, end = "on", "", found.start()
        if name.startswith("no"):
            name, value, prefix = name[2:], "off", "no"
        else:
            is_help = is_help_option(name)
        if not is_help and warn_on_flag:
            warn_report(f"short-form boolean option '{prefix}{name}' deprecated")
            if name == "delay":
                error_printf(f"Please use nodelay={'on' if prefix else 'off'} instead\n")
            else:
                error_printf(f"Please use {name}={value} instead\n")
    return NameValue(name, value, end + 1 if end < len(params) else end, is_help)


def opts_parse_id(params: str) -> str | None:
    """Return the value of ``id``, None where there is none."""
    at = 0
    while at < len(params):
        found = get_opt_name_value(params, at, None, warn_on_flag=False)
        if found.name == "id":
            return found.value
        at = found.end
    return None


def has_help_option(params: str) -> bool:
    """Tell whether a parameter is ``help`` or ``?``."""
    at = 0
    while at < len(params):
        found = get_opt_name_value(params, at, None, warn_on_flag=False)
        if found.help:
            return True
        at = found.end
    return False


def parse_option_number(name: str, value: str) -> int:
    """Parse an unsigned 64-bit number. Error: it is none."""
    number = qemu_strtou64(value, 0)
    if number.err == ERANGE:
        error_setg(f"Value '{value}' is too large for parameter '{name}'")
    if number.err:
        error_setg(f"Parameter '{name}' expects a number")
    return number.value


def parse_option_size(name: str | None, value: str) -> int:
    """Parse a size with a suffix. Error: it is none. C prints a missing name as ``(null)``."""
    name = "(null)" if name is None else name
    number = qemu_strtosz(value)
    if number.err == ERANGE:
        error_setg(f"Value '{value}' is out of range for parameter '{name}'")
    if number.err:
        try:
            error_setg(f"Parameter '{name}' expects a non-negative number below 2^64")
        except Error as err:
            error_append_hint(
                err,
                "Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-\nand exabytes, respectively.\n",
            )
            raise
    return number.value
