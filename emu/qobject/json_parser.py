"""Values from the tokens of JSON (qobject/json-parser.c). Nesting needs no recursion here, the order of errors is the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn

from emu.qapi.error import error_setg
from emu.qobject.json_lexer import J
from emu.qobject.qdict import QDict, qdict_haskey, qdict_new, qdict_put
from emu.qobject.qlist import QList, qlist_append, qlist_new
from emu.qobject.qobject import QNULL, QObject
from emu.util.cutils import qemu_strtoi64, qemu_strtou64, strtod
from emu.util.unicode import mod_utf8_codepoint, mod_utf8_encode

MESSAGE_SIZE: Final = 1024
ESCAPES: Final = dict(zip(b"\"'\\/bfnrt", b"\"'\\/\b\f\n\r\t", strict=True))
KEYWORDS: Final[dict[bytes, QObject]] = {b"true": True, b"false": False, b"null": QNULL}


class JSONToken(NamedTuple):
    """A token with its text."""

    type: int
    text: bytes


class Open:
    """An object or array that is not finished; ``key`` is the key whose value is awaited."""

    __slots__ = ("container", "key")

    def __init__(self, container: QDict | QList) -> None:
        self.container = container
        self.key: str | None = None


def decode(text: bytes) -> str:
    """Return bytes as a string that keeps what is no UTF-8."""
    return text.decode("utf-8", "surrogateescape")


def parse_error(message: str) -> NoReturn:
    """Raise the Error of malformed JSON; C's buffer cuts the message."""
    cut = message.encode("utf-8", "surrogateescape")[: MESSAGE_SIZE - 1]
    error_setg(f"JSON parse error, {decode(cut)}")


def cvt4hex(text: bytes, at: int) -> int:
    """Return the number that four hexadecimal digits make, -1 where they are not there."""
    digits = text[at : at + 4]
    if len(digits) < 4 or not all(digit in b"0123456789abcdefABCDEF" for digit in digits):
        return -1
    return int(digits, 16)


def parse_string(text: bytes) -> str:
    """Return the string of a token, quotes included. Error: an invalid escape or character."""
    quote, at, out = text[0], 1, bytearray()
    while text[at] != quote:
        if text[at] != ord("\\"):
            codepoint, at = mod_utf8_codepoint(text, at)
            encoded = mod_utf8_encode(codepoint)
            if encoded is None:
                parse_error("invalid UTF-8 sequence in string")
            out += encoded
            continue
        begin, escape = at, text[at + 1]
        at += 2
        if escape in ESCAPES:
            out.append(ESCAPES[escape])
        elif escape == ord("u"):
            codepoint, at = cvt4hex(text, at), at + 4
            if 0xD800 <= codepoint <= 0xDBFF and text[at : at + 2] == b"\\u":
                trailing = cvt4hex(text, at + 2)
                codepoint = 0x10000 + ((codepoint & 0x3FF) << 10)
                if 0xDC00 <= trailing <= 0xDFFF:
                    codepoint, at = codepoint | trailing & 0x3FF, at + 6
                else:
                    codepoint = -1
            encoded = mod_utf8_encode(codepoint)
            if encoded is None:
                parse_error(f"{decode(text[begin:at])} is not a valid Unicode character")
            out += encoded
        else:
            parse_error("invalid escape sequence in string")
    return decode(bytes(out))


def parse_number(token: JSONToken) -> int | float:
    """Return the number of a token: an integer where it fits into int64_t or uint64_t, else a double."""
    text = token.text.decode()
    if token.type == J.JSON_INTEGER:
        number = qemu_strtoi64(text, 10)
        if number.err and not text.startswith("-"):
            number = qemu_strtou64(text, 10)
        if not number.err:
            return number.value
    return strtod(text).value


def parse_scalar(token: JSONToken) -> QObject:
    """Return the value of a token. Error: it begins none."""
    if token.type == J.JSON_STRING:
        return parse_string(token.text)
    if token.type in {J.JSON_INTEGER, J.JSON_FLOAT}:
        return parse_number(token)
    if token.type != J.JSON_KEYWORD:
        parse_error("expecting value")
    if token.text not in KEYWORDS:
        parse_error(f"invalid keyword '{decode(token.text)}'")
    return KEYWORDS[token.text]


def json_parser_parse(tokens: deque[JSONToken]) -> QObject:
    """Return the value that the tokens make; takes them out. Error: they are malformed."""
    stack: list[Open] = []

    def pop() -> JSONToken:
        if not tokens:
            parse_error("premature EOI")
        return tokens.popleft()

    while True:
        token = pop()
        if token.type in {J.JSON_LCURLY, J.JSON_LSQUARE}:
            closing = J.JSON_RCURLY if token.type == J.JSON_LCURLY else J.JSON_RSQUARE
            container: QDict | QList = qdict_new() if token.type == J.JSON_LCURLY else qlist_new()
            if not tokens:
                parse_error("premature EOI")
            if tokens[0].type != closing:
                stack.append(Open(container))
                continue
            tokens.popleft()
            value: QObject = container
        else:
            value = parse_scalar(token)
        while stack and _closed(stack[-1], value, pop):
            value = stack.pop().container
        if not stack:
            return value


def _closed(top: Open, value: QObject, pop: Callable[[], JSONToken]) -> bool:
    """Put a value into the innermost container; tell whether that closes it."""
    if isinstance(top.container, QList):
        qlist_append(top.container, value)
        token = pop()
        if token.type not in {J.JSON_RSQUARE, J.JSON_COMMA}:
            parse_error("expected separator in list")
        return token.type == J.JSON_RSQUARE
    if top.key is None:
        if type(value) is not str:
            parse_error("key is not a string in object")
        if pop().type != J.JSON_COLON:
            parse_error("missing : in object pair")
        top.key = value
        return False
    if qdict_haskey(top.container, top.key):
        parse_error("duplicate key")
    qdict_put(top.container, top.key, value)
    top.key = None
    token = pop()
    if token.type not in {J.JSON_RCURLY, J.JSON_COMMA}:
        parse_error("expected separator in dict")
    return token.type == J.JSON_RCURLY
