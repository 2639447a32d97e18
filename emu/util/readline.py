"""The line that a person types at a monitor (include/qemu/readline.h, util/readline.c).

Editing within a line and the history are left out: such keys are not heard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.trace import Seq, Struct, seq

READLINE_CMD_BUF_SIZE: Final = 4095
BACKSPACES: Final = frozenset({8, 127})
ENTERS: Final = frozenset({10, 13})
ESCAPE: Final = 27


class ReadLineState(Struct):
    """A line that is being typed, and what completes it."""

    completions: Seq[str] = seq()
    completion_index: int = 0
    prompt: str = ""

    _printf: Callable[[str], None]
    _flush: Callable[[], None]
    _func: Callable[[str], None]
    _typed: bytearray
    _escape: bytearray


def readline_init(printf_func: Callable[[str], None], flush_func: Callable[[], None]) -> ReadLineState:
    """Return the state of somebody who types (util/readline.c)."""
    rs = ReadLineState()
    rs.__dict__.update(_printf=printf_func, _flush=flush_func, _typed=bytearray(), _escape=bytearray())
    return rs


def readline_start(rs: ReadLineState, prompt: str, readline_func: Callable[[str], None]) -> None:
    """Say what is asked, and what is done with a line (util/readline.c)."""
    rs.prompt = prompt
    rs.__dict__["_func"] = readline_func
    readline_restart(rs)


def readline_restart(rs: ReadLineState) -> None:
    """Forget what was typed (util/readline.c)."""
    rs._typed.clear()


def readline_show_prompt(rs: ReadLineState) -> None:
    """Ask (util/readline.c)."""
    rs._printf(rs.prompt)
    rs._flush()


def _update(rs: ReadLineState, before: int) -> None:
    """Show the line as it is now, after one of ``before`` characters: what is too much is erased."""
    text = rs._typed.decode("utf-8", "replace")
    if len(rs._typed) == before + 1:
        # the terminal may write over its edge: the next character says where the line goes on
        rs._printf("\x1b[D" * before + text + "\x1b[K")
    elif len(rs._typed) < before:
        rs._printf("\x1b[D" * before + text + "\x1b[K")
    rs._flush()


def _in_escape(rs: ReadLineState, byte: int) -> bool:
    """Take a byte of a key that is not a character; tell whether it was one."""
    escape = rs._escape
    if not escape:
        if byte == ESCAPE:
            escape.append(byte)
            return True
        return False
    escape.append(byte)
    if len(escape) == 2 and byte in b"[O":
        return True
    if byte in b"0123456789;":
        return True
    escape.clear()
    return True


def readline_handle_byte(rs: ReadLineState, byte: int) -> None:
    """Take a byte that was typed (util/readline.c)."""
    if _in_escape(rs, byte):
        return
    before = len(rs._typed)
    if byte in ENTERS:
        line = rs._typed.decode("utf-8", "surrogateescape")
        readline_restart(rs)
        rs._printf("\n")
        rs._func(line)
    elif byte in BACKSPACES:
        if before:
            rs._typed.pop()
            _update(rs, before)
    elif byte >= 32 and before < READLINE_CMD_BUF_SIZE:
        rs._typed.append(byte)
        _update(rs, before)


def readline_set_completion_index(rs: ReadLineState, index: int) -> None:
    """Note how much of the word has been typed (util/readline.c)."""
    rs.completion_index = index


def readline_add_completion(rs: ReadLineState, str_: str) -> None:
    """Offer a word (util/readline.c)."""
    rs.completions.append(str_)
