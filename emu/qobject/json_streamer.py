"""A stream of JSON values (qobject/json-streamer.c), as a monitor reads it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from emu.qapi.error import Error
from emu.qobject.json_lexer import J, JSONLexer
from emu.qobject.json_parser import JSONToken, decode, json_parser_parse
from emu.qobject.qobject import QObject

MAX_TOKEN_SIZE: Final = 64 << 20
MAX_TOKEN_COUNT: Final = 2 << 20
MAX_NESTING: Final = 1 << 10

_DEPTH: Final[dict[int, int]] = {J.JSON_LCURLY: 1, J.JSON_RCURLY: -1}
_BRACKETS: Final[dict[int, int]] = {J.JSON_LSQUARE: 1, J.JSON_RSQUARE: -1}


class JSONMessageParser:
    """Gathers tokens until they make a value, and emits it or the Error: ``emit(value, error)``, one of them None."""

    def __init__(self, emit: Callable[[QObject | None, Error | None], None]) -> None:
        self.emit = emit
        self.brace_count = 0
        self.bracket_count = 0
        self.tokens: deque[JSONToken] = deque()
        self.token_size = 0
        self.lexer = JSONLexer(self.process_token)

    def feed(self, data: bytes) -> None:
        """Take bytes in."""
        self.lexer.feed(data)

    def flush(self) -> None:
        """End the input."""
        self.lexer.flush()

    def process_token(self, type_: int, text: bytes) -> None:
        """Take a token in (json_message_process_token)."""
        self.brace_count += _DEPTH.get(type_, 0)
        self.bracket_count += _BRACKETS.get(type_, 0)
        if type_ == J.JSON_ERROR:
            stray = decode(text.partition(b"\0")[0])
            self._emit_error(f"JSON parse error, stray '{stray}'")
        elif type_ == J.JSON_END_OF_INPUT:
            if self.tokens:
                self._emit_value()
        elif self.token_size + len(text) + 1 > MAX_TOKEN_SIZE:
            self._emit_error("JSON token size limit exceeded")
        elif len(self.tokens) + 1 > MAX_TOKEN_COUNT:
            self._emit_error("JSON token count limit exceeded")
        elif self.bracket_count + self.brace_count > MAX_NESTING:
            self._emit_error("JSON nesting depth limit exceeded")
        else:
            self.tokens.append(JSONToken(type_, text))
            self.token_size += len(text)
            if not (self.brace_count > 0 or self.bracket_count > 0) or self.brace_count < 0 or self.bracket_count < 0:
                self._emit_value()

    def _emit_value(self) -> None:
        try:
            value = json_parser_parse(self.tokens)
        except Error as err:
            self._reset()
            self.emit(None, err)
        else:
            self._reset()
            self.emit(value, None)

    def _emit_error(self, text: str) -> None:
        self._reset()
        self.emit(None, Error(text, func="json_message_process_token"))

    def _reset(self) -> None:
        self.brace_count = self.bracket_count = self.token_size = 0
        self.tokens.clear()
