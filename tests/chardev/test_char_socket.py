"""-chardev socket: what the real program refuses, and the address that it shows (chardev/char-socket.c)."""

from __future__ import annotations

import subprocess

import pytest
from conformance.qemu import HEADLESS, PROGRAM

import emu
from emu.chardev.char import qemu_chr_find

REFUSED = [
    "socket",
    "socket,id=c",
    "socket,id=c,path=/nope/x",
    "socket,id=c,path=/nope/x,server=on,wait=off",
    "socket,id=c,path=" + "x" * 109,
    "socket,id=c,path=" + "x" * 109 + ",server=on,wait=off",
    "socket,id=c,path=" + "x" * 108 + ",abstract=on",
    "socket,id=c,path=/x,host=y,port=1",
    "socket,id=c,host=127.0.0.1",
    "socket,id=c,host=127.0.0.1,port=1",
    "socket,id=c,host=127.0.0.1,port=x",
    "socket,id=c,host=no.such.host.invalid,port=1",
    "socket,id=c,host=127.0.0.1,port=1,ipv4=off,ipv6=off",
    "socket,id=c,path=/x,wait=on",
    "socket,id=c,path=/x,websocket=on",
    "socket,id=c,path=/x,server=on,reconnect=1",
    "socket,id=c,path=/x,tls-creds=t",
    "socket,id=c,host=127.0.0.1,port=1,tls-creds=t",
    "socket,id=c,path=/x,tls-authz=t",
    "socket,id=c,path=/x,delay=on,nodelay=on",
    "socket,id=c,path=/x,server=maybe",
    "socket,id=c,fd=99",
    "socket,id=c,fd=x",
    "socket,id=c,fd=0",
    "socket,id=c,path=/x,colour=red",
]


@pytest.mark.qemu
@pytest.mark.parametrize("value", REFUSED)
def test_what_the_real_program_refuses(value: str) -> None:
    argv = ["-M", "none", "-nodefaults", "-chardev", value]
    real = subprocess.run(
        [PROGRAM, *HEADLESS, *argv], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
    )
    run = emu.run(argv)
    assert (run.exit_status, run.stderr, run.stdout) == (real.returncode, real.stderr, real.stdout)


SHOWN = [
    ("path=/x,server=on,wait=off", "disconnected:unix:/x,server=on"),
    ("path=x,abstract=on,server=on,wait=off", "disconnected:unix:x,abstract=on,tight=on,server=on"),
    ("host=127.0.0.1,port=5000,server=on,wait=off", "disconnected:tcp:127.0.0.1:5000,server=on"),
    ("host=127.0.0.1,port=5000,server=on,wait=off,telnet=on", "disconnected:telnet:127.0.0.1:5000,server=on"),
]


@pytest.mark.parametrize(("options", "shown"), SHOWN)
def test_the_address_that_is_shown(options: str, shown: str) -> None:
    run = emu.run(["-M", "none", "-nodefaults", "-chardev", f"socket,id=c,{options}"])
    assert run.exit_status == 0, run.stderr
    with run.recorder.active():
        chr_ = qemu_chr_find("c")
        assert chr_ is not None
        assert chr_.filename == shown


def test_a_server_that_waits_for_nobody_waits_for_ever() -> None:
    run = emu.run(["-M", "none", "-chardev", "socket,id=c,path=/x,server=on"])
    assert run.stderr == (
        "qemu-system-x86_64: -chardev socket,id=c,path=/x,server=on: info: "
        "QEMU waiting for connection on: disconnected:unix:/x,server=on\n"
        "qomscope: the program waits for ever: nobody connects to unix:/x\n"
    )
