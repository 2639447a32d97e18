"""A command line as a person types it, taken apart as a shell would, nothing expanded."""

from __future__ import annotations

import shlex
from contextlib import suppress
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Final

PROGRAM: Final = "qemu-system-x86_64"
PROMPTS: Final = ("$", "#")


class CommandLineError(ValueError):
    """The command line cannot be taken apart. ``hint`` says what to do about it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def split(line: str) -> list[str]:
    """Return the words of a command line, without the program's name. CommandLineError: it cannot be taken apart."""
    text, mark = _joined(line)
    try:
        words = shlex.split(text)
    except ValueError:
        if mark:
            hint = f"close it, or write it as \\{mark}"
            raise CommandLineError(f"a quotation mark ({mark}) is opened and never closed", hint) from None
        raise CommandLineError("the command line ends in a lone backslash", "take it away") from None
    if words and words[0] in PROMPTS:
        del words[0]
    return checked(words)


def checked(words: list[str]) -> list[str]:
    """Return the words of an argv, without the program's name. CommandLineError: no program could be given such words."""
    for at, word in enumerate(words, 1):
        if "\0" in word:
            raise CommandLineError(f"word {at} has a NUL character in it", "no program can be given such an argument")
        if any("\ud800" <= char <= "\udfff" for char in word):
            raise CommandLineError(f"word {at} is not text: it has half of a surrogate pair in it")
    if words and PurePosixPath(words[0]).name == PROGRAM:
        return words[1:]
    if words and PurePosixPath(words[0]).name.startswith("qemu-system-"):
        raise CommandLineError(f"not modelled: {words[0]}", f"the program that is emulated is {PROGRAM}")
    return words


def config_files(words: list[str]) -> dict[str, str]:
    """Return the text of each file that ``-readconfig`` names and that can be read: for those whose own machine it is."""
    texts = {}
    for option, path in pairwise(words):
        if option in ("-readconfig", "--readconfig"):
            with suppress(OSError, UnicodeDecodeError):
                texts[path] = Path(path).read_text()
    return texts


def checked_command(line: str) -> str:
    """Return a command for the machine. CommandLineError: no line of a monitor is like this."""
    if not line.strip():
        raise CommandLineError("a command is empty", "type one, such as: info network")
    if any(char < " " and char != "\t" for char in line) or any("\ud800" <= char <= "\udfff" for char in line):
        raise CommandLineError("a command is one line of text, and there are other characters in this one")
    return line


def joined(words: list[str]) -> str:
    """Return the line that ``split`` takes apart into these words."""
    return shlex.join(words)


def _joined(line: str) -> tuple[str, str]:
    """Drop each backslash at a line's end together with the newline, as a shell does outside of single quotes.

    Return the text and the quotation mark that is still open at its end, "" if none is.
    """
    out: list[str] = []
    quote = ""
    rest = iter(line.replace("\r\n", "\n"))
    for char in rest:
        if char == "\\" and quote != "'":
            after = next(rest, "")
            if after != "\n":
                out += char, after
            continue
        if char in "'\"" and quote in ("", char):
            quote = char if not quote else ""
        out.append(char)
    return "".join(out), quote
