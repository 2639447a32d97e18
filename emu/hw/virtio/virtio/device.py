"""A virtio device comes and goes, whatever it is (hw/virtio/virtio.c)."""

from __future__ import annotations

from typing import Any, Final

from emu.hw.core.qdev_core import DEVICE, DEVICE_CLASS, TYPE_DEVICE, DeviceState
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BIT64,
    DEFINE_PROP_BOOL,
    Property,
    device_class_set_props,
    qdev_alias_all_properties,
)
from emu.hw.core.vm_change_state_handler import qdev_add_vm_change_state_handler
from emu.hw.virtio import virtio_bus
from emu.hw.virtio.virtio.bus import TYPE_VIRTIO_BUS, VIRTIO_BUS_GET_CLASS, parent_bus
from emu.hw.virtio.virtio.ioeventfd import virtio_device_start_ioeventfd_impl, virtio_device_stop_ioeventfd_impl
from emu.hw.virtio.virtio.queues import new_queue, virtio_device_free_virtqueues
from emu.hw.virtio.virtio.rings import virtio_init_region_cache
from emu.hw.virtio.virtio.status import virtio_default_endian, virtio_vmstate_change
from emu.hw.virtio.virtio.structs import (
    TYPE_VIRTIO_DEVICE,
    VIRTIO_DEVICE,
    VIRTIO_DEVICE_CLASS,
    VIRTIO_DEVICE_GET_CLASS,
    VIRTIO_LEGACY_FEATURES,
    VIRTIO_NO_VECTOR,
    Sparse,
    VirtIODevice,
    VirtioDeviceClass,
    VirtQueueList,
    g_free_array,
)
from emu.qapi.error import Error, error_abort
from emu.qemu.module import type_init
from emu.qom.object import OBJECT, TypeInfo, object_initialize_child_with_props, type_register_static
from emu.qom.parts import Part
from emu.softmmu.memory import MemoryListener, memory_listener_register, memory_listener_unregister
from emu.softmmu.runstate import qemu_del_vm_change_state_handler, runstate_is_running
from emu.standard_headers.linux import virtio_config, virtio_ids, virtio_ring
from emu.trace import Buf, Ptr, Seq, Struct, container_of, emulates, per_run, recorder, seq


class VirtioGlobals(Struct):
    """The file-level state of hw/virtio/virtio.c."""

    virtio_list: Seq[VirtIODevice] = seq()


virtio = per_run(VirtioGlobals)

virtio_device_names: Final = {
    virtio_ids.VIRTIO_ID_NET: "virtio-net",
    virtio_ids.VIRTIO_ID_BLOCK: "virtio-blk",
    virtio_ids.VIRTIO_ID_CONSOLE: "virtio-serial",
    virtio_ids.VIRTIO_ID_RNG: "virtio-rng",
    virtio_ids.VIRTIO_ID_BALLOON: "virtio-balloon",
    virtio_ids.VIRTIO_ID_IOMEM: "virtio-iomem",
    virtio_ids.VIRTIO_ID_RPMSG: "virtio-rpmsg",
    virtio_ids.VIRTIO_ID_SCSI: "virtio-scsi",
    virtio_ids.VIRTIO_ID_9P: "virtio-9p",
    virtio_ids.VIRTIO_ID_MAC80211_WLAN: "virtio-mac-wlan",
    virtio_ids.VIRTIO_ID_RPROC_SERIAL: "virtio-rproc-serial",
    virtio_ids.VIRTIO_ID_CAIF: "virtio-caif",
    virtio_ids.VIRTIO_ID_MEMORY_BALLOON: "virtio-mem-balloon",
    virtio_ids.VIRTIO_ID_GPU: "virtio-gpu",
    virtio_ids.VIRTIO_ID_CLOCK: "virtio-clk",
    virtio_ids.VIRTIO_ID_INPUT: "virtio-input",
    virtio_ids.VIRTIO_ID_VSOCK: "vhost-vsock",
    virtio_ids.VIRTIO_ID_CRYPTO: "virtio-crypto",
    virtio_ids.VIRTIO_ID_SIGNAL_DIST: "virtio-signal",
    virtio_ids.VIRTIO_ID_PSTORE: "virtio-pstore",
    virtio_ids.VIRTIO_ID_IOMMU: "virtio-iommu",
    virtio_ids.VIRTIO_ID_MEM: "virtio-mem",
    virtio_ids.VIRTIO_ID_SOUND: "virtio-sound",
    virtio_ids.VIRTIO_ID_FS: "virtio-user-fs",
    virtio_ids.VIRTIO_ID_PMEM: "virtio-pmem",
    virtio_ids.VIRTIO_ID_RPMB: "virtio-rpmb",
    virtio_ids.VIRTIO_ID_MAC80211_HWSIM: "virtio-mac-hwsim",
    virtio_ids.VIRTIO_ID_VIDEO_ENCODER: "virtio-vid-encoder",
    virtio_ids.VIRTIO_ID_VIDEO_DECODER: "virtio-vid-decoder",
    virtio_ids.VIRTIO_ID_SCMI: "virtio-scmi",
    virtio_ids.VIRTIO_ID_NITRO_SEC_MOD: "virtio-nitro-sec-mod",
    virtio_ids.VIRTIO_ID_I2C_ADAPTER: "vhost-user-i2c",
    virtio_ids.VIRTIO_ID_WATCHDOG: "virtio-watchdog",
    virtio_ids.VIRTIO_ID_CAN: "virtio-can",
    virtio_ids.VIRTIO_ID_DMABUF: "virtio-dmabuf",
    virtio_ids.VIRTIO_ID_PARAM_SERV: "virtio-param-serv",
    virtio_ids.VIRTIO_ID_AUDIO_POLICY: "virtio-audio-pol",
    virtio_ids.VIRTIO_ID_BT: "virtio-bluetooth",
    virtio_ids.VIRTIO_ID_GPIO: "virtio-gpio",
}


@emulates
def virtio_id_to_name(device_id: int) -> str:
    """Return the name of a device id."""
    return virtio_device_names[device_id]


@emulates
def virtio_instance_init_common(proxy_obj: Part, data: Ptr, vdev_name: str) -> None:
    """Make the virtio device inside its transport's device, which takes over its properties as aliases."""
    with error_abort():
        object_initialize_child_with_props(proxy_obj, "virtio-backend", data, vdev_name)
    qdev_alias_all_properties(DEVICE(data.get()), OBJECT(proxy_obj))


@emulates
def virtio_init(vdev: VirtIODevice, device_id: int, config_size: int) -> None:
    """Set a device up in realize. ``config_size``: length of its configuration, in bytes."""
    qbus = parent_bus(vdev)
    k = VIRTIO_BUS_GET_CLASS(qbus)
    nvectors = k.query_nvectors(qbus.parent) if k.query_nvectors else 0
    if nvectors:
        vdev.vector_queues = Sparse(nvectors, lambda _: VirtQueueList())
    vdev.start_on_kick = False
    vdev.started = False
    vdev.vhost_started = False
    vdev.device_id = device_id
    vdev.status = 0
    vdev.isr = 0
    vdev.queue_sel = 0
    vdev.config_vector = VIRTIO_NO_VECTOR
    vdev.vq = new_queue(vdev)
    vdev.vm_running = runstate_is_running()
    vdev.broken = False
    vdev.name = virtio_id_to_name(device_id)
    vdev.config_len = config_size
    vdev.config = Buf(config_size) if config_size else None
    vdev.vmstate = qdev_add_vm_change_state_handler(DEVICE(vdev), virtio_vmstate_change, vdev)
    vdev.device_endian = virtio_default_endian()
    vdev.use_guest_notifier_mask = True


@emulates
def virtio_cleanup(vdev: VirtIODevice) -> None:
    """Undo what virtio_init made that outlives the device."""
    qemu_del_vm_change_state_handler(vdev.vmstate)


def virtio_legacy_allowed(vdev: VirtIODevice) -> bool:
    """Tell whether a device has a legacy interface: those older than the standard, and no other."""
    return vdev.device_id in (
        virtio_ids.VIRTIO_ID_NET,
        virtio_ids.VIRTIO_ID_BLOCK,
        virtio_ids.VIRTIO_ID_CONSOLE,
        virtio_ids.VIRTIO_ID_RNG,
        virtio_ids.VIRTIO_ID_BALLOON,
        virtio_ids.VIRTIO_ID_RPMSG,
        virtio_ids.VIRTIO_ID_SCSI,
        virtio_ids.VIRTIO_ID_9P,
        virtio_ids.VIRTIO_ID_RPROC_SERIAL,
        virtio_ids.VIRTIO_ID_CAIF,
    )


def virtio_legacy_check_disabled(vdev: VirtIODevice) -> bool:
    """Tell whether the machine is so old that any device may be legacy."""
    return vdev.disable_legacy_check


@emulates
def virtio_device_set_child_bus_name(vdev: VirtIODevice, bus_name: str) -> None:
    """Name the bus that the device will have."""
    vdev.bus_name = bus_name


@emulates
def virtio_memory_listener_commit(listener: MemoryListener) -> None:
    """Memory changed: map the rings anew."""
    vdev: VirtIODevice = container_of(listener)
    assert vdev.vq is not None
    if not recorder().recording and not any(vq.vring.desc or vq.vring.caches for vq in vdev.vq):
        return  # no driver yet, so nothing comes of the calls below: without a log nobody misses them
    for i, vq in enumerate(vdev.vq):
        if not vq.vring.num:
            break
        virtio_init_region_cache(vdev, i)


@emulates
def virtio_device_realize(dev: DeviceState) -> None:
    """First the device itself, then its transport: virtio_bus_device_plugged."""
    vdev = VIRTIO_DEVICE(dev)
    vdc = VIRTIO_DEVICE_GET_CLASS(dev)
    assert not vdc.vmsd or not vdc.load
    if vdc.realize is not None:
        vdc.realize(dev)
    try:
        virtio_bus.virtio_bus_device_plugged(vdev)
    except Error:
        assert vdc.unrealize is not None
        vdc.unrealize(dev)
        raise
    vdev.listener.commit = virtio_memory_listener_commit
    vdev.listener.name = "virtio"
    assert vdev.dma_as is not None
    memory_listener_register(vdev.listener, vdev.dma_as)
    virtio().virtio_list.append(vdev)


@emulates
def virtio_device_unrealize(dev: DeviceState) -> None:
    """The transport goes first, then the device."""
    vdev = VIRTIO_DEVICE(dev)
    vdc = VIRTIO_DEVICE_GET_CLASS(dev)
    memory_listener_unregister(vdev.listener)
    virtio_bus.virtio_bus_device_unplugged(vdev)
    if vdc.unrealize is not None:
        vdc.unrealize(dev)
    virtio().virtio_list.remove(vdev)
    vdev.bus_name = None


@emulates
def virtio_device_instance_finalize(obj: Part) -> None:
    """Free the queues and vectors."""
    vdev = VIRTIO_DEVICE(obj)
    virtio_device_free_virtqueues(vdev)
    g_free_array(vdev.vector_queues)


def DEFINE_VIRTIO_COMMON_FEATURES(state: type[Part], field: str) -> tuple[Property, ...]:
    """Return the properties that every virtio device has (include/hw/virtio/virtio.h)."""
    return (
        DEFINE_PROP_BIT64("indirect_desc", state, field, virtio_ring.VIRTIO_RING_F_INDIRECT_DESC, True),
        DEFINE_PROP_BIT64("event_idx", state, field, virtio_ring.VIRTIO_RING_F_EVENT_IDX, True),
        DEFINE_PROP_BIT64("notify_on_empty", state, field, virtio_config.VIRTIO_F_NOTIFY_ON_EMPTY, True),
        DEFINE_PROP_BIT64("any_layout", state, field, virtio_config.VIRTIO_F_ANY_LAYOUT, True),
        DEFINE_PROP_BIT64("iommu_platform", state, field, virtio_config.VIRTIO_F_IOMMU_PLATFORM, False),
        DEFINE_PROP_BIT64("packed", state, field, virtio_config.VIRTIO_F_RING_PACKED, False),
        DEFINE_PROP_BIT64("queue_reset", state, field, virtio_config.VIRTIO_F_RING_RESET, True),
    )


virtio_properties: Final = (
    *DEFINE_VIRTIO_COMMON_FEATURES(VirtIODevice, "host_features"),
    DEFINE_PROP_BOOL("use-started", VirtIODevice, "use_started", True),
    DEFINE_PROP_BOOL("use-disabled-flag", VirtIODevice, "use_disabled_flag", True),
    DEFINE_PROP_BOOL("x-disable-legacy-check", VirtIODevice, "disable_legacy_check", False),
)


@emulates
def virtio_device_class_init(klass: Part, data: Any) -> None:
    """DeviceClass.realize is the same for every virtio device; their own is in VirtioDeviceClass."""
    vdc = VIRTIO_DEVICE_CLASS(klass)
    dc = DEVICE_CLASS(klass)
    dc.realize = virtio_device_realize
    dc.unrealize = virtio_device_unrealize
    dc.bus_type = TYPE_VIRTIO_BUS
    device_class_set_props(dc, virtio_properties)
    vdc.start_ioeventfd = virtio_device_start_ioeventfd_impl
    vdc.stop_ioeventfd = virtio_device_stop_ioeventfd_impl
    vdc.legacy_features |= VIRTIO_LEGACY_FEATURES


virtio_device_info: Final = TypeInfo(
    name=TYPE_VIRTIO_DEVICE,
    parent=TYPE_DEVICE,
    instance=VirtIODevice,
    class_=VirtioDeviceClass,
    class_init=virtio_device_class_init,
    instance_finalize=virtio_device_instance_finalize,
    abstract=True,
)


@type_init
@emulates
def virtio_register_types() -> None:
    """Register ``virtio-device``."""
    type_register_static(virtio_device_info)
