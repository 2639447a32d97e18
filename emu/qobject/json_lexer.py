"""Tokens of JSON (qobject/json-lexer.c): a state machine, one table row of 256 next states for each state."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Final


class J(IntEnum):
    """States of the lexer, then the types of tokens (qobject/json-parser-int.h)."""

    JSON_ERROR = 0
    IN_RECOVERY = 1
    IN_DQ_STRING_ESCAPE = 2
    IN_DQ_STRING = 3
    IN_SQ_STRING_ESCAPE = 4
    IN_SQ_STRING = 5
    IN_ZERO = 6
    IN_EXP_DIGITS = 7
    IN_EXP_SIGN = 8
    IN_EXP_E = 9
    IN_MANTISSA = 10
    IN_MANTISSA_DIGITS = 11
    IN_DIGITS = 12
    IN_SIGN = 13
    IN_KEYWORD = 14
    IN_START = 15
    JSON_LCURLY = 16
    JSON_RCURLY = 17
    JSON_LSQUARE = 18
    JSON_RSQUARE = 19
    JSON_COLON = 20
    JSON_COMMA = 21
    JSON_INTEGER = 22
    JSON_FLOAT = 23
    JSON_KEYWORD = 24
    JSON_STRING = 25
    JSON_END_OF_INPUT = 26


TOKENS: Final = frozenset(range(J.JSON_LCURLY, J.JSON_END_OF_INPUT))
LOOKAHEAD: Final = 0x80
_DIGITS: Final = b"0123456789"
_LOWER: Final = b"abcdefghijklmnopqrstuvwxyz"
_STRING: Final = bytes(range(0x20, 0xFE))


def _row(default: int, *groups: tuple[bytes, int]) -> bytes:
    row = bytearray([default]) * 256
    for characters, state in groups:
        for character in characters:
            row[character] = state
    return bytes(row)


_RESYNC: Final = J.IN_START | LOOKAHEAD

TABLE: Final[dict[int, bytes]] = {
    J.IN_RECOVERY: _row(_RESYNC, (_STRING, J.IN_RECOVERY), (b"\t", J.IN_RECOVERY), (b"[]{}:,", _RESYNC)),
    J.IN_DQ_STRING_ESCAPE: _row(J.JSON_ERROR, (_STRING, J.IN_DQ_STRING)),
    J.IN_DQ_STRING: _row(J.JSON_ERROR, (_STRING, J.IN_DQ_STRING), (b"\\", J.IN_DQ_STRING_ESCAPE), (b'"', J.JSON_STRING)),
    J.IN_SQ_STRING_ESCAPE: _row(J.JSON_ERROR, (_STRING, J.IN_SQ_STRING)),
    J.IN_SQ_STRING: _row(J.JSON_ERROR, (_STRING, J.IN_SQ_STRING), (b"\\", J.IN_SQ_STRING_ESCAPE), (b"'", J.JSON_STRING)),
    J.IN_ZERO: _row(J.JSON_INTEGER | LOOKAHEAD, (_DIGITS, J.JSON_ERROR), (b".", J.IN_MANTISSA)),
    J.IN_EXP_DIGITS: _row(J.JSON_FLOAT | LOOKAHEAD, (_DIGITS, J.IN_EXP_DIGITS)),
    J.IN_EXP_SIGN: _row(J.JSON_ERROR, (_DIGITS, J.IN_EXP_DIGITS)),
    J.IN_EXP_E: _row(J.JSON_ERROR, (b"+-", J.IN_EXP_SIGN), (_DIGITS, J.IN_EXP_DIGITS)),
    J.IN_MANTISSA_DIGITS: _row(J.JSON_FLOAT | LOOKAHEAD, (_DIGITS, J.IN_MANTISSA_DIGITS), (b"eE", J.IN_EXP_E)),
    J.IN_MANTISSA: _row(J.JSON_ERROR, (_DIGITS, J.IN_MANTISSA_DIGITS)),
    J.IN_DIGITS: _row(J.JSON_INTEGER | LOOKAHEAD, (_DIGITS, J.IN_DIGITS), (b"eE", J.IN_EXP_E), (b".", J.IN_MANTISSA)),
    J.IN_SIGN: _row(J.JSON_ERROR, (b"0", J.IN_ZERO), (_DIGITS[1:], J.IN_DIGITS)),
    J.IN_KEYWORD: _row(J.JSON_KEYWORD | LOOKAHEAD, (_LOWER, J.IN_KEYWORD)),
    J.IN_START: _row(
        J.JSON_ERROR,
        (b'"', J.IN_DQ_STRING),
        (b"'", J.IN_SQ_STRING),
        (b"0", J.IN_ZERO),
        (_DIGITS[1:], J.IN_DIGITS),
        (b"-", J.IN_SIGN),
        (b"{", J.JSON_LCURLY),
        (b"}", J.JSON_RCURLY),
        (b"[", J.JSON_LSQUARE),
        (b"]", J.JSON_RSQUARE),
        (b",", J.JSON_COMMA),
        (b":", J.JSON_COLON),
        (_LOWER, J.IN_KEYWORD),
        (b" \t\r\n", J.IN_START),
    ),
}


class JSONLexer:
    """Cuts bytes into tokens, which it hands to ``process(type, text)``: also what is no token, as JSON_ERROR."""

    def __init__(self, process: Callable[[int, bytes], None]) -> None:
        self.process = process
        self.state: int = J.IN_START
        self.token = bytearray()

    def _enter(self, state: int) -> None:
        if state in TOKENS:
            self.process(state, bytes(self.token))
            state = J.IN_START
        elif state == J.JSON_ERROR:
            self.process(state, bytes(self.token))
            state = J.IN_RECOVERY
        if state in {J.IN_START, J.IN_RECOVERY}:
            self.token.clear()
        self.state = state

    def feed(self, data: bytes) -> None:
        """Take bytes in."""
        for byte in data:
            consumed = False
            while not consumed:
                following = TABLE[self.state][byte]
                consumed = not following & LOOKAHEAD
                if consumed:
                    self.token.append(byte)
                self._enter(following & ~LOOKAHEAD)

    def flush(self) -> None:
        """End the input: what is unfinished becomes a token or an error."""
        while self.state != J.IN_START:
            self._enter(TABLE[self.state][0] & ~LOOKAHEAD)
        self.process(J.JSON_END_OF_INPUT, b"")
