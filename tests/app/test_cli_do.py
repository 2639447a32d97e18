"""``--do``: commands on the ready machine."""

from __future__ import annotations

from click.testing import CliRunner, Result

from app.cli import main


def qomscope(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_run_prints_what_the_monitor_prints() -> None:
    result = qomscope("run", "--do", "info status", "--do", '{"execute": "query-status"}', "--", "-M", "none", "-S")
    status = '{"return": {"status": "prelaunch", "singlestep": false, "running": false}}\n'
    assert (result.exit_code, result.stdout) == (0, "VM status: paused (prelaunch)\n" + status)


def test_calls_go_on_with_those_of_the_command() -> None:
    argv = ("--", "-nodefaults", "-M", "pc", "-S")
    before = qomscope("calls", *argv).stdout
    after = qomscope("calls", "--do", "device_add virtio-net-pci,id=x", *argv).stdout
    assert after.startswith(before)
    assert "\n1 handle_hmp_command_exec\n2 hmp_device_add\n3 qmp_device_add\n" in after[len(before) - 1 :]


def test_nothing_is_done_after_quit() -> None:
    assert qomscope("run", "--do", "quit", "--do", "info status", "--", "-M", "none", "-S").stdout == ""
