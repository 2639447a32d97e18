"""No command line of a visitor opens a file, a descriptor, a socket or a process: watched where the kernel sees it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conformance.recorded import scenarios
from conformance.watch_syscalls import BEGIN, END, LAST

STRACE = shutil.which("strace")
SCRIPT = Path(__file__).with_name("watch_syscalls.py")
RANDOM = 1000

HARMLESS = re.compile(r"^((access|faccessat2?)\(|exit_group\(0\)|\+\+\+ exited with 0 \+\+\+)")
"""The marks themselves, and processes that were there before and have done their part."""

WATCHED = (
    "%file,%network,%process,?clone3,?pidfd_open,?memfd_create,?eventfd,eventfd2,pipe,pipe2,?epoll_create,epoll_create1,"
    "?inotify_init,inotify_init1,?signalfd,signalfd4,timerfd_create,?userfaultfd,?perf_event_open,?bpf,?io_uring_setup,"
    "dup,dup2,dup3,fcntl,ioctl,ptrace,kill,tkill,tgkill,?mq_open,?fanotify_init,?pidfd_getfd"
)
"""Calls that make a descriptor, reach a file or another machine, or make a process or act on one."""


@dataclass
class Watched:
    """System calls while command lines were emulated, and while something wrong was done; what the script tells."""

    calls: list[str]
    wrong: list[str]
    found: dict[str, Any]


WRONG = {
    "openat(": "open('/etc/hostname').close()",
    "socket(": "import socket; socket.socket().close()",
    "execve(": "import os; os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
    "fcntl(": "import os; os.close(os.dup(0))",
    "unlink(": "import os, contextlib\nwith contextlib.suppress(OSError): os.unlink('/nonexistent/x')",
    "eventfd2(": "import os; os.close(os.eventfd(0))",
}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """Watch one process and those that it has made before: to load the emulator takes as long as 100 runs."""
    if STRACE is None:
        pytest.skip("strace is not installed: apt-get install strace")
    trace = tmp_path_factory.mktemp("strace") / "trace"
    command_lines = [scenario["argv"] for scenario in scenarios().values()]
    done = subprocess.run(
        [STRACE, "-f", "-qq", "-s", "80", "--seccomp-bpf", "-e", f"trace={WATCHED}", "-e", "signal=none", "-o", str(trace),
         sys.executable, str(SCRIPT)],
        input=json.dumps([command_lines, RANDOM, "\n".join(WRONG.values())]),
        capture_output=True,
        text=True,
        check=True,
        cwd=SCRIPT.parents[2],
        timeout=300,
        env={"PYTHONPATH": str(SCRIPT.parents[2]), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    calls = [line.split(None, 1)[1] for line in trace.read_text(errors="replace").splitlines()]
    begin, end, last = (next(i for i, call in enumerate(calls) if mark in call) for mark in (BEGIN, END, LAST))
    return Watched(
        [call for call in calls[begin + 1 : end] if not HARMLESS.match(call)], calls[end + 1 : last], json.loads(done.stdout)
    )


def test_a_thousand_command_lines_make_no_system_call_that_matters(watched: Watched) -> None:
    assert watched.calls == []
    assert watched.found["done"] == RANDOM + len(scenarios())


def test_the_watch_sees_what_it_is_for(watched: Watched) -> None:
    for call in WRONG:
        assert any(one.startswith(call) for one in watched.wrong), call
