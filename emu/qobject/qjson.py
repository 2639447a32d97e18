"""JSON to values and back (qobject/qjson.c, qobject/json-writer.c)."""

from __future__ import annotations

from typing import Final

from emu.qapi.error import Error, error_setg
from emu.qobject.json_streamer import JSONMessageParser
from emu.qobject.qdict import QDict
from emu.qobject.qlist import QList
from emu.qobject.qobject import QNull, QObject
from emu.util.unicode import mod_utf8_codepoint

_ESCAPES: Final = {34: '\\"', 92: "\\\\", 8: "\\b", 12: "\\f", 10: "\\n", 13: "\\r", 9: "\\t"}


class JSONParsingState:
    """The one value or error that a text may hold."""

    def __init__(self) -> None:
        self.result: QObject | None = None
        self.err: Error | None = None

    def consume_json(self, json: QObject | None, err: Error | None) -> None:
        """Take a value or an error: the first error stays, a second value is one."""
        if self.result is not None:
            self.result = None
            self.err = Error("Expecting at most one JSON value", func="consume_json")
        if self.err is None:
            self.result = json
            self.err = err


def qobject_from_json(string: str) -> QObject:
    """Return the value of JSON text. Error: it is malformed."""
    state = JSONParsingState()
    parser = JSONMessageParser(state.consume_json)
    parser.feed(string.encode("utf-8", "surrogateescape"))
    parser.flush()
    if state.err is not None:
        raise state.err
    if state.result is None:
        error_setg("Expecting a JSON value")
    return state.result


def quoted_str(text: str) -> str:
    """Return a string as JSON: in ASCII, what is no UTF-8 replaced by U+FFFD."""
    data = text.encode("utf-8", "surrogateescape")
    out, at = ['"'], 0
    while at < len(data):
        codepoint, at = mod_utf8_codepoint(data, at)
        if codepoint in _ESCAPES:
            out.append(_ESCAPES[codepoint])
        elif codepoint > 0xFFFF:
            out.append(f"\\u{0xD800 + (codepoint - 0x10000 >> 10):04X}\\u{0xDC00 + (codepoint - 0x10000 & 0x3FF):04X}")
        elif 0x20 <= codepoint < 0x7F:
            out.append(chr(codepoint))
        else:
            out.append(f"\\u{codepoint if codepoint >= 0 else 0xFFFD:04X}")
    out.append('"')
    return "".join(out)


def qobject_to_json(obj: QObject, pretty: bool = False) -> str:
    """Return a value as JSON; ``pretty`` puts each member on a line of its own, indented by four."""
    return _to_json(obj, "\n" if pretty else "")


def _to_json(obj: QObject, newline: str) -> str:
    """Return a value as JSON; ``newline`` is what begins a line at its depth, empty where all stands on one line."""
    if isinstance(obj, QNull):
        return "null"
    if isinstance(obj, bool):
        return "true" if obj else "false"
    if isinstance(obj, float):
        return f"{obj:.17g}"
    if isinstance(obj, int):
        return str(int(obj))
    if isinstance(obj, str):
        return quoted_str(obj)
    inner = newline + "    " if newline else ""
    if isinstance(obj, QDict):
        items = [f"{quoted_str(key)}: {_to_json(value, inner)}" for key, value in obj.items()]
    else:
        assert isinstance(obj, QList)
        items = [_to_json(value, inner) for value in obj]
    first, last = ("{", "}") if isinstance(obj, QDict) else ("[", "]")
    return first + (inner if items else "") + f",{inner or ' '}".join(items) + newline + last


def qobject_to_json_pretty(obj: QObject, pretty: bool) -> str:
    """Return a value as JSON."""
    return qobject_to_json(obj, pretty)
