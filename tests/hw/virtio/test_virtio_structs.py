"""hw/virtio/virtio.c, virtio-pci.c: queues that come into being when touched, capabilities as bytes, types of a single device."""

from __future__ import annotations

import pytest

from emu.hw.virtio.virtio import Sparse
from emu.hw.virtio.virtio.structs import VirtQueue
from emu.hw.virtio.virtio_pci import VirtioPCIDeviceTypeInfo, VirtIOPCIProxy, virtio_pci_types_register
from emu.qom.object.types import types
from emu.standard_headers.linux.virtio_pci import (
    VIRTIO_PCI_CAP_COMMON_CFG,
    virtio_pci_cap,
    virtio_pci_cfg_cap,
    virtio_pci_notify_cap,
)
from emu.trace import Recorder


def test_an_array_of_queues_holds_those_that_were_touched() -> None:
    queues = Sparse(1024, lambda n: VirtQueue(queue_index=n))
    assert queues.peek(2) is None
    assert queues[2].queue_index == 2
    assert [vq.queue_index for vq in queues] == [0, 1, 2]
    with pytest.raises(IndexError):
        queues[1024]


def test_virtio_pci_cap() -> None:
    """virtio 1.2, 4.1.4: vendor, next, length, type, BAR, id, padding, offset, length."""
    cap = virtio_pci_cap(cap_len=16).located(VIRTIO_PCI_CAP_COMMON_CFG, 4, 0x1000, 0x2000)
    assert bytes(cap).hex() == "00001001040000000010000000200000"
    assert bytes(virtio_pci_notify_cap(0x1000))[16:] == b"\x00\x10\x00\x00"
    assert len(bytes(virtio_pci_cfg_cap())) == virtio_pci_cfg_cap().cap_len == 20


def test_virtio_pci_types_register_of_a_single_type() -> None:
    with Recorder().active():
        virtio_pci_types_register(VirtioPCIDeviceTypeInfo(variable="info", generic_name="virtio-x-pci", instance=VirtIOPCIProxy))
        table = types().type_table
        assert set(table) == {"virtio-x-pci", "virtio-x-pci-base-type"}
        assert table["virtio-x-pci"].parent == "virtio-x-pci-base-type"
        assert table["virtio-x-pci"].class_init is not None
        assert table["virtio-x-pci"].class_init.__name__ == "virtio_pci_base_class_init"
        assert table["virtio-x-pci-base-type"].abstract
        assert table["virtio-x-pci-base-type"].parent == "virtio-pci"
