"""Every message of the WebSocket, defined once. ``schema()`` is what the page and the tests check against.

Messages from the client are parsed by ``parse``. Messages of the server are models too, so that they have a schema; the two
that carry events are written as text by ``events_message`` and ``snapshot_message``, since their contents are text already.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

BATCH: Final = 1024
"""Most events in one message."""

Seq = Annotated[int, Field(ge=0, le=2**53)]
RunHash = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Commands = list[str]
"""Lines of the human monitor; QMP commands, which begin with ``{``; lines that begin with ``host ``, for the simulated host."""
Version = Annotated[str, Field(min_length=1, max_length=16)]


class Message(BaseModel):
    """What all messages share: a field that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


# From the client.


class Run(Message):
    """Emulate a command line, do ``commands`` on the machine that then stands ready, and stream the log.

    ``from``: its first event that is wanted. Whoever has the whole log of a run has the beginning of any run that does more
    commands after the same ones.
    """

    type: Literal["run"] = "run"
    argv: list[str] | str
    version: Version = "7.2"
    commands: Commands = []
    from_: Seq = Field(default=0, alias="from")


class Resume(Message):
    """Take a stream up again at its first missing event; the run is done anew where it was forgotten."""

    type: Literal["resume"] = "resume"
    run: RunHash
    argv: list[str] | str
    version: Version = "7.2"
    commands: Commands = []
    from_: Seq = Field(alias="from")


class Seek(Message):
    """Ask for the state before event ``at`` and ``window`` events from there on. The stream goes on where it was."""

    type: Literal["seek"] = "seek"
    at: Seq
    window: Annotated[int, Field(ge=0, le=BATCH)] = BATCH


class Play(Message):
    """Let events flow: ``pace`` events a second, null as fast as they are read."""

    type: Literal["play"] = "play"
    pace: Annotated[float, Field(gt=0, le=1e9)] | None = None


class Pause(Message):
    """Hold the stream. The run itself goes on."""

    type: Literal["pause"] = "pause"


class Step(Message):
    """Let ``count`` more events through, then hold the stream."""

    type: Literal["step"] = "step"
    count: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class Stop(Message):
    """Give the stream up."""

    type: Literal["stop"] = "stop"


ClientMessage = Run | Resume | Seek | Play | Pause | Step | Stop
_client: Final[TypeAdapter[ClientMessage]] = TypeAdapter(Annotated[ClientMessage, Field(discriminator="type")])


# From the server.


class FunctionRow(Message):
    """An emulated function: ``file`` and ``line`` are QEMU's, ``py`` its first and last line in ``module``."""

    name: str
    module: str
    file: str | None
    line: int | None
    py: tuple[int, int]
    params: list[str]
    modelled: bool


class StructRow(Message):
    """A struct: its ``sizeof`` (0 where nothing depends on it) and the encoded value of each zeroed field."""

    size: int
    fields: dict[str, Any]


class Header(Message):
    """The first message of a stream: what the numbers and names in its events mean."""

    type: Literal["header"] = "header"
    run: RunHash
    from_: Seq = Field(alias="from")
    format: Literal[1] = 1
    version: str
    argv: list[str]
    commands: list[str]
    functions: list[FunctionRow]
    structs: dict[str, StructRow]


class Events(Message):
    """Events of the log, in order, the first of them number ``from``."""

    type: Literal["events"] = "events"
    from_: Seq = Field(alias="from")
    events: Annotated[list[list[Any]], Field(max_length=BATCH)]


class End(Message):
    """The log is complete: how the run ended, and what it printed. ``ready``: a machine stands and takes commands."""

    type: Literal["end"] = "end"
    run: RunHash
    total: Seq
    exit: int
    stderr: str
    stdout: str
    ready: bool


class Snapshot(Message):
    """The state before event ``at`` (ARCHITECTURE.md, "Events"). A message of events from ``at`` on follows."""

    type: Literal["snapshot"] = "snapshot"
    at: Seq
    state: dict[str, Any]


class Problem(Message):
    """What was asked for cannot be done; the connection stays open unless the server closes it."""

    type: Literal["error"] = "error"
    code: str
    message: str
    hint: str | None = None


ServerMessage = Header | Events | End | Snapshot | Problem
_server: Final[TypeAdapter[ServerMessage]] = TypeAdapter(Annotated[ServerMessage, Field(discriminator="type")])


class ProtocolError(Exception):
    """A message of a client, or what it asks for, was refused. ``code`` is for programs, the rest for people."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def text(self) -> str:
        """Return the message that tells the client."""
        return Problem(code=self.code, message=self.message, hint=self.hint).model_dump_json(by_alias=True)


def parse(text: str) -> ClientMessage:
    """Return a client's message. ProtocolError: it is none."""
    try:
        return _client.validate_json(text)
    except ValidationError as err:
        first = err.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        known = ", ".join(_names(_client))
        raise ProtocolError(
            "bad-message", f"{where}: {first['msg']}" if where else first["msg"], f"messages are JSON objects of type {known}"
        ) from None


def parse_server(text: str) -> ServerMessage:
    """Return a server's message. ValidationError: it is none."""
    return _server.validate_json(text)


def events_message(first: int, events: str) -> str:
    """Return the text of an ``Events`` message around the JSON text of its list."""
    return f'{{"type":"events","from":{first},"events":{events}}}'


def snapshot_message(at: int, state: str) -> str:
    """Return the text of a ``Snapshot`` message around the JSON text of its state."""
    return f'{{"type":"snapshot","at":{at},"state":{state}}}'


def schema() -> dict[str, Any]:
    """Return the JSON schema of both directions."""
    return {"client": _client.json_schema(), "server": _server.json_schema()}


def _names(adapter: TypeAdapter[Any]) -> list[str]:
    return list(adapter.json_schema()["discriminator"]["mapping"])
