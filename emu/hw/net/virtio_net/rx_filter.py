"""Which packets the card receives (hw/net/virtio-net.c; virtio 1.2, 5.1.6.5.1 to 5.1.6.5.3)."""

from __future__ import annotations

from dataclasses import dataclass

from emu.hw.net.virtio_net.structs import MAX_VLAN, VirtIONet
from emu.hw.virtio.virtio import VIRTIO_DEVICE, virtio_vdev_has_feature
from emu.net.net import ETH_ALEN, NetClientState, qemu_get_nic_opaque, qemu_mac_strdup_printf
from emu.qapi.qmp_event import event_send
from emu.qom.object import OBJECT, object_get_canonical_path
from emu.standard_headers.linux.virtio_net import VIRTIO_NET_F_CTRL_VLAN
from emu.trace import emulates

BROADCAST = b"\xff" * ETH_ALEN
VLAN_TAG = b"\x81\x00"


@dataclass(frozen=True, slots=True)
class RxFilterInfo:
    """What ``query-rx-filter`` answers (qapi/net.json)."""

    name: str
    promiscuous: bool
    multicast: str
    unicast: str
    vlan: str
    broadcast_allowed: bool
    multicast_overflow: bool
    unicast_overflow: bool
    main_mac: str
    vlan_table: tuple[int, ...]
    unicast_table: tuple[str, ...]
    multicast_table: tuple[str, ...]


@emulates(file="qapi/qapi-events-net.c")
def qapi_event_send_nic_rx_filter_changed(name: str | None, path: str) -> None:
    """Tell programs that the filter changed."""
    event_send("NIC_RX_FILTER_CHANGED", {"path": path} if name is None else {"name": name, "path": path})


@emulates
def rxfilter_notify(nc: NetClientState) -> None:
    """Tell management once that the filter changed, until it asks."""
    n: VirtIONet = qemu_get_nic_opaque(nc)
    if nc.rxfilter_notify_enabled:
        assert n.qdev is not None
        path = object_get_canonical_path(OBJECT(n.qdev))
        qapi_event_send_nic_rx_filter_changed(n.netclient_name, path or "")
        nc.rxfilter_notify_enabled = False


def macs_of(n: VirtIONet) -> list[bytes]:
    """Return the addresses in the table."""
    assert n.mac_table.macs is not None
    macs = bytes(n.mac_table.macs)
    return [macs[i * ETH_ALEN : (i + 1) * ETH_ALEN] for i in range(n.mac_table.in_use)]


def get_vlan_table(n: VirtIONet) -> tuple[int, ...]:
    """Return the VLANs that are received, the highest first."""
    assert n.vlans is not None
    vlans = int.from_bytes(bytes(n.vlans), "little")
    return tuple(vid for vid in reversed(range(MAX_VLAN)) if vlans >> vid & 1)


@emulates
def virtio_net_query_rxfilter(nc: NetClientState) -> RxFilterInfo:
    """NetClientInfo.query_rx_filter. The tables are in reverse."""
    n: VirtIONet = qemu_get_nic_opaque(nc)
    macs = [qemu_mac_strdup_printf(mac) for mac in macs_of(n)]
    vlan_table = get_vlan_table(n)
    if not virtio_vdev_has_feature(VIRTIO_DEVICE(n), VIRTIO_NET_F_CTRL_VLAN):
        vlan = "all"
    else:
        vlan = "normal" if vlan_table else "none"
    info = RxFilterInfo(
        name=nc.name,
        promiscuous=bool(n.promisc),
        multicast="none" if n.nomulti else "all" if n.allmulti else "normal",
        unicast="none" if n.nouni else "all" if n.alluni else "normal",
        vlan=vlan,
        broadcast_allowed=bool(n.nobcast),
        multicast_overflow=bool(n.mac_table.multi_overflow),
        unicast_overflow=bool(n.mac_table.uni_overflow),
        main_mac=qemu_mac_strdup_printf(bytes(n.mac)),
        vlan_table=vlan_table,
        unicast_table=tuple(reversed(macs[: n.mac_table.first_multi])),
        multicast_table=tuple(reversed(macs[n.mac_table.first_multi :])),
    )
    nc.rxfilter_notify_enabled = True
    return info


@emulates
def receive_filter(n: VirtIONet, buf: bytes) -> bool:
    """Tell whether the driver wants a packet."""
    if n.promisc:
        return True
    frame = buf[n.host_hdr_len :]
    destination = frame[:ETH_ALEN]
    macs = macs_of(n)
    if frame[12:14] == VLAN_TAG:
        vid = int.from_bytes(frame[14:16], "big") & 0xFFF
        assert n.vlans is not None
        if not n.vlans[vid >> 3] >> (vid & 7) & 1:
            return False
    if destination[0] & 1:
        if destination == BROADCAST:
            return not n.nobcast
        if n.nomulti:
            return False
        if n.allmulti or n.mac_table.multi_overflow:
            return True
        return destination in macs[n.mac_table.first_multi :]
    if n.nouni:
        return False
    if n.alluni or n.mac_table.uni_overflow or destination == bytes(n.mac):
        return True
    return destination in macs[: n.mac_table.first_multi]
