"""Emulates command lines in a process of its own, watched by an audit hook; tells as JSON what they touched of the machine.

Standard input: ``[command lines, number of random ones]``; the first command line is the warm-up too.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import emu

FORBIDDEN = (
    "ctypes.",
    "fcntl.",
    "mmap.",
    "open",
    "os.",
    "pty.",
    "shutil.",
    "signal.",
    "socket.",
    "subprocess.",
    "tempfile.",
    "urllib.",
)
"""Audit events (Python's documentation has a table of them) that reach outside of the process."""

MACHINES = ([], ["-M", "pc"], ["-M", "q35"], ["-M", "none"])
NETDEVS = ["user", "tap", "bridge", "socket", "stream", "dgram", "l2tpv3", "vde", "hubport", "vhost-user", "vhost-vdpa"]
OPTIONS = [
    "script=/bin/sh",
    "downscript=/bin/sh",
    "helper=/bin/sh",
    "ifname=tap0",
    "fd=0",
    "fds=0:1",
    "listen=:1",
    "connect=127.0.0.1:1",
    "mcast=230.0.0.1:1",
    "path=/etc/passwd",
    "vhostdev=/dev/vhost-vdpa-0",
    "smb=/",
    "tftp=/",
    "hostfwd=tcp::1-:2",
    "guestfwd=tcp:10.0.2.9:1-cmd:/bin/sh",
    "br=br0",
    "queues=2",
    "server=on",
    "addr.type=unix",
    "addr.path=/tmp/x",
    "addr.type=inet",
    "addr.host=localhost",
    "addr.port=1",
    "vhost=on",
    "ipv6=on",
    "restrict=on",
]
DEVICES = [
    "virtio-net-pci",
    "virtio-net-pci-transitional",
    "e1000",
    "vhost-user-blk-pci",
    "virtio-blk-pci",
    "vfio-pci,host=00:00.0",
]
SETTINGS = [
    "romfile=/etc/passwd",
    "romfile=/no/such",
    "netdev=n0",
    "id=x",
    "addr=4",
    "vectors=3",
    "bus=pci.0",
    "mac=52:54:00:00:00:01",
]
OTHERS = [
    line.split()
    for line in """
    -readconfig /etc/passwd
    -drive file=/etc/passwd
    -kernel /etc/passwd
    -bios /etc/passwd
    -L /etc
    -chardev socket,id=c,path=/x
    -serial file:/tmp/x
    -monitor tcp:127.0.0.1:1
    -qmp unix:/tmp/x
    -qtest unix:/tmp/x
    -pidfile /tmp/x
    -D /tmp/x
    -daemonize
    -runas nobody
    -incoming exec:/bin/sh
    -trace file=/tmp/x
    -nic tap
    -net nic
    -net tap,script=/bin/sh
    -object filter-dump,id=f,netdev=n0,file=/tmp/x
    """.strip().splitlines()
]

seen: list[tuple[str, str]] = []
watching = False


def hook(event: str, args: tuple[Any, ...]) -> None:
    if watching and event.startswith(FORBIDDEN):
        seen.append((event, repr(args)))


def attempt(argv: list[str]) -> str | None:
    """Emulate a command line; return the name of an error that is none of QEMU's: another test's business."""
    if argv[:1] == ["--open"]:  # for the test of the watch itself
        Path(argv[1]).read_bytes()
        return None
    try:
        emu.run(argv, limit=300_000)
    except Exception as err:  # noqa: BLE001
        return type(err).__name__
    return None


def random_command_line(draw: random.Random) -> list[str]:
    argv = draw.choice([[], ["-nodefaults"]]) + draw.choice(MACHINES)
    if draw.random() < 0.8:
        argv += ["-netdev", ",".join([draw.choice(NETDEVS), "id=n0", *draw.sample(OPTIONS, draw.randrange(3))])]
    if draw.random() < 0.8:
        argv += ["-device", ",".join([draw.choice(DEVICES), *draw.sample(SETTINGS, draw.randrange(3))])]
    if draw.random() < 0.4:
        argv += draw.choice(OTHERS)
    return argv


def main() -> None:
    global watching  # noqa: PLW0603 # a hook cannot be taken away again
    command_lines, count = json.load(sys.stdin)
    draw = random.Random(7)
    command_lines += [random_command_line(draw) for _ in range(count)]
    attempt(command_lines[0])  # imports modules and loads recorded facts, once
    sys.addaudithook(hook)
    failed: dict[str, int] = {}
    touched = []
    for argv in command_lines:
        watching = True
        error = attempt(argv)
        watching = False
        if error is not None:
            failed[error] = failed.get(error, 0) + 1
        if seen:
            touched.append((argv, seen[:]))
            seen.clear()
    json.dump({"touched": touched, "failed": failed, "done": len(command_lines)}, sys.stdout)


if __name__ == "__main__":
    main()
