"""Failover: a primary card stays hidden until a driver says that it knows of this one, its standby (hw/net/virtio-net.c)."""

from __future__ import annotations

from typing import Any

from emu.errors import NotModelled
from emu.hw.core.bus import qbus_walk_children
from emu.hw.core.qdev_core import DeviceListener, DeviceState
from emu.hw.core.sysbus import sysbus_get_default
from emu.hw.net.virtio_net.structs import VIRTIO_NET, VirtIONet
from emu.hw.pci.pci import PCI_DEVICE, TYPE_PCI_DEVICE
from emu.hw.virtio.virtio import VIRTIO_DEVICE, VIRTIO_DEVICE_GET_CLASS, virtio_vdev_has_feature
from emu.qapi.error import Error, error_append_hint, error_setg, warn_report_err
from emu.qapi.qmp_event import event_send
from emu.qobject.qdict import QDict, qdict_clone_shallow, qdict_get_str, qdict_haskey
from emu.qom.object import OBJECT, object_dynamic_cast, object_unref
from emu.softmmu.qtest import qtest_enabled
from emu.standard_headers.linux.virtio_net import VIRTIO_NET_F_STANDBY
from emu.trace import Struct, container_of, emulates
from emu.util.notify import Notifier


class FailoverDevice(Struct):
    """What failover_find_primary_device looks for, and what it found."""

    n: VirtIONet | None = None
    dev: DeviceState | None = None


@emulates
def failover_set_primary(dev: DeviceState, opaque: Any) -> int:
    """Walk function: 1 where a device names the card in its ``failover_pair_id``."""
    fdev: FailoverDevice = opaque
    if object_dynamic_cast(OBJECT(dev), TYPE_PCI_DEVICE) is None:
        return 0
    assert fdev.n is not None
    if PCI_DEVICE(dev).failover_pair_id == fdev.n.netclient_name:
        fdev.dev = dev
        return 1
    return 0


@emulates
def failover_find_primary_device(n: VirtIONet) -> DeviceState | None:
    """Find the card's primary among all devices."""
    fdev = FailoverDevice(n=n)
    qbus_walk_children(sysbus_get_default(), failover_set_primary, None, None, None, fdev)
    return fdev.dev


@emulates
def failover_add_primary(n: VirtIONet) -> None:
    """Plug the primary that was kept hidden. Error: there is none, or it cannot be plugged."""
    if failover_find_primary_device(n):
        return
    if n.primary_opts is None:
        err = Error("Primary device not found")
        error_append_hint(
            err,
            "Virtio-net failover will not work. Make sure primary device has parameter"
            f" failover_pair_id={n.netclient_name if n.netclient_name is not None else '(null)'}\n",
        )
        raise err
    # qdev_monitor stands above the devices; this is the one device that makes another
    from emu.softmmu.qdev_monitor import qdev_device_add_from_qdict

    try:
        dev = qdev_device_add_from_qdict(n.primary_opts, n.primary_opts_from_json)
    except Error:
        n.primary_opts = None
        raise
    if dev is not None:
        object_unref(OBJECT(dev))


@emulates(file="qapi/qapi-events-net.c")
def qapi_event_send_failover_negotiated(device_id: str | None) -> None:
    """Tell programs that the driver knows failover."""
    event_send("FAILOVER_NEGOTIATED", {"device-id": device_id or ""})


def negotiate_failover(n: VirtIONet) -> None:
    """The driver accepted STANDBY: the end of virtio_net_set_features."""
    qapi_event_send_failover_negotiated(n.netclient_name)
    n.failover_primary_hidden = False
    try:
        failover_add_primary(n)
    except Error as err:
        if not qtest_enabled():
            warn_report_err(err)


@emulates
def failover_hide_primary_device(listener: DeviceListener, device_opts: QDict | None, from_json: bool) -> bool:
    """DeviceListener.hide_device: keep a primary from being made before the driver is ready for it.

    Error: it has no id, or the card has another primary already.
    """
    n: VirtIONet = container_of(listener)
    if device_opts is None or not qdict_haskey(device_opts, "failover_pair_id"):
        return False
    if not qdict_haskey(device_opts, "id"):
        error_setg("Device with failover_pair_id needs to have id")
    if qdict_get_str(device_opts, "failover_pair_id") != n.netclient_name:
        return False
    if n.primary_opts is not None:
        # asked more than once for a device
        old, new = qdict_get_str(n.primary_opts, "id"), qdict_get_str(device_opts, "id")
        if old != new:
            error_setg(f"Cannot attach more than one primary device to '{n.netclient_name}': '{old}' and '{new}'")
    else:
        n.primary_opts = qdict_clone_shallow(device_opts)
        n.primary_opts_from_json = from_json
    return n.failover_primary_hidden


@emulates
def virtio_net_migration_state_notifier(notifier: Notifier, data: Any) -> None:
    """A migration begins or fails: the primary is unplugged or plugged again."""
    raise NotModelled("migration")


@emulates
def primary_unplug_pending(opaque: Any) -> bool:
    """VirtioDeviceClass.primary_unplug_pending."""
    dev: DeviceState = opaque
    vdev = VIRTIO_DEVICE(dev)
    if not virtio_vdev_has_feature(vdev, VIRTIO_NET_F_STANDBY):
        return False
    primary = failover_find_primary_device(VIRTIO_NET(vdev))
    return primary.pending_deleted_event if primary else False


@emulates
def dev_unplug_pending(opaque: Any) -> bool:
    """VMStateDescription.dev_unplug_pending."""
    vdc = VIRTIO_DEVICE_GET_CLASS(opaque)
    assert vdc.primary_unplug_pending is not None
    return vdc.primary_unplug_pending(opaque)
