"""The WebSocket over a real connection, with the demo machine of tests/demo.py in the place of QEMU."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator
from typing import Any

import demo
import httpx
import pytest
from serving import serving
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from app import protocol, wire
from app.limits import Limits
from app.recording import run_hash
from app.web import create_app
from emu.trace.fold import fold

LIMITS = Limits(argv_chars=1000, events=20_000, message_bytes=200_000, clients=8)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(create_app(LIMITS, execute=demo.run), message_bytes=LIMITS.message_bytes) as address:
        yield address


@pytest.fixture
def socket(address: str) -> Iterator[ClientConnection]:
    with connect(f"ws://{address}/ws", max_size=None) as socket:
        yield socket


def ask(socket: ClientConnection, **message: Any) -> None:
    socket.send(json.dumps(message))


def get(socket: ClientConnection) -> dict[str, Any]:
    text = socket.recv(10)
    assert isinstance(text, str)
    protocol.parse_server(text)  # every message is one of the protocol
    answer: dict[str, Any] = json.loads(text)
    return answer


def until_end(socket: ClientConnection, at: int = 0) -> tuple[list[Any], dict[str, Any]]:
    """Return the events from ``at`` on, which must come without a gap, and the message after them."""
    events: list[Any] = []
    while (message := get(socket))["type"] == "events":
        assert message["from"] == at + len(events)
        events += message["events"]
    return events, message


def expected(*argv: str) -> list[Any]:
    events: list[Any] = json.loads(wire.events_text(demo.run(list(argv)).events))
    return events


def alive(address: str) -> None:
    assert httpx.get(f"http://{address}/healthz").json()["ok"] is True


def test_a_run_is_streamed_whole(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-rounds 40")
    header = get(socket)
    assert (header["type"], header["from"], header["version"], header["argv"]) == ("header", 0, "7.2", ["-rounds", "40"])
    events, end = until_end(socket)
    want = expected("-rounds", "40")
    assert [(e[0], e[1], *e[3:]) for e in events] == [(e[0], e[1], *e[3:]) for e in want]
    assert end["total"] == len(want) > 2 * protocol.BATCH
    assert (end["exit"], end["stderr"], end["run"]) == (0, "demo: the box is stuck\n", run_hash("7.2", ["-rounds", "40"]))
    names = {header["functions"][event[3]]["name"] for event in events if event[0] == "E"}
    assert names == {"demo_main", "box_fill", "box_open", "box_fail"}
    assert header["structs"]["Box"] == {
        "size": 48,
        "fields": {
            "name": "",
            "weight": 0,
            "inside": None,
            "open": None,
            "config": {"b": "00" * 16},
            "items": {"l": []},
            "labels": {"d": {}},
        },
    }


def test_an_argv_may_be_a_list(socket: ClientConnection) -> None:
    ask(socket, type="run", argv=["qemu-system-x86_64", "-name", "a b"])
    assert get(socket)["argv"] == ["-name", "a b"]


def test_a_failed_run_says_so_and_can_be_stepped_through(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-fail")
    get(socket)
    events, end = until_end(socket)
    assert end["exit"] == 1
    assert events


def test_a_crash_is_told_and_the_log_up_to_there_is_kept(address: str, socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-crash")
    get(socket)
    events, end = until_end(socket)
    assert events
    assert (end["type"], end["code"]) == ("error", "internal")
    assert "crashed as it was told to" in end["message"]
    ask(socket, type="seek", at=len(events), window=1)
    assert get(socket)["type"] == "snapshot"
    alive(address)


def test_too_many_events_end_the_run(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-rounds 100000")
    get(socket)
    events, end = until_end(socket)
    assert end["code"] == "too-many-events"
    assert LIMITS.events < len(events) < LIMITS.events + 1000


def test_resume_at_the_first_missing_event(address: str) -> None:
    with connect(f"ws://{address}/ws", max_size=None) as first:
        ask(first, type="run", argv="-rounds 41")
        run = get(first)["run"]
        had = get(first)["events"][:500]
    with connect(f"ws://{address}/ws", max_size=None) as second:
        ask(second, type="resume", run=run, argv="-rounds 41", **{"from": len(had)})
        header = get(second)
        assert (header["from"], header["run"]) == (len(had), run)
        rest, end = until_end(second, len(had))
    assert len(had) + len(rest) == end["total"]
    assert [event[0] for event in had + rest] == [event[0] for event in expected("-rounds", "41")]


def test_resume_after_the_server_forgot() -> None:
    with serving(create_app(LIMITS, execute=demo.run)) as address, connect(f"ws://{address}/ws", max_size=None) as socket:
        ask(socket, type="resume", run=run_hash("7.2", ["-x"]), argv="-x", **{"from": 100})
        assert get(socket)["from"] == 100
        events, end = until_end(socket, 100)
        assert 100 + len(events) == end["total"]


def test_commands_lengthen_the_log(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-do")
    assert get(socket)["commands"] == []
    before, end = until_end(socket)
    ask(socket, type="run", argv="-do", commands=["press", "pull"], **{"from": len(before)})
    header = get(socket)
    assert (header["commands"], header["from"]) == (["press", "pull"], len(before))
    more, later = until_end(socket, len(before))
    assert more[0] == ["M", -1, 0, "command", "press"]
    assert later["total"] == len(before) + len(more) > end["total"]
    assert later["run"] == run_hash("7.2", ["-do"], ["press", "pull"]) != end["run"]
    ask(socket, type="resume", run=later["run"], argv="-do", commands=["press"], **{"from": 0})
    assert get(socket)["code"] == "other-run"


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        (["x"] * 201, "too-many-commands"),
        (["x" * 1001], "commands-too-long"),
        (["a\nb"], "bad-command-line"),
        ([" "], "bad-command-line"),
    ],
    ids=["too many", "too long", "two lines", "empty"],
)
def test_commands_have_limits(socket: ClientConnection, commands: list[str], code: str) -> None:
    ask(socket, type="run", argv="-do", commands=commands)
    assert get(socket)["code"] == code


def test_names_of_runs_without_commands_stay() -> None:
    assert run_hash("7.2", ["-M", "pc"], []) == run_hash("7.2", ["-M", "pc"]) == "7dab72aacc9eb0b28177f823b7ff3c8b"


def test_resume_of_another_run_is_refused(socket: ClientConnection) -> None:
    ask(socket, type="resume", run="0" * 32, argv="-x", **{"from": 0})
    assert get(socket)["code"] == "other-run"


def test_resume_past_the_end_is_refused(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-past")
    get(socket)
    until_end(socket)
    ask(socket, type="resume", run=run_hash("7.2", ["-past"]), argv="-past", **{"from": 10**6})
    assert get(socket)["code"] == "no-such-event"


@pytest.mark.parametrize("at", [0, 1, 137])
def test_seek_gives_the_state_and_the_events_from_there(socket: ClientConnection, at: int) -> None:
    ask(socket, type="run", argv="-rounds 5")
    get(socket)
    until_end(socket)
    ask(socket, type="seek", at=at, window=10)
    snapshot, window = get(socket), get(socket)
    log = demo.run(["-rounds", "5"]).events
    assert (snapshot["type"], snapshot["at"]) == ("snapshot", at)
    assert snapshot["state"] == json.loads(wire.state_text(fold(log[:at])))
    assert (window["from"], len(window["events"])) == (at, 10)


def test_seek_back_and_forth(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-rounds 6")
    get(socket)
    _, end = until_end(socket)
    log = demo.run(["-rounds", "6"]).events
    for at in (end["total"], 3, 200, 150, end["total"] - 1, 0):
        ask(socket, type="seek", at=at, window=0)
        assert get(socket)["state"] == json.loads(wire.state_text(fold(log[:at])))
        assert get(socket)["events"] == []
    ask(socket, type="seek", at=end["total"] + 1, window=0)
    assert get(socket)["code"] == "no-such-event"


def test_pause_step_play(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-rounds 150")  # long enough that the pause comes before the end
    ask(socket, type="pause")
    assert get(socket)["type"] == "header"
    have = 0
    ask(socket, type="step", count=5)
    ask(socket, type="seek", at=0, window=0)  # its answer comes after what flowed before the pause
    while (message := get(socket))["type"] == "events":
        have += len(message["events"])
    assert message["type"] == "snapshot"
    get(socket)
    ask(socket, type="play", pace=100_000)
    events, end = until_end(socket, have)
    assert have + len(events) == end["total"]


def test_a_new_run_takes_the_place_of_the_old(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-rounds 100")
    ask(socket, type="run", argv="-rounds 4")
    while (message := get(socket))["type"] != "header" or message["argv"] != ["-rounds", "4"]:
        pass
    _, end = until_end(socket)
    assert end["run"] == run_hash("7.2", ["-rounds", "4"])


def test_stop_ends_the_stream(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="-rounds 300")
    ask(socket, type="stop")
    ask(socket, type="seek", at=0)
    while (message := get(socket))["type"] != "error":
        pass
    assert message["code"] == "not-now"


def test_it_streams_while_the_run_goes_on() -> None:
    hold = threading.Event()
    app = create_app(LIMITS, execute=functools.partial(demo.run, hold=hold))
    with serving(app) as address, connect(f"ws://{address}/ws", max_size=None) as socket:
        ask(socket, type="run", argv="")
        get(socket)
        first = get(socket)
        assert first["type"] == "events"
        hold.set()
        rest, end = until_end(socket, len(first["events"]))
        assert len(first["events"]) + len(rest) == end["total"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Invalid JSON"),
        ("hello", "Invalid JSON"),
        ("[]", "Input should be an object"),
        ("{}", "Unable to extract tag"),
        ('{"type": "fly"}', "does not match any of the expected tags"),
        ('{"type": "run"}', "run.argv: Field required"),
        ('{"type": "run", "argv": 7}', "run.argv"),
        ('{"type": "run", "argv": [], "colour": "red"}', "run.colour: Extra inputs are not permitted"),
        ('{"type": "seek", "at": -1}', "seek.at"),
        ('{"type": "play", "pace": 0}', "play.pace"),
        ("[" * 5000, "Invalid JSON"),
        (b"\x00\xff", "Invalid JSON"),
    ],
)
def test_rubbish_is_told_and_the_talk_goes_on(socket: ClientConnection, text: str | bytes, said: str) -> None:
    socket.send(text)
    answer = get(socket)
    assert answer["code"] == "bad-message"
    assert said in answer["message"]
    ask(socket, type="run", argv="-x")
    assert get(socket)["type"] == "header"


def test_endless_rubbish_is_cut_off(address: str, socket: ClientConnection) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        for _ in range(100):
            socket.send("rubbish")
            get(socket)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "too many messages that make no sense")
    alive(address)


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        ("-name 'a", "bad-command-line", "never closed"),
        ("x" * 5000, "argv-too-long", "5000 characters, more than 1000"),
        (["x" * 300] * 5, "argv-too-long", "1505 characters, more than 1000"),
        ("-name a\0b", "bad-command-line", "NUL"),
    ],
)
def test_a_bad_command_line_is_told(socket: ClientConnection, argv: str | list[str], code: str, said: str) -> None:
    ask(socket, type="run", argv=argv)
    answer = get(socket)
    assert (answer["type"], answer["code"]) == ("error", code)
    assert said in answer["message"]


def test_an_unknown_version_is_told(socket: ClientConnection) -> None:
    ask(socket, type="run", argv="", version="0.1")
    assert get(socket)["message"] == "not modelled: QEMU 0.1"


def test_a_message_of_a_megabyte_is_refused(address: str, socket: ClientConnection) -> None:
    ask(socket, type="run", argv="x" * 1_000_000)
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    alive(address)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "file://", "http://127.0.0.1:1"])
def test_a_foreign_page_is_refused(address: str, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://{address}/ws", origin=origin):
        pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body)["code"] == "wrong-origin"
    alive(address)


def test_the_own_page_is_let_in(address: str) -> None:
    with connect(f"ws://{address}/ws", origin=f"http://{address}") as socket:
        ask(socket, type="run", argv="-x")
        assert get(socket)["type"] == "header"


def test_too_many_clients_are_refused() -> None:
    with serving(create_app(Limits(clients=1), execute=demo.run)) as address, connect(f"ws://{address}/ws") as first:
        with connect(f"ws://{address}/ws") as second:
            assert get(second)["code"] == "busy"
            with pytest.raises(ConnectionClosed):
                second.recv(10)
        ask(first, type="run", argv="-x")
        assert get(first)["type"] == "header"
