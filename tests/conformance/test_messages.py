"""What QEMU says of options, of network clients and of where a device goes: exit status, words, and ``info network``."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from clients import clients, info_network
from conformance.qemu import QemuExited, qemu

import emu
from emu.host.loop import run_main_loop
from emu.net.net.startup import net_check_clients

MESSAGES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parent / "data" / "messages.json").read_text())
CONDITIONS = ("-accel", "tcg", "-S", "-display", "none", "-qmp", "stdio")
NO_MACHINE = ("-nodefaults", "-M", "none")


def rows(*kinds: str) -> pytest.MarkDecorator:
    """Run a test once for each recorded command line."""
    chosen = [row for kind in kinds for row in MESSAGES[kind]]
    return pytest.mark.parametrize("row", chosen, ids=[" ".join(row["argv"]) for row in chosen])


def without_chance(text: str) -> str:
    """Leave out what QEMU draws by lot: the last digits of a name that it makes up."""
    return re.sub(r"#net(\d)\d\d", r"#net\1", text)


@rows("networks")
def test_network_clients(row: dict[str, Any]) -> None:
    with clients(*row["argv"]) as done:
        network = ""
        if not done.status:
            net_check_clients()
            run_main_loop()
            network = info_network()
    assert (done.status, without_chance(done.stderr)) == (row["exit"], without_chance(row["stderr"]))
    assert without_chance(network) == without_chance(row["network"])


@rows("options")
def test_options(row: dict[str, Any]) -> None:
    run = emu.run([*CONDITIONS, *row["argv"]], recording=False)
    assert (run.exit_status, run.stderr, run.stdout) == (row["exit"], row["stderr"], row["stdout"])


@rows("devices")
def test_devices(row: dict[str, Any]) -> None:
    run = emu.run([*CONDITIONS, *row["argv"]], recording=False)
    assert (run.exit_status, run.stderr) == (row["exit"], row["stderr"])


@pytest.mark.qemu
@rows("networks")
def test_the_recorded_network_is_the_real_program_s(row: dict[str, Any]) -> None:
    try:
        with qemu(*NO_MACHINE, *row["argv"]) as machine:
            network = machine.hmp("info network").replace("\r", "")
            deadline = time.monotonic() + 3  # a thread looks addresses up, or connects, meanwhile
            while without_chance(network) != without_chance(row["network"]) and time.monotonic() < deadline:
                network = machine.hmp("info network").replace("\r", "")
            assert without_chance(network) == without_chance(row["network"])
            assert without_chance(machine.stderr) == without_chance(row["stderr"])
    except QemuExited as exited:
        status = exited.status if exited.status >= 0 else 128 - exited.status  # as a shell says that it aborted
        assert (status, exited.stderr) == (row["exit"], row["stderr"])
