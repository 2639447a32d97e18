"""Programs on the real host: those that set a tap up, and helpers that open one."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Sequence
from typing import Final

SHELL: Final = "/bin/sh"
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Those that this program blocks, which its children are to get."""


def _start(path: str, argv: Sequence[str], keeping: Sequence[int]) -> int:
    """Start a program with the usual three descriptors and some more; return its process id."""
    for fd in keeping:
        os.set_inheritable(fd, True)
    pid = os.fork()
    if pid == 0:
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            os.execv(path, list(argv))  # noqa: S606  # as QEMU does; whoever runs the program named it
        except OSError:
            os._exit(1)
    for fd in keeping:
        os.set_inheritable(fd, False)
    return pid


def run_program(argv: Sequence[str], keeping: Sequence[int]) -> int:
    """Run a program to its end; return its wait status, 256 where there is none."""
    return os.waitpid(_start(argv[0], argv, keeping), 0)[1]


def run_helper(command: str, argv: Sequence[str]) -> tuple[int | None, int]:
    """Run a program that sends a descriptor over a socket; return that, and the wait status.

    ``{fd}`` in the arguments, or in a command for the shell, becomes the number of its end of the socket.
    """
    inside, outside = socket.socketpair()
    with inside:
        with outside:
            path, words = (SHELL, ("sh", "-c", command)) if command else (argv[0], argv)
            pid = _start(path, [word.replace("{fd}", str(outside.fileno())) for word in words], (outside.fileno(),))
        _, descriptors, _, _ = socket.recv_fds(inside, 1, 1)
    return (descriptors[0] if descriptors else None), os.waitpid(pid, 0)[1]
