from __future__ import annotations

import json
from collections.abc import Iterator

import demo
import httpx
import pytest
from serving import serving
from websockets.sync.client import connect

import emu.trace.fold
from app.argv import split
from app.limits import Limits
from app.web import create_app


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serving(create_app(execute=demo.run)) as address, httpx.Client(base_url=f"http://{address}") as client:
        yield client


def test_every_answer_has_the_security_headers(client: httpx.Client) -> None:
    for path in ("/", "/healthz", "/api/scenarios", "/no-such-page"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.0.2.1", ""])
def test_a_foreign_name_is_refused(client: httpx.Client, host: str) -> None:
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code in (400, 403)
    if answer.status_code == 403:
        assert answer.json()["code"] == "wrong-host"
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("host", ["localhost", "localhost:8086", "127.0.0.1", "[::1]:8086"])
def test_names_of_this_machine_are_its_own(client: httpx.Client, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_bound_elsewhere_any_name_may_be_its_own() -> None:
    with serving(create_app(execute=demo.run, bound="0.0.0.0")) as address:
        assert httpx.get(f"http://{address}/healthz", headers={"Host": "lab.example"}).status_code == 200


def test_scenarios_are_command_lines_with_titles_in_both_languages(client: httpx.Client) -> None:
    rows = client.get("/api/scenarios").json()
    assert len({row["name"] for row in rows}) == len(rows) >= 8
    for row in rows:
        assert split(row["argv"])
        assert row["en"]
        assert row["zh"]


def test_the_sources_of_emulated_modules(client: httpx.Client) -> None:
    answer, other = client.get("/api/sources", params={"module": ["emu.trace.fold", "emu.trace.symbols"]}).json()
    assert other["module"] == "emu.trace.symbols"
    assert answer["module"] == "emu.trace.fold"
    assert answer["path"] == "emu/trace/fold.py"
    assert emu.trace.fold.__doc__ is not None
    assert emu.trace.fold.__doc__ in answer["text"]


@pytest.mark.parametrize("module", ["app.web", "os", "emu", "emu.no_such", "emu..trace", "../../etc/passwd", "demo", ""])
def test_no_other_source_is_shown(client: httpx.Client, module: str) -> None:
    assert client.get("/api/sources", params={"module": ["emu.trace.fold", module]}).status_code == 404


def test_not_all_sources_at_once(client: httpx.Client) -> None:
    assert client.get("/api/sources", params={"module": ["emu.trace.fold"] * 33}).status_code == 422


def test_the_schema_of_the_messages(client: httpx.Client) -> None:
    schema = client.get("/api/protocol").json()
    assert set(schema["client"]["discriminator"]["mapping"]) == {"run", "resume", "seek", "play", "pause", "step", "stop"}
    assert set(schema["server"]["discriminator"]["mapping"]) == {"header", "events", "end", "snapshot", "error"}


def test_an_argv_of_a_megabyte_is_told_by_a_server_as_it_comes() -> None:
    with serving(create_app(execute=demo.run), message_bytes=Limits().message_bytes) as address:
        with connect(f"ws://{address}/ws") as socket:
            socket.send(json.dumps({"type": "run", "argv": "x" * (1 << 20)}))
            answer = json.loads(socket.recv(10))
        assert answer["code"] == "argv-too-long"
        assert answer["message"] == "the command line has 1048576 characters, more than 65536"
        assert httpx.get(f"http://{address}/healthz").json()["ok"] is True
