"""hw/virtio/virtio.c: feature words and what follows from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emu.hw.net.virtio_net.features import cfg_size_params
from emu.hw.virtio.virtio import (
    FeatureWord,
    virtio_add_feature,
    virtio_clear_feature,
    virtio_get_config_size,
    virtio_has_feature,
)
from emu.standard_headers.linux import virtio_net
from emu.trace import Ptr, Recorder

WORDS = st.integers(0, 2**64 - 1)
BITS = st.integers(0, 63)


@given(WORDS, BITS)
def test_virtio_add_feature_and_virtio_clear_feature(value: int, bit: int) -> None:
    word = FeatureWord(value=value)
    virtio_add_feature(Ptr(word, "value"), bit)
    assert virtio_has_feature(word.value, bit)
    virtio_clear_feature(Ptr(word, "value"), bit)
    assert not virtio_has_feature(word.value, bit)
    assert word.value == value & ~(1 << bit)


def test_the_log_says_who_cleared_a_bit() -> None:
    with Recorder().active() as rec:
        word = FeatureWord(value=0b11)
        virtio_clear_feature(Ptr(word, "value"), 1)
    enter = next(seq for seq, event in enumerate(rec.events) if event[0] == "E")
    cleared = next(event for event in rec.events if event[0] == "S")
    assert cleared[1] == enter
    assert cleared[4:] == ("value", 0b11, 0b01)


@pytest.mark.parametrize(
    ("bits", "size"),
    [
        ((), 6),
        ((virtio_net.VIRTIO_NET_F_MAC,), 6),
        ((virtio_net.VIRTIO_NET_F_STATUS,), 8),
        ((virtio_net.VIRTIO_NET_F_MQ,), 10),
        ((virtio_net.VIRTIO_NET_F_MTU, virtio_net.VIRTIO_NET_F_STATUS), 12),
        ((virtio_net.VIRTIO_NET_F_SPEED_DUPLEX,), 17),
        ((virtio_net.VIRTIO_NET_F_RSS,), 24),
        ((virtio_net.VIRTIO_NET_F_HASH_REPORT,), 24),
    ],
)
def test_virtio_get_config_size(bits: tuple[int, ...], size: int) -> None:
    """virtio 1.2, 5.1.4: a field exists only if its feature is offered."""
    assert virtio_get_config_size(cfg_size_params, sum(1 << bit for bit in bits)) == size
