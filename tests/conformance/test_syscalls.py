"""No command line of a visitor opens a file, a descriptor, a socket or a process: watched where the kernel sees it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conformance.recorded import scenarios
from conformance.watch_syscalls import BEGIN, END

STRACE = shutil.which("strace")
SCRIPT = Path(__file__).with_name("watch_syscalls.py")
RANDOM = 1000

HARMLESS = re.compile(r"^(access|faccessat2?)\(")
"""The marks themselves."""

WATCHED = (
    "%file,%network,%process,?clone3,?pidfd_open,?memfd_create,?eventfd,eventfd2,pipe,pipe2,?epoll_create,epoll_create1,"
    "?inotify_init,inotify_init1,?signalfd,signalfd4,timerfd_create,?userfaultfd,?perf_event_open,?bpf,?io_uring_setup,"
    "dup,dup2,dup3,fcntl,ioctl,ptrace,kill,tkill,tgkill,?mq_open,?fanotify_init,?pidfd_getfd"
)
"""Calls that make a descriptor, reach a file or another machine, or make a process or act on one."""


def watched(command_lines: list[list[str]], count: int, wrong: str, folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Return the system calls between the marks, and what the script tells."""
    trace = folder / "trace"
    done = subprocess.run(
        [str(STRACE), "-f", "-qq", "-s", "80", "--seccomp-bpf", "-e", f"trace={WATCHED}", "-e", "signal=none", "-o", str(trace),
         sys.executable, str(SCRIPT)],
        input=json.dumps([command_lines, count, wrong]),
        capture_output=True,
        text=True,
        check=True,
        cwd=SCRIPT.parents[2],
        timeout=300,
        env={"PYTHONPATH": str(SCRIPT.parents[2]), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    calls = [line.split(None, 1)[1] for line in trace.read_text(errors="replace").splitlines()]
    begin = next(i for i, call in enumerate(calls) if BEGIN in call)
    end = next(i for i, call in enumerate(calls) if END in call)
    found: dict[str, Any] = json.loads(done.stdout)
    return [call for call in calls[begin + 1 : end] if not HARMLESS.match(call)], found


needs_strace = pytest.mark.skipif(STRACE is None, reason="strace is not installed: apt-get install strace")


@needs_strace
def test_a_thousand_command_lines_make_no_system_call_that_matters(tmp_path: Path) -> None:
    calls, found = watched([scenario["argv"] for scenario in scenarios().values()], RANDOM, "", tmp_path)
    assert calls == []
    assert found["done"] == RANDOM + len(scenarios())


WRONG = {
    "openat(": "open('/etc/hostname').close()",
    "socket(": "import socket; socket.socket().close()",
    "execve(": "import os; os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
    "fcntl(": "import os; os.close(os.dup(0))",
    "unlink(": "import os, contextlib\nwith contextlib.suppress(OSError): os.unlink('/nonexistent/x')",
    "eventfd2(": "import os; os.close(os.eventfd(0))",
}


@needs_strace
def test_the_watch_sees_what_it_is_for(tmp_path: Path) -> None:
    calls, _ = watched([["-M", "none"]], 0, "\n".join(WRONG.values()), tmp_path)
    for call in WRONG:
        assert any(one.startswith(call) for one in calls), call
