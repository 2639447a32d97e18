"""``--do``: commands on the ready machine."""

from __future__ import annotations

from pathlib import Path

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


def test_a_configuration_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "vm.cfg"
    path.write_text('[netdev "n0"]\n  type = "user"\n')
    result = qomscope("run", "--do", "info network", "--", "-nodefaults", "-M", "none", "-S", "-readconfig", str(path))
    assert result.stdout == "n0: index=0,type=user,net=10.0.2.0,restrict=off\n"


def test_a_configuration_file_that_is_not_there_is_missed_as_qemu_misses_it() -> None:
    result = qomscope("run", "--", "-M", "none", "-readconfig", "/nowhere.cfg")
    assert result.exit_code == 1
    assert "-readconfig /nowhere.cfg: Could not open '/nowhere.cfg': No such file or directory" in result.stderr
