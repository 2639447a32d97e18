"""Properties that lead to the network: MAC address and backend (hw/core/qdev-properties-system.c)."""

from __future__ import annotations

import re
from errno import EEXIST, EINVAL, ENOENT
from typing import TYPE_CHECKING, Any, Final

from emu.hw.core.qdev_properties import (
    DEFINE_PROP,
    Property,
    PropertyInfo,
    error_set_from_qdev_prop_error,
    qdev_find_global_prop,
    qdev_prop_set_uint32,
)
from emu.qapi.error import error_abort, error_setg
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qapi.visitor import visit_type_str
from emu.qom.object import OBJECT, Object, object_property_find, object_property_set_str
from emu.qom.parts import Part
from emu.trace import emulates

if TYPE_CHECKING:
    from emu.net.net import NetClientState, NICInfo

MAX_QUEUE_NUM: Final = 1024
DEV_NVECTORS_UNSPECIFIED: Final = 0xFFFFFFFF
"""``(uint32_t)-1``: the user named no number of vectors (include/hw/pci/pci.h)."""

_MAC: Final = re.compile(r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}")


@emulates
def check_prop_still_unset(obj: Object, name: str, old_val: Any, new_val: str, allow_override: bool) -> bool:
    """Refuse a second value for a property that takes one. Error: it has one."""
    prop = qdev_find_global_prop(obj, name)
    if not old_val or (prop is None and allow_override):
        return True
    if prop is not None:
        error_setg(f"-global {prop.driver}.{prop.property}=... conflicts with {name}={new_val}")
    error_setg(f"{name}={new_val} conflicts, and override is not implemented")


def mac_text(mac: Any) -> str:
    """Return six bytes as ``52:54:00:12:34:56``."""
    return ":".join(f"{byte:02x}" for byte in bytes(mac))


@emulates
def get_mac(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of a MAC address."""
    visit_type_str(v, name, mac_text(opaque.read(obj).a))


@emulates
def set_mac(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of a MAC address: six bytes in hexadecimal, ``:`` or ``-`` between them. Error: it is none.

    Bytes before the one that is malformed are assigned all the same.
    """
    mac = opaque.read(obj)
    text = visit_type_str(v, name)
    for i in range(6):
        byte = text[3 * i : 3 * i + 2]
        behind = text[3 * i + 2 : 3 * i + 3]
        if not (re.fullmatch(r"[0-9a-fA-F]{2}", byte) and (behind in {":", "-"} if i < 5 else behind == "")):
            error_set_from_qdev_prop_error(EINVAL, obj, name, text)
        mac.a[i] = int(byte, 16)


qdev_prop_macaddr: Final = PropertyInfo(
    name="str", description="Ethernet 6-byte MAC Address, example: 52:54:00:12:34:56", get=get_mac, set=set_mac
)


@emulates
def qdev_prop_set_macaddr(dev: Part, name: str, value: Any) -> None:
    """Set a MAC address (six bytes) before realize."""
    with error_abort():
        object_property_set_str(OBJECT(dev), name, mac_text(value))


@emulates
def get_netdev(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Getter of the network backend: the name of its first queue, empty without one."""
    first = opaque.read(obj).ncs[0]
    visit_type_str(v, name, first.name if first is not None else "")


@emulates
def set_netdev(obj: Object, v: Any, name: str, opaque: Property) -> None:
    """Setter of the network backend. Error: there is none of that name, it is in use, or one is set already."""
    from emu.net.net import qemu_find_net_clients_except

    peers_ptr = opaque.read(obj)
    ncs = peers_ptr.ncs
    text = visit_type_str(v, name)
    peers = qemu_find_net_clients_except(text, NetClientDriver.NIC, MAX_QUEUE_NUM)
    queues = len(peers)
    if queues == 0:
        error_set_from_qdev_prop_error(-ENOENT, obj, name, text)
    if queues > MAX_QUEUE_NUM:
        error_setg(f"queues of backend '{text}'({queues}) exceeds QEMU limitation({MAX_QUEUE_NUM})")
    for i, peer in enumerate(peers):
        if peer.peer is not None:
            error_set_from_qdev_prop_error(-EEXIST, obj, name, text)
        check_prop_still_unset(obj, name, ncs[i], text, False)
        if peer.info.check_peer_type is not None:
            peer.info.check_peer_type(peer, obj.class_)
        ncs[i] = peer
        peer.queue_index = i
    peers_ptr.queues = queues


qdev_prop_netdev: Final = PropertyInfo(
    name="str", description="ID of a netdev to use as a backend", get=get_netdev, set=set_netdev
)


@emulates
def qdev_prop_set_netdev(dev: Part, name: str, value: NetClientState | None) -> None:
    """Set the network backend before realize."""
    with error_abort():
        object_property_set_str(OBJECT(dev), name, value.name if value is not None else "")


@emulates
def qdev_set_nic_properties(dev: Part, nd: NICInfo) -> None:
    """Set what the board's card description says: address, backend, number of vectors."""
    qdev_prop_set_macaddr(dev, "mac", nd.macaddr.a)
    if nd.netdev is not None:
        qdev_prop_set_netdev(dev, "netdev", nd.netdev)
    if nd.nvectors != DEV_NVECTORS_UNSPECIFIED and object_property_find(OBJECT(dev), "vectors") is not None:
        qdev_prop_set_uint32(dev, "vectors", nd.nvectors)
    nd.instantiated = True


def DEFINE_PROP_MACADDR(n: str, s: type[Part], f: str) -> Property:
    """Describe a MAC address, a ``MACAddr``."""
    return DEFINE_PROP(n, s, f, qdev_prop_macaddr)


def DEFINE_PROP_NETDEV(n: str, s: type[Part], f: str) -> Property:
    """Describe a network backend, a ``NICPeers``."""
    return DEFINE_PROP(n, s, f, qdev_prop_netdev)


def DEFINE_NIC_PROPERTIES(state: type[Part], conf: str) -> tuple[Property, Property]:
    """Describe the two properties of every card, held in its ``NICConf`` (include/net/net.h)."""
    return DEFINE_PROP_MACADDR("mac", state, f"{conf}.macaddr"), DEFINE_PROP_NETDEV("netdev", state, f"{conf}.peers")
