"""Emulates command lines between two marks that strace sees: calls of ``access`` on paths of these names.

Standard input: ``[scenarios, number of random command lines, what to do wrong]``.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from conformance.watch_host import DEVICES, NETDEVS, OPTIONS, OTHERS, SETTINGS

import emu
from emu.source import installed_program

BEGIN, END = "/qomscope-begin", "/qomscope-end"
BOARDS = ([], ["-M", "pc"], ["-M", "q35"])
COMMANDS = [
    "host with vhost-user /x queues=2",
    "host with vhost-vdpa /dev/vhost-vdpa-0",
    "host with socket /x",
    "host send n0 60",
    "host send zz 60",
    "host peer-gone /x",
    "host peer-come /x",
    "info network",
    "info pci",
    "set_link n0 off",
    "netdev_del n0",
    "device_add e1000,id=y,netdev=n0",
    "device_del x",
    "netdev_add tap,id=n1,script=/bin/sh",
    "netdev_add socket,id=n1,listen=:1",
    "netdev_add vhost-vdpa,id=n1,vhostdev=/dev/vhost-vdpa-0",
    "object_add filter-dump,id=f,netdev=n0,file=/tmp/x",
    "chardev-add socket,id=d,path=/x",
    "screendump /tmp/x",
    "savevm x",
    "migrate exec:/bin/sh",
    "drive_add 0 file=/etc/passwd",
    '{"execute": "netdev_add", "arguments": {"type": "tap", "id": "n2", "helper": "/bin/sh"}}',
    '{"execute": "quit"}',
]


def random_run(draw: random.Random) -> tuple[list[str], list[str]]:
    """Return a command line and commands; most have the small machine, which starts fast."""
    argv = ["-nodefaults", "-M", "none"] if draw.random() < 0.98 else [*draw.choice(BOARDS)]
    for name in ("n0", "n1")[: draw.randrange(3)]:
        netdev = ",".join([draw.choice(NETDEVS), f"id={name}", *draw.sample(OPTIONS, draw.randrange(4))])
        argv += [draw.choice(("-netdev", "-netdev", "-nic")), netdev]
    if draw.random() < 0.3:
        argv += ["-chardev", f"socket,id=c,path=/x{draw.choice(('', ',server=on', ',server=on,wait=off', ',reconnect=1'))}"]
        argv += ["-netdev", "vhost-user,id=v,chardev=c"]
    if draw.random() < 0.3:
        argv += ["-device", ",".join([draw.choice(DEVICES), *draw.sample(SETTINGS, draw.randrange(3))])]
    if draw.random() < 0.4:
        argv += draw.choice(OTHERS)
    return argv, draw.sample(COMMANDS, draw.randrange(4))


def attempt(argv: list[str], commands: list[str]) -> str | None:
    """Emulate; return the name of an error that is none of QEMU's: another test's business."""
    try:
        emu.run(argv, commands=commands, recording=False)
    except Exception as err:  # noqa: BLE001
        return type(err).__name__
    return None


def main() -> None:
    scenarios, count, wrong = json.load(sys.stdin)
    draw = random.Random(11)
    runs: list[tuple[list[str], list[str]]] = [(argv, []) for argv in scenarios]
    # modules and codecs that Python loads at their first use
    warm = [(argv, ["info network", "info qtree", "host send n0 60"]) for argv in scenarios[:2]]
    warm += [random_run(random.Random(5 + i)) for i in range(30)]
    runs += [random_run(draw) for _ in range(count)]
    failed: dict[str, Any] = {}
    installed_program("7.2")
    for argv, commands in warm:
        attempt(argv, commands)
    os.access(BEGIN, os.F_OK)
    if wrong:
        exec(wrong)  # for the test of the watch itself
    for argv, commands in runs:
        error = attempt(argv, commands)
        if error is not None:
            failed[error] = argv
    os.access(END, os.F_OK)
    json.dump({"done": len(runs), "failed": failed}, sys.stdout)


if __name__ == "__main__":
    main()
