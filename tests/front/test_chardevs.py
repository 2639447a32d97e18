"""Options of character devices on real sockets: the drop-in front connects again, names and options are the real program's."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from front.ends import bound, unix
from front.programs import OURS, REAL, asked, started

pytestmark = pytest.mark.qemu

CAPABILITIES = b'{"execute": "qmp_capabilities"}\n'


def again(program: Sequence[str], folder: Path) -> list[bytes]:
    """Nobody is there at the start; then somebody is, leaves, and comes back."""
    path = unix(folder, "late")
    argv = ("-M", "none", "-chardev", f"socket,id=m,path={path},reconnect=1", "-mon", "m,mode=control")
    heard = []
    with started(program, argv) as process:
        with bound(socket.AF_UNIX, path, socket.SOCK_STREAM) as listener:
            listener.settimeout(20)
            for _ in range(2):
                with listener.accept()[0] as client:
                    heard.append(process.hear(client))
                    client.sendall(CAPABILITIES)
                    heard.append(process.hear(client))
            with listener.accept()[0] as client:
                client.sendall(CAPABILITIES + b'{"execute": "quit"}')
                heard.append(process.hear(client))
        return [*heard, *(part.replace(path.encode(), b"PATH") for part in process.end())]


def test_it_connects_again(tmp_path: Path) -> None:
    seen = []
    for name, program in (("1", REAL), ("2", OURS)):
        (tmp_path / name).mkdir()
        seen.append(again(program, tmp_path / name))
    assert seen[1] == seen[0]


@pytest.mark.parametrize(("options", "name"), [("", "\0{0}"), (",tight=off", "\0{0:\0<107}")])
def test_abstract_names(options: str, name: str, tmp_path: Path) -> None:
    word = f"qomscope-{tmp_path.name[-12:]}"
    heard = []
    for program in (REAL, OURS):
        own = word + program[0][-3:]
        chardev = f"socket,id=m,path={own},abstract=on,server=on,wait=off{options}"
        argv = ("-M", "none", "-chardev", chardev, "-mon", "m,mode=control")
        with asked(program, argv) as machine, socket.socket(socket.AF_UNIX) as client:
            client.connect(name.format(own))
            heard.append(machine.process.hear(client))
    assert heard[1] == heard[0] != b""


def test_small_pieces_go_out_at_once() -> None:
    """nodelay, and what a backend's connection has anyway, is asked for on the real socket."""
    with bound(socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_STREAM) as listener:
        port = listener.getsockname()[1]
        listener.settimeout(20)
        argv = ("-M", "none", "-chardev", f"socket,id=m,host=127.0.0.1,port={port},nodelay=on", "-mon", "m,mode=control")
        with asked(OURS, argv) as machine, listener.accept()[0] as client:
            assert machine.process.hear(client).startswith(b'{"QMP"')
