"""Emulates command lines between two marks that strace sees, and does wrong before a third: calls of ``access`` on these paths.

Standard input: ``[scenarios, number of random command lines, what to do wrong]``.
"""

from __future__ import annotations

import gc
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

BEGIN, END, LAST = "/qomscope-begin", "/qomscope-end", "/qomscope-last"
EACH = 100
"""Runs that one process does."""
BOARDS = ([], ["-M", "pc"], ["-M", "q35"])
COMMANDS = [
    "host with vhost-user /x queues=2",
    "host with vhost-vdpa /dev/vhost-vdpa-0",
    "host with vhost-net /dev/vhost-net",
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


class Share:
    """A process that does some of the runs when its turn comes, and ends without clearing up after them.

    To find out what many runs have left behind takes a third of their time; a process that ends does not have to.
    """

    def __init__(self, runs: list[tuple[list[str], list[str]]]) -> None:
        turn, self._turn = os.pipe()
        self._answer, answer = os.pipe()
        if os.fork() == 0:
            os.read(turn, 1)
            failed = {error: argv for argv, commands in runs if (error := attempt(argv, commands)) is not None}
            os.write(answer, json.dumps({"done": len(runs), "failed": failed}).encode() + b"\n")
            os._exit(0)
        os.close(turn)
        os.close(answer)

    def do(self) -> dict[str, Any]:
        """Let it do its runs; return what it tells."""
        os.write(self._turn, b"!")
        told = b""
        while not told.endswith(b"\n"):
            told += os.read(self._answer, 1 << 16)
        found: dict[str, Any] = json.loads(told)
        return found


def main() -> None:
    scenarios, count, wrong = json.load(sys.stdin)
    draw = random.Random(11)
    runs: list[tuple[list[str], list[str]]] = [(argv, []) for argv in scenarios]
    # modules and codecs that Python loads at their first use
    warm = [(argv, ["info network", "info qtree", "host send n0 60"]) for argv in scenarios[:2]]
    warm += [random_run(random.Random(5 + i)) for i in range(30)]
    runs += [random_run(draw) for _ in range(count)]
    installed_program("7.2")
    for argv, commands in warm:
        attempt(argv, commands)
    gc.collect()
    gc.disable()
    gc.freeze()
    gc.enable = gc.unfreeze = lambda: None
    gc.collect = lambda generation=2: 0
    shares = [Share(runs[at : at + EACH]) for at in range(0, len(runs), EACH)]
    os.access(BEGIN, os.F_OK)
    told = [share.do() for share in shares]
    os.access(END, os.F_OK)
    exec(wrong)  # for the test of the watch itself
    os.access(LAST, os.F_OK)
    failed = {error: argv for each in told for error, argv in each["failed"].items()}
    json.dump({"done": sum(each["done"] for each in told), "failed": failed}, sys.stdout)


if __name__ == "__main__":
    main()
