"""The network device is realized, and unrealized (hw/net/virtio-net.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.ebpf.ebpf_rss import ebpf_rss_init
from emu.hw.core.qdev import device_listener_register, device_listener_unregister
from emu.hw.core.qdev_core import DEVICE, DEVICE_CATEGORY_NETWORK, DEVICE_CLASS, DeviceState
from emu.hw.core.qdev_properties import device_class_set_props
from emu.hw.net.net_rx_pkt import net_rx_pkt_init, net_rx_pkt_uninit
from emu.hw.net.vhost_net import get_vhost_net, vhost_net_set_config
from emu.hw.net.virtio_net.config import (
    VHOST_SET_CONFIG_TYPE_MASTER,
    is_vdpa,
    virtio_net_get_config,
    virtio_net_set_config,
)
from emu.hw.net.virtio_net.ctrl import virtio_net_handle_ctrl
from emu.hw.net.virtio_net.failover import (
    failover_hide_primary_device,
    primary_unplug_pending,
    virtio_net_migration_state_notifier,
)
from emu.hw.net.virtio_net.features import (
    peer_has_vnet_hdr,
    peer_test_vnet_hdr,
    virtio_net_bad_features,
    virtio_net_get_features,
    virtio_net_set_config_size,
    virtio_net_set_features,
    virtio_net_set_mrg_rx_bufs,
)
from emu.hw.net.virtio_net.offloads import virtio_net_apply_guest_offloads
from emu.hw.net.virtio_net.pairs import (
    CTRL_QUEUE_SIZE,
    virtio_net_add_queue,
    virtio_net_del_queue,
    virtio_net_pre_load_queues,
)
from emu.hw.net.virtio_net.peers import virtio_net_max_tx_queue_size
from emu.hw.net.virtio_net.properties import virtio_net_properties
from emu.hw.net.virtio_net.receive import virtio_net_can_receive, virtio_net_receive
from emu.hw.net.virtio_net.rss import virtio_net_load_ebpf, virtio_net_unload_ebpf
from emu.hw.net.virtio_net.rx_filter import virtio_net_query_rxfilter
from emu.hw.net.virtio_net.status import (
    virtio_net_announce,
    virtio_net_announce_timer,
    virtio_net_get_vhost,
    virtio_net_guest_notifier_mask,
    virtio_net_guest_notifier_pending,
    virtio_net_queue_enable,
    virtio_net_queue_reset,
    virtio_net_reset,
    virtio_net_set_link_status,
    virtio_net_set_status,
)
from emu.hw.net.virtio_net.structs import (
    MAC_TABLE_ENTRIES,
    MAX_VLAN,
    TYPE_VIRTIO_NET,
    VIRTIO_NET,
    VIRTIO_NET_RX_QUEUE_MIN_SIZE,
    VIRTIO_NET_TX_QUEUE_MIN_SIZE,
    VIRTIO_NET_VM_VERSION,
    VirtIONet,
    VirtIONetQueue,
    the_nic,
    the_pair,
)
from emu.hw.virtio.vhost import vhost_toggle_device_iotlb
from emu.hw.virtio.virtio import (
    TYPE_VIRTIO_DEVICE,
    VIRTIO_DEVICE,
    VIRTIO_DEVICE_CLASS,
    VIRTIO_QUEUE_MAX,
    VIRTQUEUE_MAX_SIZE,
    Sparse,
    VirtIODevice,
    g_free_array,
    virtio_add_queue,
    virtio_cleanup,
    virtio_del_queue,
    virtio_has_feature,
    virtio_init,
)
from emu.migration.migration import (
    add_migration_state_change_notifier,
    migrate_announce_params,
    remove_migration_state_change_notifier,
)
from emu.migration.savevm import VMStateDescription
from emu.net.announce import qemu_announce_timer_del, qemu_announce_timer_reset
from emu.net.net import (
    ETH_ALEN,
    NetClientInfo,
    NICState,
    qemu_del_nic,
    qemu_format_nic_info_str,
    qemu_get_queue,
    qemu_get_subqueue,
    qemu_macaddr_default_if_unset,
    qemu_new_nic,
    qemu_using_vnet_hdr,
)
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, TypeInfo, object_get_typename, type_register_static
from emu.qom.parts import Part
from emu.softmmu.bootdevice import device_add_bootindex_property
from emu.standard_headers.linux.ethtool import DUPLEX_FULL, DUPLEX_HALF, DUPLEX_UNKNOWN, SPEED_UNKNOWN
from emu.standard_headers.linux.virtio_ids import VIRTIO_ID_NET
from emu.standard_headers.linux.virtio_net import (
    VIRTIO_NET_CONFIG_SIZE,
    VIRTIO_NET_F_GSO,
    VIRTIO_NET_F_MTU,
    VIRTIO_NET_F_RSS,
    VIRTIO_NET_F_SPEED_DUPLEX,
    VIRTIO_NET_F_STANDBY,
    VIRTIO_NET_HDR_SIZE,
    VIRTIO_NET_S_LINK_UP,
)
from emu.trace import Buf, Ptr, emulates
from emu.util.error_report import error_printf, warn_report
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL

net_virtio_info: Final = NetClientInfo(
    variable="net_virtio_info",
    type=NetClientDriver.NIC,
    size=(NICState,),
    can_receive=virtio_net_can_receive,
    receive=virtio_net_receive,
    link_status_changed=virtio_net_set_link_status,
    query_rx_filter=virtio_net_query_rxfilter,
    announce=virtio_net_announce,
)

vmstate_virtio_net: Final = VMStateDescription(
    name="virtio-net", version_id=VIRTIO_NET_VM_VERSION, minimum_version_id=VIRTIO_NET_VM_VERSION
)
vmstate_virtio_net_device: Final = VMStateDescription(
    name="virtio-net-device", version_id=VIRTIO_NET_VM_VERSION, minimum_version_id=VIRTIO_NET_VM_VERSION
)


@emulates
def virtio_net_set_netclient_name(n: VirtIONet, name: str | None, type: str) -> None:
    """Name the card in the network after the transport's device; without an id it is named after its type."""
    n.netclient_name = name
    n.netclient_type = type


def is_power_of_2(value: int) -> bool:
    """Tell whether a number is a power of two (include/qemu/host-utils.h)."""
    return value > 0 and value & (value - 1) == 0


def check_link(n: VirtIONet) -> None:
    """Settle MTU, duplex and speed, which bring features: the beginning of virtio_net_device_realize. Error: a bad value."""
    conf = n.net_conf
    if conf.mtu:
        n.host_features |= 1 << VIRTIO_NET_F_MTU
    if conf.duplex_str is not None:
        if conf.duplex_str == "half":
            conf.duplex = DUPLEX_HALF
        elif conf.duplex_str == "full":
            conf.duplex = DUPLEX_FULL
        else:
            error_setg("'duplex' must be 'half' or 'full'")
        n.host_features |= 1 << VIRTIO_NET_F_SPEED_DUPLEX
    else:
        conf.duplex = DUPLEX_UNKNOWN
    if conf.speed < SPEED_UNKNOWN:
        error_setg("'speed' must be between 0 and INT_MAX")
    if conf.speed >= 0:
        n.host_features |= 1 << VIRTIO_NET_F_SPEED_DUPLEX


def check_queues(n: VirtIONet, vdev: VirtIODevice) -> None:
    """Check sizes, count queue pairs: the middle of virtio_net_device_realize. Error: a bad value."""
    conf = n.net_conf
    if (
        conf.rx_queue_size < VIRTIO_NET_RX_QUEUE_MIN_SIZE
        or conf.rx_queue_size > VIRTQUEUE_MAX_SIZE
        or not is_power_of_2(conf.rx_queue_size)
    ):
        virtio_cleanup(vdev)
        error_setg(
            f"Invalid rx_queue_size (= {conf.rx_queue_size}), "
            f"must be a power of 2 between {VIRTIO_NET_RX_QUEUE_MIN_SIZE} and {VIRTQUEUE_MAX_SIZE}."
        )
    if (
        conf.tx_queue_size < VIRTIO_NET_TX_QUEUE_MIN_SIZE
        or conf.tx_queue_size > VIRTQUEUE_MAX_SIZE
        or not is_power_of_2(conf.tx_queue_size)
    ):
        virtio_cleanup(vdev)
        error_setg(
            f"Invalid tx_queue_size (= {conf.tx_queue_size}), "
            f"must be a power of 2 between {VIRTIO_NET_TX_QUEUE_MIN_SIZE} and {VIRTQUEUE_MAX_SIZE}"
        )
    peers = n.nic_conf.peers
    n.max_ncs = max(peers.queues, 1)
    # the backend may have a client more than data queues, for its control queue
    if peers.queues:
        for i in range(n.max_ncs):
            peer = peers.ncs[i]
            if peer is not None and peer.is_datapath:
                n.max_queue_pairs += 1
    n.max_queue_pairs = max(n.max_queue_pairs, 1)
    if n.max_queue_pairs * 2 + 1 > VIRTIO_QUEUE_MAX:
        virtio_cleanup(vdev)
        error_setg(
            f"Invalid number of queue pairs (= {n.max_queue_pairs}), "
            f"must be a positive integer less than {(VIRTIO_QUEUE_MAX - 1) // 2}."
        )


def make_nic(n: VirtIONet, dev: DeviceState) -> None:
    """Make the card's end of the network and meet the backend: the later part of virtio_net_device_realize."""
    guard = dev.mem_reentrancy_guard
    if n.netclient_type is not None:
        n.nic = qemu_new_nic(net_virtio_info, n.nic_conf, n.netclient_type, n.netclient_name, guard, n)
    else:
        n.nic = qemu_new_nic(net_virtio_info, n.nic_conf, object_get_typename(OBJECT(dev)), dev.id, guard, n)
    for i in range(n.max_queue_pairs):
        n.nic.ncs[i].do_not_pad = True
    peer_test_vnet_hdr(n)
    if peer_has_vnet_hdr(n):
        for i in range(n.max_queue_pairs):
            qemu_using_vnet_hdr(qemu_get_subqueue(the_nic(n), i).peer, True)
        n.host_hdr_len = VIRTIO_NET_HDR_SIZE
    else:
        n.host_hdr_len = 0
    qemu_format_nic_info_str(qemu_get_queue(the_nic(n)), bytes(n.nic_conf.macaddr.a))


@emulates
def virtio_net_device_realize(dev: DeviceState) -> None:
    """VirtioDeviceClass.realize. Error: a property has a value that cannot be."""
    vdev = VIRTIO_DEVICE(dev)
    n = VIRTIO_NET(dev)

    check_link(n)
    if n.failover:
        n.primary_listener.hide_device = failover_hide_primary_device
        n.failover_primary_hidden = True
        device_listener_register(n.primary_listener)
        n.migration_state.notify = virtio_net_migration_state_notifier
        add_migration_state_change_notifier(n.migration_state)
        n.host_features |= 1 << VIRTIO_NET_F_STANDBY

    virtio_net_set_config_size(n, n.host_features)
    virtio_init(vdev, VIRTIO_ID_NET, n.config_size)
    check_queues(n, vdev)
    n.vqs = Sparse(n.max_queue_pairs, lambda _: VirtIONetQueue())
    n.curr_queue_pairs = 1
    n.tx_timeout = n.net_conf.txtimer
    if n.net_conf.tx is not None and n.net_conf.tx not in ("timer", "bh"):
        warn_report(f'virtio-net: Unknown option tx={n.net_conf.tx}, valid options: "timer" "bh"')
        error_printf('Defaulting to "bh"')
    n.net_conf.tx_queue_size = min(virtio_net_max_tx_queue_size(n), n.net_conf.tx_queue_size)

    # further pairs are made when a driver says that it uses them
    virtio_net_add_queue(n, 0)
    n.ctrl_vq = virtio_add_queue(vdev, CTRL_QUEUE_SIZE, virtio_net_handle_ctrl)
    qemu_macaddr_default_if_unset(n.nic_conf.macaddr)
    n.mac.put(0, bytes(n.nic_conf.macaddr.a))
    n.status = VIRTIO_NET_S_LINK_UP
    qemu_announce_timer_reset(n.announce_timer, migrate_announce_params(), QEMU_CLOCK_VIRTUAL, virtio_net_announce_timer, n)
    n.announce_timer.round = 0

    make_nic(n, dev)
    the_pair(n, 0).tx_waiting = 0
    n.tx_burst = n.net_conf.txburst
    virtio_net_set_mrg_rx_bufs(n, 0, 0, 0)
    n.promisc = 1
    n.mac_table.macs = Buf(MAC_TABLE_ENTRIES * ETH_ALEN)
    n.vlans = Buf(MAX_VLAN >> 3)
    nc = qemu_get_queue(the_nic(n))
    nc.rxfilter_notify_enabled = True
    if is_vdpa(nc):
        mac = bytes(n.nic_conf.macaddr.a)
        vhost_net_set_config(get_vhost_net(nc.peer), mac, 0, ETH_ALEN, VHOST_SET_CONFIG_TYPE_MASTER)
    n.qdev = dev
    net_rx_pkt_init(Ptr(n, "rx_pkt"), False)
    if virtio_has_feature(n.host_features, VIRTIO_NET_F_RSS):
        virtio_net_load_ebpf(n)


@emulates
def virtio_net_device_unrealize(dev: DeviceState) -> None:
    """VirtioDeviceClass.unrealize."""
    vdev = VIRTIO_DEVICE(dev)
    n = VIRTIO_NET(dev)
    if virtio_has_feature(n.host_features, VIRTIO_NET_F_RSS):
        virtio_net_unload_ebpf(n)
    virtio_net_set_status(vdev, 0)
    n.netclient_name = None
    n.netclient_type = None
    if n.failover:
        device_listener_unregister(n.primary_listener)
        remove_migration_state_change_notifier(n.migration_state)
    else:
        assert n.primary_opts is None
    max_queue_pairs = n.max_queue_pairs if n.multiqueue else 1
    for i in range(max_queue_pairs):
        virtio_net_del_queue(n, i)
    virtio_del_queue(vdev, max_queue_pairs * 2)
    qemu_announce_timer_del(n.announce_timer, False)
    g_free_array(n.vqs)
    qemu_del_nic(the_nic(n))
    assert n.rx_pkt is not None
    net_rx_pkt_uninit(n.rx_pkt)
    virtio_cleanup(vdev)


@emulates
def virtio_net_instance_init(obj: Part) -> None:
    """Instance init: the longest configuration, and ``bootindex``."""
    n = VIRTIO_NET(obj)
    n.config_size = VIRTIO_NET_CONFIG_SIZE
    device_add_bootindex_property(obj, Ptr(n.nic_conf, "bootindex"), "bootindex", "/ethernet-phy@0", DEVICE(n))
    ebpf_rss_init(n.ebpf_rss)


@emulates
def virtio_net_post_load_virtio(vdev: VirtIODevice) -> int:
    """VirtioDeviceClass.post_load: a migration brought these offloads."""
    n = VIRTIO_NET(vdev)
    n.curr_guest_offloads = n.saved_guest_offloads
    if peer_has_vnet_hdr(n):
        virtio_net_apply_guest_offloads(n)
    return 0


@emulates
def virtio_net_class_init(klass: Part, data: Any) -> None:
    """Class init of ``virtio-net-device``. DeviceClass.realize stays virtio_device_realize, which calls vdc.realize."""
    dc = DEVICE_CLASS(klass)
    vdc = VIRTIO_DEVICE_CLASS(klass)
    device_class_set_props(dc, virtio_net_properties)
    dc.vmsd = vmstate_virtio_net
    dc.categories |= 1 << DEVICE_CATEGORY_NETWORK
    vdc.realize = virtio_net_device_realize
    vdc.unrealize = virtio_net_device_unrealize
    vdc.get_config = virtio_net_get_config
    vdc.set_config = virtio_net_set_config
    vdc.get_features = virtio_net_get_features
    vdc.set_features = virtio_net_set_features
    vdc.bad_features = virtio_net_bad_features
    vdc.reset = virtio_net_reset
    vdc.queue_reset = virtio_net_queue_reset
    vdc.queue_enable = virtio_net_queue_enable
    vdc.set_status = virtio_net_set_status
    vdc.guest_notifier_mask = virtio_net_guest_notifier_mask
    vdc.guest_notifier_pending = virtio_net_guest_notifier_pending
    vdc.legacy_features |= 1 << VIRTIO_NET_F_GSO
    vdc.pre_load_queues = virtio_net_pre_load_queues
    vdc.post_load = virtio_net_post_load_virtio
    vdc.vmsd = vmstate_virtio_net_device
    vdc.primary_unplug_pending = primary_unplug_pending
    vdc.get_vhost = virtio_net_get_vhost
    vdc.toggle_device_iotlb = vhost_toggle_device_iotlb


virtio_net_info: Final = TypeInfo(
    name=TYPE_VIRTIO_NET,
    parent=TYPE_VIRTIO_DEVICE,
    instance=VirtIONet,
    instance_init=virtio_net_instance_init,
    class_init=virtio_net_class_init,
)


@type_init
@emulates
def virtio_register_types() -> None:
    """Register ``virtio-net-device``."""
    type_register_static(virtio_net_info)
