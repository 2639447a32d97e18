"""The arguments of a command for people, by the types of its entry in the table (monitor_parse_arguments in monitor/hmp.c)."""

from __future__ import annotations

from typing import Final

from emu.errors import NotModelled
from emu.qobject.qdict import QDict, qdict_new, qdict_put_bool, qdict_put_str
from emu.trace import recorder
from emu.util.qemu_config import qemu_find_opts
from emu.util.qemu_option import qemu_opts_del, qemu_opts_parse_noisily, qemu_opts_to_qdict

BUF_SIZE: Final = 1024
_SPACE: Final = " \t\n\v\f\r"
_ESCAPES: Final = {"n": "\n", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
_EXPECTED: Final = {"F": "filename expected", "B": "block device name expected", "s": "string expected"}


class BadArguments(Exception):
    """The arguments do not fit; ``text`` is what is to be said, empty if it was said."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text


def is_space(char: str) -> bool:
    """Tell whether a character is white space in the C locale (include/qemu/ctype.h)."""
    return char in _SPACE


def skip_space(line: str, at: int) -> int:
    """Return the offset of what follows white space."""
    while at < len(line) and line[at] in _SPACE:
        at += 1
    return at


def get_str(line: str, at: int) -> tuple[str | None, int]:
    """Return the word at an offset, in quotation marks or not, and the offset behind it; None if there is none (monitor/hmp.c).

    A word is cut to 1023 characters.
    """
    at = skip_space(line, at)
    start = at
    if at == len(line):
        return None, at
    word = ""
    if line[at] != '"':
        while at < len(line) and line[at] not in _SPACE:
            at += 1
        return line[start:at][: BUF_SIZE - 1], at
    at += 1
    while at < len(line) and line[at] != '"':
        char = line[at]
        at += 1
        if char == "\\":
            char = line[at : at + 1]
            at += 1
            if char not in _ESCAPES:
                recorder().message("stdout", f"unsupported escape code: '\\{char or chr(0)}'\n")
                return None, min(at, len(line))
            char = _ESCAPES[char]
        word += char
    if at >= len(line):
        recorder().message("stdout", "unterminated string\n")
        return None, len(line)
    return word[: BUF_SIZE - 1], at + 1


def _types(args_type: str) -> list[tuple[str, str]]:
    """Return key and type of each argument: ``"id:s,value:S?"``."""
    return [(key, type_) for key, _, type_ in (entry.partition(":") for entry in args_type.split(",") if entry)]


def _options(line: str, at: int, key: str, qdict: QDict) -> int:
    """Read ``key=value,...`` into ``qdict``, as an option of the command line is read."""
    if at == len(line):
        return at
    text, at = get_str(line, at)
    if text is None:
        raise BadArguments
    opts = qemu_opts_parse_noisily(qemu_find_opts(key), text, True)
    if opts is None:
        raise BadArguments
    qemu_opts_to_qdict(opts, qdict)
    qemu_opts_del(opts)
    return at


def _flag(line: str, at: int, key: str, rest: str, name: str, qdict: QDict) -> int:
    """Read an option of one letter, ``rest[0]``; the others that may stand in its place are in the whole of ``rest``."""
    start = at
    at = skip_space(line, at)
    if line[at : at + 1] != "-":
        return at
    letter = line[at + 1 : at + 2]
    if letter != rest[0]:
        if f"-{letter}" not in rest[1:]:
            raise BadArguments(f"{name}: unsupported option -{letter}\n")
        return start
    if rest[1:2] == "s":
        value, end = get_str(line, at + 2)
        if value is None:
            raise BadArguments(f"{name}: value expected for -{letter}\n")
        qdict_put_str(qdict, key, value)
        return end
    qdict_put_bool(qdict, key, True)
    return at + 2


def _switch(line: str, at: int, key: str, qdict: QDict) -> int:
    end = at
    while end < len(line) and "!" <= line[end] <= "~":
        end += 1
    if line[at:end] not in {"on", "off"}:
        raise BadArguments("Expected 'on' or 'off'\n")
    qdict_put_bool(qdict, key, line[at:end] == "on")
    return end


def get_arguments(line: str, at: int, name: str, args_type: str) -> QDict:
    """Return the arguments. BadArguments: they do not fit. NotModelled: a type of argument."""
    qdict = qdict_new()
    left = args_type
    for key, type_ in _types(args_type):
        left = left.partition(f"{key}:")[2]
        kind, optional = type_[0], type_[1:2] == "?"
        if kind == "-":
            at = _flag(line, at, key, left[1:], name, qdict)
            continue
        at = skip_space(line, at)
        if kind == "O":
            at = _options(line, at, key, qdict)
        elif kind == "b":
            at = _switch(line, at, key, qdict)
        elif optional and at == len(line):
            continue
        elif kind == "S":
            if at == len(line):
                raise BadArguments(f"{name}: string expected\n")
            qdict_put_str(qdict, key, line[at:])
            at = len(line)
        elif kind in _EXPECTED:
            text, at = get_str(line, at)
            if text is None:
                raise BadArguments(f"{name}: {_EXPECTED[kind]}\n")
            qdict_put_str(qdict, key, text)
        else:
            raise NotModelled(f"arguments of type '{kind}' of the monitor's command {name}")
    at = skip_space(line, at)
    if at < len(line):
        raise BadArguments(f"{name}: extraneous characters at the end of line\n")
    return qdict
