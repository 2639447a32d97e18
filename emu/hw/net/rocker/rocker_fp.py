"""The ports of the switch's front panel: a network client each; no packet passes (hw/net/rocker/rocker_fp.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.qdev import DEVICE
from emu.net.net import (
    MACAddr,
    NetClientInfo,
    NetClientState,
    NICConf,
    NICPeers,
    NICState,
    qemu_del_nic,
    qemu_format_nic_info_str,
    qemu_get_queue,
    qemu_new_nic,
)
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qom.parts import Part
from emu.trace import Struct, embedded, emulates

ROCKER_FP_PORTS_MAX: Final = 62
DUPLEX_FULL: Final = 1


class FpPort(Struct):
    """A port; ``pport`` counts from 1. ``speed`` in Mbit/s."""

    name: str = ""
    index: int = 0
    pport: int = 0
    enabled: bool = False
    speed: int = 0
    duplex: int = 0
    autoneg: int = 0
    nic: NICState | None = None
    conf: NICConf = embedded(NICConf)


@emulates(modelled=False)
def fp_port_receive(nc: NetClientState, buf: bytes, size: int) -> int:
    """Take a packet."""
    return -1


@emulates(modelled=False)
def fp_port_receive_iov(nc: NetClientState, iov: Any, iovcnt: int) -> int:
    """Take a packet in pieces."""
    return -1


@emulates
def fp_port_cleanup(nc: NetClientState) -> None:
    """Do nothing, as QEMU does."""


@emulates(modelled=False)
def fp_port_set_link_status(nc: NetClientState) -> None:
    """Tell the driver that a link is up or down."""


fp_port_info: Final = NetClientInfo(
    variable="fp_port_info",
    type=NetClientDriver.NIC,
    size=(NICState,),
    receive=fp_port_receive,
    receive_iov=fp_port_receive_iov,
    cleanup=fp_port_cleanup,
    link_status_changed=fp_port_set_link_status,
)


@emulates
def fp_port_reset(port: FpPort) -> None:
    """Switch the port off, at its full speed."""
    port.enabled = False
    port.speed = 10000
    port.duplex = DUPLEX_FULL
    port.autoneg = 0


@emulates
def fp_port_alloc(r: Part, sw_name: str, start_mac: MACAddr, index: int, peers: NICPeers) -> FpPort:
    """Make a port, with the switch's address and its own number added to it."""
    port = FpPort(index=index, pport=index + 1, name=f"{sw_name}p{index + 1}")
    conf = port.conf
    for i, byte in enumerate(bytes(start_mac.a)):
        conf.macaddr.a[i] = byte
    conf.macaddr.a[5] = conf.macaddr.a[5] + index & 0xFF
    conf.bootindex = -1
    for i in range(peers.queues):
        conf.peers.ncs[i] = peers.ncs[i]
    conf.peers.queues = peers.queues

    port.nic = qemu_new_nic(fp_port_info, conf, sw_name, None, DEVICE(r), port)
    qemu_format_nic_info_str(qemu_get_queue(port.nic), bytes(conf.macaddr.a))

    fp_port_reset(port)
    return port


@emulates
def fp_port_free(port: FpPort) -> None:
    """Give a port back."""
    assert port.nic is not None
    qemu_del_nic(port.nic)
