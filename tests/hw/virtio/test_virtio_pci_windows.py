"""hw/virtio/virtio-pci.c: what a driver reads and does through BAR 4 and BAR 0 is what it reads and does in the real program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conformance.qemu import HEADLESS, qemu
from hw.virtio.guest import Emulated, Guest, Machine, Real

from emu import run
from emu.standard_headers.linux import pci_regs, virtio_net, virtio_pci

pytestmark = pytest.mark.qemu

DEVFN = 4 << 3
BOARD = ("-nodefaults", "-M", "pc", "-netdev", "user,id=n0")
PORT = 0xC000

PROPERTIES = (
    "",
    "netdev=n0",
    "mq=on",
    "rss=on,hash=on",
    "netdev=n0,guest_rsc_ext=on,gso=off,ctrl_vq=off",
    "host_mtu=1500,status=off",
    "speed=10000,duplex=half",
    "rx_queue_size=1024,tx_queue_size=512,vectors=7",
    "packed=on,queue_reset=off,event_idx=off",
    "page-per-vq=on,modern-pio-notify=on",
    "vectors=0",
    "failover=on,id=standby",
    "disable-legacy=on,iommu_platform=on",
    "x-disable-legacy-check=on,use-started=off,any_layout=off,notify_on_empty=off",
)

Script = Callable[[Machine], Any]


def both(script: Script, *argv: str) -> tuple[Any, Any]:
    """Let a guest act in the emulated machine and in the real program; return what it saw in each."""
    emulated = run([*argv, *HEADLESS])
    assert emulated.exit_status == 0, emulated.stderr
    mine = script(Emulated(emulated))
    with qemu(*argv) as machine:
        return mine, script(Real(machine))


def look(machine: Machine) -> dict[str, Any]:
    guest = Guest(machine, DEVFN).find()
    queues = []
    for number in range(8):
        guest.set_common(virtio_pci.VIRTIO_PCI_COMMON_Q_SELECT, number, 2)
        queues.append(
            tuple(
                guest.common(register, size)
                for register, size in (
                    (virtio_pci.VIRTIO_PCI_COMMON_Q_SIZE, 2),
                    (virtio_pci.VIRTIO_PCI_COMMON_Q_MSIX, 2),
                    (virtio_pci.VIRTIO_PCI_COMMON_Q_ENABLE, 2),
                    (virtio_pci.VIRTIO_PCI_COMMON_Q_NOFF, 2),
                    (virtio_pci.VIRTIO_PCI_COMMON_Q_DESCLO, 4),
                )
            )
        )
    return {
        "windows": guest.windows,
        "multiplier": guest.notify_multiplier,
        "features": f"{guest.offered():016x}",
        "queues": guest.common(virtio_pci.VIRTIO_PCI_COMMON_NUMQ, 2),
        "each": queues,
        "status": guest.common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, 1),
        "vector": guest.common(virtio_pci.VIRTIO_PCI_COMMON_MSIX, 2),
        "configuration": guest.settings().hex(),
        "every register": [guest.common(at, 4) for at in range(0, 64, 4)],
    }


@pytest.mark.parametrize("properties", PROPERTIES)
def test_virtio_pci_common_read(properties: str) -> None:
    mine, real = both(look, *BOARD, "-device", f"virtio-net-pci,addr=4,{properties}".rstrip(","))
    assert mine == real


def negotiate(machine: Machine) -> dict[str, Any]:
    guest = Guest(machine, DEVFN).find()
    offered = guest.offered()
    seen: dict[str, Any] = {}
    for name, features in {
        "all": offered,
        "none": 0,
        "not offered": offered | 1 << 4,
        "without MQ": offered & ~(1 << virtio_net.VIRTIO_NET_F_MQ | 1 << virtio_net.VIRTIO_NET_F_RSS),
        "all again": offered,
    }.items():
        accepted = guest.negotiate(features)
        guest.go()
        seen[name] = (
            accepted,
            guest.common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, 1),
            guest.common(virtio_pci.VIRTIO_PCI_COMMON_NUMQ, 2),
            guest.common(virtio_pci.VIRTIO_PCI_COMMON_CFGGENERATION, 1),
            guest.settings().hex(),
        )
    return seen


@pytest.mark.parametrize("properties", ["", "netdev=n0,mq=on,rss=on", "packed=on", "disable-legacy=on,iommu_platform=on"])
def test_virtio_set_features_and_virtio_set_status(properties: str) -> None:
    mine, real = both(negotiate, *BOARD, "-device", f"virtio-net-pci,addr=4,{properties}".rstrip(","))
    assert mine == real


def legacy(machine: Machine) -> dict[str, Any]:
    guest = Guest(machine, DEVFN)
    guest.set_config(pci_regs.PCI_BASE_ADDRESS_0, PORT, 4)
    guest.set_config(pci_regs.PCI_COMMAND, pci_regs.PCI_COMMAND_IO, 2)

    def registers() -> list[int]:
        ports = [(0, 4), (4, 4), (8, 4), (12, 2), (14, 2), (16, 2), (18, 1), (19, 1), (20, 2), (22, 2)]
        return [machine.port_in(PORT + at, size) for at, size in ports] + [machine.port_in(PORT + 24 + i, 1) for i in range(16)]

    def out(at: int, value: int, size: int) -> None:
        machine.port_out(PORT + at, value, size)

    seen = {"first": registers()}
    out(virtio_pci.VIRTIO_PCI_STATUS, 1, 1)
    out(virtio_pci.VIRTIO_PCI_STATUS, 3, 1)
    seen["bus mastering"] = [guest.config(pci_regs.PCI_COMMAND, 2)]
    out(virtio_pci.VIRTIO_PCI_GUEST_FEATURES, machine.port_in(PORT, 4) & ~(1 << 30), 4)
    for queue in range(4):
        out(virtio_pci.VIRTIO_PCI_QUEUE_SEL, queue, 2)
        out(virtio_pci.VIRTIO_PCI_QUEUE_PFN, 0x100 + 16 * queue, 4)
        seen[f"queue {queue}"] = registers()
    out(virtio_pci.VIRTIO_PCI_STATUS, 7, 1)
    seen["running"] = registers()
    for at, byte in enumerate(b"\x52\x54\x00\xaa\xbb\xcc"):
        out(20 + at, byte, 1)
    seen["address written"] = registers()
    guest.set_config(pci_regs.PCI_COMMAND, pci_regs.PCI_COMMAND_IO, 2)
    seen["no bus mastering"] = registers()
    out(virtio_pci.VIRTIO_PCI_STATUS, 0, 1)
    seen["reset"] = registers()
    out(virtio_pci.VIRTIO_PCI_GUEST_FEATURES, 1 << 30, 4)
    seen["bad features"] = registers()
    return seen


@pytest.mark.parametrize("properties", ["", "vectors=0", "netdev=n0,disable-modern=on", "ctrl_mac_addr=off"])
def test_virtio_ioport_read_and_virtio_ioport_write(properties: str) -> None:
    mine, real = both(legacy, *BOARD, "-device", f"virtio-net-pci,addr=4,{properties}".rstrip(","))
    assert mine == real


def through_configuration_space(machine: Machine) -> list[int]:
    """virtio 1.2, 4.1.4.9: the capability that reaches into BAR 4 although it is not mapped."""
    guest = Guest(machine, DEVFN)
    at = guest.config(pci_regs.PCI_CAPABILITY_LIST, 1)
    while guest.config(at + virtio_pci.VIRTIO_PCI_CAP_CFG_TYPE, 1) != virtio_pci.VIRTIO_PCI_CAP_PCI_CFG:
        at = guest.config(at + pci_regs.PCI_CAP_LIST_NEXT, 1)
    seen = []
    for offset in (0x0, 0x4, 0x12, 0x14, 0x18, 0x2000, 0x2006, 0x3000, 0x9000):
        for size in (1, 2, 4, 3):
            guest.set_config(at + virtio_pci.VIRTIO_PCI_CAP_BAR, 4, 1)
            guest.set_config(at + virtio_pci.VIRTIO_PCI_CAP_OFFSET, offset, 4)
            guest.set_config(at + virtio_pci.VIRTIO_PCI_CAP_LENGTH, size, 4)
            seen.append(guest.config(at + virtio_pci.VIRTIO_PCI_CFG_CAP_DATA, 4))
    guest.set_config(at + virtio_pci.VIRTIO_PCI_CAP_OFFSET, virtio_pci.VIRTIO_PCI_COMMON_DFSELECT, 4)
    guest.set_config(at + virtio_pci.VIRTIO_PCI_CAP_LENGTH, 4, 4)
    guest.set_config(at + virtio_pci.VIRTIO_PCI_CFG_CAP_DATA, 1, 4)
    guest.set_config(at + virtio_pci.VIRTIO_PCI_CAP_OFFSET, virtio_pci.VIRTIO_PCI_COMMON_DF, 4)
    seen.append(guest.config(at + virtio_pci.VIRTIO_PCI_CFG_CAP_DATA, 4))
    return seen


def test_virtio_write_config_and_virtio_read_config() -> None:
    mine, real = both(through_configuration_space, *BOARD, "-device", "virtio-net-pci,addr=4")
    assert mine == real


def vectors(machine: Machine) -> list[int]:
    guest = Guest(machine, DEVFN).find()
    seen = []
    for vector in (0, 3, 4, 0xFFFF, 1):
        guest.set_common(virtio_pci.VIRTIO_PCI_COMMON_MSIX, vector, 2)
        seen.append(guest.common(virtio_pci.VIRTIO_PCI_COMMON_MSIX, 2))
        for queue in range(4):
            guest.set_common(virtio_pci.VIRTIO_PCI_COMMON_Q_SELECT, queue, 2)
            guest.set_common(virtio_pci.VIRTIO_PCI_COMMON_Q_MSIX, vector, 2)
            seen.append(guest.common(virtio_pci.VIRTIO_PCI_COMMON_Q_MSIX, 2))
    guest.set_common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, 0, 1)
    seen.append(guest.common(virtio_pci.VIRTIO_PCI_COMMON_Q_MSIX, 2))
    return seen


def test_virtio_queue_set_vector() -> None:
    mine, real = both(vectors, *BOARD, "-device", "virtio-net-pci,addr=4")
    assert mine == real


def control(machine: Machine) -> dict[str, Any]:
    """virtio 1.2, 5.1.6.5: commands on the control queue, good ones and bad ones."""
    guest = Guest(machine, DEVFN).find()
    guest.negotiate(guest.offered() & ~(1 << virtio_net.VIRTIO_NET_F_MQ))
    queue = guest.queue(2)
    guest.go()
    mac = b"\x52\x54\x00\x01\x02\x03"
    multicast = b"\x01\x00\x5e\x00\x00\x01"
    commands = {
        "promiscuous off": b"\x00\x00\x00",
        "no such mode": b"\x00\x07\x01",
        "no value": b"\x00\x00",
        "table": b"\x01\x00\x01\0\0\0" + mac + b"\x02\0\0\0" + multicast * 2,
        "table too short": b"\x01\x00\x02\0\0\0" + mac,
        "address": b"\x01\x01" + mac,
        "half an address": b"\x01\x01" + mac[:3],
        "VLAN 100": b"\x02\x00\x64\x00",
        "VLAN 5000": b"\x02\x00\x88\x13",
        "announced, unasked": b"\x03\x00",
        "queue pairs": b"\x04\x00\x01\x00",
        "offloads": b"\x05\x00" + bytes(8),
        "no such class": b"\x63\x00",
    }
    seen: dict[str, Any] = {}
    for name, command in commands.items():
        (answer,) = guest.put(queue, (command[:2], command[2:]) if command[2:] else (command,), (1,))
        guest.kick(queue)
        seen[name] = (guest.take(queue), machine.read(answer, 1).hex())
    seen["address now"] = guest.settings()[:6].hex()
    guest.put(queue, (b"\x00",), (1,))
    guest.kick(queue)
    seen["no header"] = (guest.take(queue), guest.common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, 1))
    return seen


@pytest.mark.parametrize("properties", ["", "netdev=n0,event_idx=off,ioeventfd=off", "indirect_desc=off,mq=on", "packed=on"])
def test_virtio_net_handle_ctrl(properties: str) -> None:
    mine, real = both(control, *BOARD, "-device", f"virtio-net-pci,addr=4,{properties}".rstrip(","))
    assert mine == real
