"""Features and flags of virtqueues (include/standard-headers/linux/virtio_ring.h)."""

from __future__ import annotations

from typing import Final

VRING_DESC_F_NEXT: Final = 1
VRING_DESC_F_WRITE: Final = 2
VRING_DESC_F_INDIRECT: Final = 4

VRING_PACKED_DESC_F_AVAIL: Final = 7
VRING_PACKED_DESC_F_USED: Final = 15

VRING_USED_F_NO_NOTIFY: Final = 1
VRING_AVAIL_F_NO_INTERRUPT: Final = 1

VRING_PACKED_EVENT_FLAG_ENABLE: Final = 0
VRING_PACKED_EVENT_FLAG_DISABLE: Final = 1
VRING_PACKED_EVENT_FLAG_DESC: Final = 2

VIRTIO_RING_F_INDIRECT_DESC: Final = 28
VIRTIO_RING_F_EVENT_IDX: Final = 29


def vring_need_event(event_idx: int, new_idx: int, old: int) -> bool:
    """Tell whether an index that moved from ``old`` to ``new_idx`` passed ``event_idx`` (all of them 16 bits)."""
    return (new_idx - event_idx - 1) & 0xFFFF < (new_idx - old) & 0xFFFF
