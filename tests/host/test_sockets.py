"""Which addresses and ports of the simulated host can be had, as on Linux."""

from __future__ import annotations

import errno

import pytest

from emu.host import Host, InetAddress, SimulatedError, UnixAddress
from emu.host.sockets import AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, HostSocket, bind, connect, listen, socket
from emu.trace import Recorder


def bound(host: Host, address: str, port: int, *, type_: str = SOCK_STREAM, reuse: bool = False) -> HostSocket:
    sock = socket(host, AF_INET, type_)
    sock.reuseaddr = reuse
    bind(host, sock, InetAddress(address, port))
    return sock


def refused(number: int, host: Host, address: str, port: int, *, reuse: bool = False) -> None:
    with pytest.raises(SimulatedError) as caught:
        bound(host, address, port, reuse=reuse)
    assert caught.value.errno == number


def test_bind_refuses_what_is_taken_or_not_here() -> None:
    with Recorder().active():
        host = Host()
        bound(host, "127.0.0.1", 80)
        refused(errno.EADDRINUSE, host, "127.0.0.1", 80)
        refused(errno.EADDRINUSE, host, "0.0.0.0", 80)
        refused(errno.EADDRNOTAVAIL, host, "198.51.100.1", 80)
        bound(host, "127.0.0.2", 80)
        bound(host, "127.0.0.1", 80, type_=SOCK_DGRAM)


def test_so_reuseaddr_shares_a_port_until_somebody_listens() -> None:
    with Recorder().active():
        host = Host()
        first = bound(host, "127.0.0.1", 80, reuse=True)
        second = bound(host, "127.0.0.1", 80, reuse=True)
        listen(host, first)
        with pytest.raises(SimulatedError):
            listen(host, second)
        refused(errno.EADDRINUSE, host, "127.0.0.1", 80, reuse=True)


def test_port_0_takes_free_ones() -> None:
    with Recorder().active():
        host = Host()
        ports = {bound(host, "127.0.0.1", 0).sockname for _ in range(3)}
        assert len(ports) == 3


def test_connect_finds_listeners_of_this_host_only() -> None:
    with Recorder().active():
        host = Host()
        listen(host, bound(host, "0.0.0.0", 80))
        client = socket(host, AF_INET, SOCK_STREAM)
        connect(host, client, InetAddress("127.0.0.1", 80))
        assert client.peername == InetAddress("127.0.0.1", 80)
        for address, number in ((("127.0.0.1", 81), errno.ECONNREFUSED), (("198.51.100.1", 80), errno.ENETUNREACH)):
            with pytest.raises(SimulatedError) as caught:
                connect(host, socket(host, AF_INET, SOCK_STREAM), InetAddress(*address))
            assert caught.value.errno == number
        with pytest.raises(SimulatedError) as caught:
            connect(host, socket(host, AF_UNIX, SOCK_STREAM), UnixAddress("/x"))
        assert caught.value.errno == errno.ENOENT
