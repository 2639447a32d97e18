from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from conformance.recorded import scenarios

from app.cli import main

PC_USER = scenarios()["pc-user"]["argv"]


def qomscope(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_calls_prints_depth_and_function() -> None:
    result = qomscope("calls", "--", *PC_USER)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split(" ") for line in result.stdout.splitlines()]
    assert all(len(line) == 2 for line in lines)
    depths = [int(depth) for depth, _ in lines]
    assert depths[0] == 0
    assert all(after <= before + 1 for before, after in itertools.pairwise(depths))
    assert "virtio_net_device_realize" in {name for _, name in lines}


@pytest.mark.parametrize("name", ["err-bad-property", "err-netdev-not-found"])
@pytest.mark.parametrize("command", ["calls", "run"])
def test_exit_status_and_standard_error_are_qemu_s(command: str, name: str) -> None:
    scenario = scenarios()[name]
    result = qomscope(command, "--", *scenario["argv"])
    assert (result.exit_code, result.stderr) == (scenario["exit"], scenario["stderr"])


def test_the_program_s_name_may_stand_first() -> None:
    assert qomscope("run", "--", "qemu-system-x86_64", *PC_USER).exit_code == 0


def test_run_json_is_the_log_as_lines() -> None:
    command = [sys.executable, "-m", "app", "run", "--json", "--", *PC_USER]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    header, *events, end = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    assert (header["type"], header["argv"]) == ("header", PC_USER)
    assert (end["type"], end["total"], end["exit"], end["stderr"]) == ("end", len(events), 0, "")
    assert {event[0] for event in events} <= set("EXNFSIRPM")


def test_types_json_has_the_form_of_the_recorded_ones() -> None:
    rows = json.loads(qomscope("types", "--json").stdout)
    row = rows["virtio-net-pci"]
    assert (row["parent"], row["instance_size"], row["class_init"]) == (
        "virtio-net-pci-base",
        43008,
        "virtio_pci_generic_class_init",
    )
    assert row["slots"]["VirtioPCIClass.parent_dc_realize"] == "pci_qdev_realize"


def test_types_can_be_read() -> None:
    result = qomscope("types", "virtio-net-pci")
    assert result.stdout.startswith("virtio-net-pci : virtio-net-pci-base\n    class 248 bytes, instance 43008 bytes\n")
    assert "virtio_pci_dc_realize" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("types", "no-such-type"), "not modelled: no-such-type"),
        (("calls", "--qemu", "0.1", "--"), "Invalid value for '--qemu'"),
        (("calls", "--", "qemu-system-arm"), "not modelled: qemu-system-arm"),
        (("calls", "--limit", "10", "--", *PC_USER), "the run has more than 10 events; allow more: --limit"),
        (("fly",), "No such command 'fly'"),
        (("serve", "--host", "no.such.host.invalid"), "cannot listen on no.such.host.invalid"),
    ],
)
def test_errors_say_what_to_do(words: tuple[str, ...], said: str) -> None:
    result = qomscope(*words)
    assert result.exit_code != 0
    assert said in result.stderr


def test_what_is_not_modelled_is_said() -> None:
    result = qomscope("run", "--", "-nodefaults", "-M", "pc", "-icount", "shift=7")
    assert result.exit_code == 1
    assert "not modelled: -icount" in result.stderr


def test_a_reader_may_go_before_the_end() -> None:
    command = f"{sys.executable} -m app calls -- {' '.join(PC_USER)} | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout.startswith("0 ")
    assert done.stderr == ""


def test_serve_prints_its_address_and_ends_on_a_signal() -> None:
    command = [sys.executable, "-m", "app", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().split()[1]
            assert address.startswith("http://127.0.0.1:")
            assert_serves(address)
            server.terminate()
            assert server.wait(10) in (0, -15)
        finally:
            server.kill()


def assert_serves(address: str) -> None:
    for _ in range(100):
        try:
            assert httpx.get(address + "healthz").json()["ok"] is True
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server does not answer")
