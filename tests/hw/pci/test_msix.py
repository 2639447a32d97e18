"""hw/pci/msi.c and hw/pci/msix.c: capabilities, tables, masks, messages."""

from __future__ import annotations

from errno import EINVAL, ENOTSUP

import pytest
from hw.pci.machine import Tiny, region

from emu.hw.pci.msi import msi_globals, msi_init, msi_notify, msi_reset, msi_uninit
from emu.hw.pci.msix import (
    msix_init,
    msix_init_exclusive_bar,
    msix_is_masked,
    msix_notify,
    msix_reset,
    msix_uninit_exclusive_bar,
    msix_vector_use,
)
from emu.hw.pci.pci import MSIMessage, PCIDevice, PCIError, pci_default_write_config
from emu.softmmu.memory import MEMTXATTRS_UNSPECIFIED, memory_region_dispatch_read, memory_region_dispatch_write
from emu.standard_headers.linux import pci_regs as r
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot


def messages_of(dev: PCIDevice) -> list[MSIMessage]:
    sent: list[MSIMessage] = []
    dev.msi_trigger = lambda dev, msg: sent.append(msg)
    return sent


@pytest.mark.parametrize(
    ("nentries", "pba", "size"),
    [(1, 0x800, 0x1000), (128, 0x800, 0x1000), (129, 0x810, 0x1000), (256, 0x1000, 0x2000), (2048, 0x8000, 0x10000)],
)
def test_the_bar_grows_with_the_table(pc: Tiny, nentries: int, pba: int, size: int) -> None:
    dev = pc.card()
    msix_init_exclusive_bar(dev, nentries, 1)
    cap = dev.msix_cap
    assert [dev.config.read(cap + at, length) for at, length in ((0, 1), (2, 2), (4, 4), (8, 4))] == [
        r.PCI_CAP_ID_MSIX,
        nentries - 1,
        1,
        pba | 1,
    ]
    assert dev.wmask.read(cap + 2, 2) == 0xC000
    assert (dev.io_regions[1].size, dev.msix_exclusive_bar and dev.msix_exclusive_bar.name) == (size, "card-msix")
    assert all(msix_is_masked(dev, vector) for vector in range(nentries))
    assert fold(pc.rec.events) == snapshot(pc.rec)


def test_what_msix_init_refuses(pc: Tiny) -> None:
    dev = pc.card()
    bar = region(dev, "bar", 0x1000)
    for args, error in (
        ((0, bar, 0, 0, bar, 0, 0x800, 0), "The number of MSI-X vectors is invalid"),
        ((2049, bar, 0, 0, bar, 0, 0x800, 0), "The number of MSI-X vectors is invalid"),
        ((256, bar, 0, 0, bar, 0, 0x800, 0), "table & pba overlap, or they don't fit in BARs, or don't align"),
        ((1, bar, 0, 0, bar, 0, 0x804, 0), "table & pba overlap, or they don't fit in BARs, or don't align"),
    ):
        with pytest.raises(PCIError) as refused:
            msix_init(dev, *args)
        assert (refused.value.ret, str(refused.value)) == (-EINVAL, error)
    msi_globals().msi_nonbroken = False
    with pytest.raises(PCIError) as refused:
        msix_init_exclusive_bar(dev, 4, 1)
    assert (refused.value.ret, str(refused.value)) == (-ENOTSUP, "MSI-X is not supported by interrupt controller")


def test_a_message_waits_until_the_guest_lets_it_go(pc: Tiny) -> None:
    dev = pc.card()
    msix_init_exclusive_bar(dev, 2, 1)
    sent = messages_of(dev)
    table = dev.msix_table_mmio
    assert table is not None
    for at, value in ((16, 0xFEE01000), (20, 0), (24, 0x4021)):
        memory_region_dispatch_write(table, at, value, 4, MEMTXATTRS_UNSPECIFIED)
    msix_notify(dev, 1)
    assert dev.msix_pba is not None
    assert dev.msix_pba[0] == 0  # nobody uses it
    msix_vector_use(dev, 1)
    msix_notify(dev, 1)
    assert (sent, dev.msix_pba[0]) == ([], 0b10)
    memory_region_dispatch_write(table, 28, 0, 4, MEMTXATTRS_UNSPECIFIED)
    assert sent == []
    pci_default_write_config(dev, dev.msix_cap + 2, r.PCI_MSIX_FLAGS_ENABLE, 2)
    assert (sent, dev.msix_pba[0]) == ([MSIMessage(0xFEE01000, 0x4021)], 0)
    pci_default_write_config(dev, dev.msix_cap + 2, r.PCI_MSIX_FLAGS_ENABLE | r.PCI_MSIX_FLAGS_MASKALL, 2)
    msix_notify(dev, 1)
    assert len(sent) == 1
    msix_reset(dev)
    assert memory_region_dispatch_read(table, 24, 8, MEMTXATTRS_UNSPECIFIED) == (0, 1 << 32)


def test_msix_goes_again(pc: Tiny) -> None:
    dev = pc.card()
    msix_init_exclusive_bar(dev, 2, 1)
    msix_uninit_exclusive_bar(dev)
    assert (dev.config[0x34], dev.cap_present & 2, dev.msix_table) == (0, 0, None)


@pytest.mark.parametrize(
    ("nr", "wide", "masked", "size", "control"),
    [(1, False, False, 0x0A, 0), (2, True, False, 0x0E, 0x82), (4, False, True, 0x14, 0x104), (32, True, True, 0x18, 0x18A)],
)
def test_the_four_forms_of_msi(pc: Tiny, nr: int, wide: bool, masked: bool, size: int, control: int) -> None:
    dev = pc.card()
    msi_init(dev, 0x50, nr, wide, masked)
    assert (dev.config.read(0x52, 2), dev.wmask.read(0x52, 2), dev.wmask.read(0x54, 4)) == (control, 0x71, 0xFFFFFFFC)
    assert [bool(dev.used[at]) for at in (0x4F, 0x50, 0x50 + (size + 3 & ~3) - 1, 0x50 + (size + 3 & ~3))] == [
        False,
        True,
        True,
        False,
    ]
    msi_uninit(dev)
    assert dev.config[0x34] == 0


def test_msi_messages(pc: Tiny) -> None:
    dev = pc.card()
    msi_init(dev, 0, 4, True, True)
    sent = messages_of(dev)
    cap = dev.msi_cap
    for at, value, size in ((4, 0xFEE00000, 4), (8, 0x1, 4), (12, 0x4100, 2), (2, 0x21, 2)):
        pci_default_write_config(dev, cap + at, value, size)
    msi_notify(dev, 3)
    assert sent == [MSIMessage(0x1FEE00000, 0x4103)]
    pci_default_write_config(dev, cap + 16, 0b1000, 4)
    msi_notify(dev, 3)
    assert (len(sent), dev.config.read(cap + 20, 4)) == (1, 0b1000)
    pci_default_write_config(dev, cap + 16, 0, 4)
    assert (len(sent), dev.config.read(cap + 20, 4)) == (2, 0)
    msi_reset(dev)
    assert [dev.config.read(cap + at, 4) for at in (4, 8, 16)] == [0, 0, 0]
