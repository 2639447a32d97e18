"""A vhost-user device on a real socket is asked by the drop-in front what the real program asks it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from front.programs import OURS, REAL, Process
from net.vhost_user_peer import real_peer

ARGV = (
    *("-chardev", "socket,id=c,path=DIR/device", "-netdev", "vhost-user,id=n0,chardev=c,queues=2"),
    *("-device", "virtio-net-pci,netdev=n0,mq=on", "-qmp", "unix:DIR/qmp,server=on,wait=off"),
)
LAST = "SET_VRING_ENABLE"


def asked(program: Sequence[str]) -> list[str]:
    """Return what a device is asked while the program starts: to the end, when queues are switched on and off."""
    with tempfile.TemporaryDirectory() as folder, real_peer(Path(folder) / "device", queues=2) as peer:
        process = Process(program, folder, ARGV)
        try:
            process.connect("qmp").close()
            deadline = time.monotonic() + 10
            while peer.requests.count(LAST) < 4 and time.monotonic() < deadline:
                time.sleep(0.02)
            return list(peer.requests)
        finally:
            process.process.kill()
            process.process.communicate()


@pytest.mark.qemu
def test_a_device_is_asked_the_same() -> None:
    ours = asked(OURS)
    assert ours.count(LAST) == 4
    assert ours == asked(REAL)
