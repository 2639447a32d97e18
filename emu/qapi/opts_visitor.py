"""Values from a use of a group of options (qapi/opts-visitor.c): nested structs are flat, a repeated option is a list."""

from __future__ import annotations

from collections import deque
from typing import Final, NoReturn

from emu.qapi.error import error_setg
from emu.qapi.qapi_util import qapi_bool_parse
from emu.qapi.visitor import VISITOR_INPUT, Visitor
from emu.util.cutils import parse_uint, parse_uint_full, qemu_strtosz, strtoll
from emu.util.ghash import GHashTable
from emu.util.qemu_option import QemuOpts

OPTS_VISITOR_RANGE_MAX: Final = 65536


class OptsVisitor(Visitor):
    """Reads from options. ``repeated`` are the texts left of the list that is visited, ``interval`` what is left of a range."""

    __slots__ = ("depth", "interval", "list_name", "opts_root", "repeated", "texts", "traversed", "unprocessed")
    type = VISITOR_INPUT

    def __init__(self, opts: QemuOpts) -> None:
        self.opts_root = opts
        self.depth = 0
        self.unprocessed: GHashTable[bool] = GHashTable()
        self.texts: dict[str, deque[str]] = {}
        self.list_name: str | None = None
        self.repeated: deque[str] = deque()
        self.interval: tuple[int, int] | None = None
        self.traversed = False

    def start_struct(self, name: str | None) -> None:
        """Enter a struct; the outermost one takes the options up."""
        self.depth += 1
        if self.depth > 1:
            return
        given = [(opt.name, opt.str_) for opt in self.opts_root.head]
        if self.opts_root.id is not None:
            given.append(("id", self.opts_root.id))
        for option, text in given:
            self.unprocessed[option] = True
            self.texts.setdefault(option, deque()).append(text)

    def check_struct(self) -> None:
        """Refuse options that were not visited."""
        if self.depth == 1:
            for option in self.unprocessed:
                error_setg(f"Invalid parameter '{option}'")

    def end_struct(self) -> None:
        """Leave a struct."""
        self.depth -= 1

    def lookup_distinct(self, name: str | None) -> deque[str]:
        """Return the texts of an option. Error: there is none."""
        if name is None or name not in self.unprocessed:
            error_setg(f"Parameter '{name}' is missing")
        return self.texts[name]

    def start_list(self, name: str | None, length: int) -> bool:
        """Enter the list of all uses of an option."""
        assert self.list_name is None
        self.repeated = self.lookup_distinct(name)
        self.list_name = name
        self.traversed = False
        return True

    def next_list(self) -> bool:
        """Go on in the range, or to the next use of the option."""
        if self.interval is not None:
            low, high = self.interval
            self.interval = (low + 1, high) if low < high else None
            if self.interval is not None:
                return True
        self.repeated.popleft()
        if not self.repeated:
            assert self.list_name is not None
            del self.unprocessed[self.list_name]
            self.traversed = True
        return bool(self.repeated)

    def end_list(self) -> None:
        """Leave the list."""
        self.list_name = None
        self.interval = None

    def lookup_scalar(self, name: str | None) -> tuple[str, str]:
        """Return name and text of the option that a scalar is read from: the last one, or the list's next."""
        if self.list_name is None:
            assert name is not None
            return name, self.lookup_distinct(name)[-1]
        if self.traversed:
            error_setg("Fewer list elements than expected")
        return self.list_name, self.repeated[0]

    def processed(self, name: str) -> None:
        """Mark an option as visited; a list is marked when it ends."""
        if self.list_name is None:
            del self.unprocessed[name]

    def optional(self, name: str, present: bool) -> bool:
        """Tell whether an option is given."""
        return name in self.unprocessed

    def type_str(self, name: str | None, value: str | None) -> str:
        """Return the text."""
        option, text = self.lookup_scalar(name)
        self.processed(option)
        return text

    def type_bool(self, name: str | None, value: bool) -> bool:
        """Parse on or off."""
        option, text = self.lookup_scalar(name)
        parsed = qapi_bool_parse(option, text)
        self.processed(option)
        return parsed

    def type_int64(self, name: str | None, value: int) -> int:
        """Parse an integer; in a list also a range of them."""
        if self.interval is not None:
            return self.interval[0]
        option, text = self.lookup_scalar(name)
        number = strtoll(text, 0)
        if number.err == 0 and number.end:
            if number.end == len(text):
                self.processed(option)
                return number.value
            if text[number.end] == "-" and self.list_name is not None:
                last = strtoll(text[number.end + 1 :], 0)
                if (
                    last.err == 0
                    and last.end
                    and number.end + 1 + last.end == len(text)
                    and number.value <= last.value < number.value + OPTS_VISITOR_RANGE_MAX
                ):
                    self.interval = number.value, last.value
                    return number.value
        self._refuse(option, "an int64 value")

    def type_uint64(self, name: str | None, value: int) -> int:
        """Parse an unsigned integer; in a list also a range of them."""
        if self.interval is not None:
            return self.interval[0]
        option, text = self.lookup_scalar(name)
        number = parse_uint(text, 0)
        if number.err == 0:
            if number.end == len(text):
                self.processed(option)
                return number.value
            if text[number.end] == "-" and self.list_name is not None:
                last = parse_uint_full(text[number.end + 1 :], 0)
                if last.err == 0 and 0 <= last.value - number.value < OPTS_VISITOR_RANGE_MAX:
                    self.interval = number.value, last.value
                    return number.value
        self._refuse(option, "a uint64 value")

    def _refuse(self, option: str, expected: str) -> NoReturn:
        error_setg(f"Parameter '{option}' expects {expected}{'' if self.list_name is None else ' or range'}")

    def type_size(self, name: str | None, value: int) -> int:
        """Parse a size with a suffix."""
        option, text = self.lookup_scalar(name)
        number = qemu_strtosz(text)
        if number.err:
            error_setg(f"Parameter '{option}' expects a size value")
        self.processed(option)
        return number.value


def opts_visitor_new(opts: QemuOpts) -> Visitor:
    """Return a visitor that reads from options."""
    return OptsVisitor(opts)
