"""The emulated call trees are the recorded ones, name by name; exit status and messages are the real program's."""

from __future__ import annotations

import pytest
from conformance.emulated import emulate
from conformance.qemu import QemuExited, qemu
from conformance.recorded import VIRTIO_NET, calls, compare, reduced, scenarios

from app import tree


@pytest.mark.parametrize("name", VIRTIO_NET)
def test_the_call_tree_is_the_recorded_one(name: str) -> None:
    comparison = compare(name, tree.calls(emulate(*scenarios()[name]["argv"]).run.events))
    assert comparison.exact, comparison.diverges
    assert comparison.coverage == 1.0, comparison.missing


@pytest.mark.parametrize("name", VIRTIO_NET)
def test_exit_status_and_messages(name: str) -> None:
    scenario = scenarios()[name]
    run = emulate(*scenario["argv"]).run
    assert (run.exit_status, run.stderr) == (scenario["exit"], scenario["stderr"])


@pytest.mark.qemu
@pytest.mark.parametrize("name", sorted(scenarios()))
def test_the_recorded_messages_are_the_real_program_s(name: str) -> None:
    """The recording is of an instrumented build; the program that is installed here is Debian's own."""
    scenario = scenarios()[name]
    if "tap," in " ".join(scenario["argv"]):
        pytest.skip("would make a tap interface on this machine")
    try:
        with qemu(*scenario["argv"]) as machine:
            assert machine.command("query-version")["qemu"] == {"major": 7, "minor": 2, "micro": 22}
            assert scenario["exit"] == 0
    except QemuExited as exited:
        assert (exited.status, exited.stderr) == (scenario["exit"], scenario["stderr"])


def test_a_wrong_tree_is_told_from_the_right_one() -> None:
    """The comparison itself: a call left out, added, or put elsewhere is found."""
    right = calls("pc-user")
    assert compare("pc-user", right).same
    at = next(i for i, (_, name) in enumerate(right) if name == "virtio_pci_realize")
    depth, name = right[at]
    for wrong in (
        right[:at] + right[at + 1 :],
        [*right[:at], (depth, name), *right[at:]],
        [*right[:at], (depth + 1, name), *right[at + 1 :]],
    ):
        comparison = compare("pc-user", wrong)
        assert not comparison.same
        assert comparison.ratio < 1 or comparison.missing


def test_a_function_that_is_not_emulated_is_missing() -> None:
    name = "virtio_pci_realize"
    comparison = compare("pc-user", reduced(calls("pc-user"), {function for _, function in calls("pc-user")} - {name}))
    assert comparison.exact
    assert comparison.missing == (name,)
