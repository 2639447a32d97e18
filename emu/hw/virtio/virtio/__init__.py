"""Virtio devices, whatever their transport (hw/virtio/virtio.c)."""

from emu.hw.virtio.virtio.bus import (
    TYPE_VIRTIO_BUS,
    VIRTIO_BUS,
    VIRTIO_BUS_CLASS,
    VIRTIO_BUS_GET_CLASS,
    VirtioBusClass,
    VirtioBusState,
    virtio_bus_get_device,
)
from emu.hw.virtio.virtio.config import (
    virtio_config_modern_readb,
    virtio_config_modern_readl,
    virtio_config_modern_readw,
    virtio_config_modern_writeb,
    virtio_config_modern_writel,
    virtio_config_modern_writew,
    virtio_config_readb,
    virtio_config_readl,
    virtio_config_readw,
    virtio_config_writeb,
    virtio_config_writel,
    virtio_config_writew,
)
from emu.hw.virtio.virtio.device import (
    DEFINE_VIRTIO_COMMON_FEATURES,
    virtio_cleanup,
    virtio_device_names,
    virtio_init,
    virtio_instance_init_common,
    virtio_legacy_allowed,
    virtio_legacy_check_disabled,
)
from emu.hw.virtio.virtio.elements import (
    virtio_notify,
    virtio_queue_empty,
    virtio_queue_enable_notification_and_check,
    virtio_queue_ready,
    virtio_queue_set_notification,
    virtqueue_detach_element,
    virtqueue_drop_all,
    virtqueue_fill,
    virtqueue_flush,
    virtqueue_get_avail_bytes,
    virtqueue_pop,
    virtqueue_push,
    virtqueue_unpop,
)
from emu.hw.virtio.virtio.features import (
    VirtIOConfigSizeParams,
    VirtIOFeature,
    virtio_add_feature,
    virtio_clear_feature,
    virtio_device_started,
    virtio_get_config_size,
    virtio_has_feature,
    virtio_host_has_feature,
    virtio_is_big_endian,
    virtio_vdev_has_feature,
)
from emu.hw.virtio.virtio.kick import virtio_queue_notify, virtio_queue_set_guest_notifier_fd_handler
from emu.hw.virtio.virtio.mapping import read_out, write_in
from emu.hw.virtio.virtio.notify import virtio_error, virtio_notify_config, virtio_update_irq
from emu.hw.virtio.virtio.queues import (
    peek,
    queues_of_vector,
    virtio_add_queue,
    virtio_del_queue,
    virtio_get_num_queues,
    virtio_get_queue,
    virtio_get_queue_index,
    virtio_queue_enabled_legacy,
    virtio_queue_get_addr,
    virtio_queue_get_num,
    virtio_queue_set_addr,
    virtio_queue_set_num,
    virtio_queue_set_rings,
    virtio_queue_set_vector,
    virtio_queue_vector,
)
from emu.hw.virtio.virtio.status import (
    virtio_queue_enable,
    virtio_queue_reset,
    virtio_reset,
    virtio_set_disabled,
    virtio_set_features,
    virtio_set_status,
)
from emu.hw.virtio.virtio.structs import (
    TYPE_VIRTIO_DEVICE,
    VIRTIO_DEVICE,
    VIRTIO_DEVICE_CLASS,
    VIRTIO_DEVICE_GET_CLASS,
    VIRTIO_F_BAD_FEATURE,
    VIRTIO_NO_VECTOR,
    VIRTIO_QUEUE_MAX,
    VIRTQUEUE_MAX_SIZE,
    FeatureWord,
    Sparse,
    VirtIODevice,
    VirtioDeviceClass,
    VirtQueue,
    VirtQueueElement,
    g_free_array,
    queues_of,
)
