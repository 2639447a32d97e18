"""hw/pci/pci.c: places on a bus, configuration space, BARs, interrupts, option ROMs."""

from __future__ import annotations

import pytest
from hw.pci.machine import Tiny, region

from emu.hw.core.qdev import qdev_get_dev_path, qdev_unrealize
from emu.hw.core.qdev_core import BUS_GET_CLASS, DEVICE
from emu.hw.pci.pci import (
    PCI_BAR_UNMAPPED,
    PCI_DEVFN,
    pci_add_capability,
    pci_config_set_interrupt_pin,
    pci_default_read_config,
    pci_default_write_config,
    pci_del_capability,
    pci_device_reset,
    pci_find_capability,
    pci_register_bar,
    pci_set_irq,
    qmp_query_pci,
)
from emu.hw.pci.pci.nic import pci_parse_devaddr
from emu.hw.pci.pci_host import pci_data_read, pci_data_write
from emu.qapi.error import Error
from emu.softmmu.memory import MemoryRegion
from emu.standard_headers.linux import pci_regs as r
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot


def test_slots_are_given_out_from_the_first_on(pc: Tiny) -> None:
    assert [pc.card().devfn, pc.card(addr=PCI_DEVFN(2, 0)).devfn, pc.card().devfn, pc.card().devfn] == [0, 16, 8, 24]
    assert fold(pc.rec.events) == snapshot(pc.rec)


def test_a_reserved_slot_is_passed_over(pc: Tiny) -> None:
    pc.bus.slot_reserved_mask = 0b1
    assert pc.card().devfn == 8
    with pytest.raises(Error, match=r"^PCI: slot 0 function 0 not available for card, reserved$"):
        pc.card(addr=0)


def test_a_taken_slot_and_a_full_bus(pc: Tiny) -> None:
    pc.card(addr=0x18, id="first")
    with pytest.raises(Error, match=r"^PCI: slot 3 function 0 not available for card, in use by card,id=first$"):
        pc.card(addr=0x18)
    for _ in range(31):
        pc.card()
    with pytest.raises(Error, match=r"^PCI: no slot/function available for card, all in use or reserved$"):
        pc.card()


def test_functions_of_a_slot_agree(pc: Tiny) -> None:
    pc.card(addr=PCI_DEVFN(5, 0))
    with pytest.raises(Error, match=r"^PCI: single function device can't be populated in function 5.1$"):
        pc.card(addr=PCI_DEVFN(5, 1))
    pc.card(addr=PCI_DEVFN(6, 3))
    with pytest.raises(Error, match=r"^PCI: 6.0 indicates single function, but 6.3 is already populated.$"):
        pc.card(addr=PCI_DEVFN(6, 0))
    assert pc.bus.devices[PCI_DEVFN(6, 0)] is None
    assert pc.card(addr=PCI_DEVFN(6, 0), multifunction="on").config[r.PCI_HEADER_TYPE] == 0x80


def test_a_new_configuration_space(pc: Tiny) -> None:
    dev = pc.card()
    assert bytes(dev.config)[:16].hex() == "34127856000000000000800200000000"
    assert bytes(dev.config)[0x2C:0x30].hex() == "f41a0011"
    assert len(dev.config) == 256
    assert bytes(dev.wmask)[:16].hex() == "00000000070500000000000 0ff000000".replace(" ", "")
    assert bytes(dev.wmask)[0x40:] == b"\xff" * 0xC0


def test_a_pcie_card_has_4096_bytes_of_it(pcie: Tiny) -> None:
    assert len(pcie.card("pcie-card").config) == 4096


def test_the_last_capability_is_the_first_of_the_list(pc: Tiny) -> None:
    dev = pc.card()
    assert [pci_add_capability(dev, cap, 0, size) for cap, size in ((9, 16), (9, 20), (0x11, 12))] == [0x40, 0x50, 0x64]
    assert [dev.config[at] for at in (0x34, 0x65, 0x51, 0x41)] == [0x64, 0x50, 0x40, 0]
    assert dev.config[r.PCI_STATUS] & r.PCI_STATUS_CAP_LIST
    assert not any(dev.wmask[at] for at in range(0x40, 0x70))
    pci_del_capability(dev, 0x11, 12)
    assert (dev.config[0x34], pci_find_capability(dev, 0x11)) == (0x50, 0)
    with pytest.raises(
        Error,
        match=r"^0000:00:00:00.0 Attempt to add PCI capability 5 at offset 48 overlaps existing capability 40 at offset 48$",
    ):
        pci_add_capability(dev, 5, 0x48, 4)


@pytest.mark.parametrize(
    ("type_", "size", "probed"),
    [
        (r.PCI_BASE_ADDRESS_SPACE_IO, 0x20, 0xFFFFFFE1),
        (r.PCI_BASE_ADDRESS_SPACE_MEMORY, 0x1000, 0xFFFFF000),
        (r.PCI_BASE_ADDRESS_MEM_TYPE_64 | r.PCI_BASE_ADDRESS_MEM_PREFETCH, 0x4000, 0xFFFFFFFFFFFFC00C),
    ],
)
def test_the_size_of_a_bar_is_found_by_writing_ones(pc: Tiny, type_: int, size: int, probed: int) -> None:
    dev = pc.card()
    pci_register_bar(dev, 2, type_, region(dev, "bar", size))
    pci_default_write_config(dev, 0x18, 0xFFFFFFFF, 4)
    pci_default_write_config(dev, 0x1C, 0xFFFFFFFF, 4)
    low, high = pci_default_read_config(dev, 0x18, 4), pci_default_read_config(dev, 0x1C, 4)
    assert (high << 32 | low if probed >> 32 else low) == probed


def test_a_bar_is_mapped_where_the_guest_puts_it(pc: Tiny) -> None:
    dev = pc.card()
    bar = region(dev, "bar", 0x1000)
    pci_register_bar(dev, 0, r.PCI_BASE_ADDRESS_SPACE_MEMORY, bar)

    def where(mr: MemoryRegion) -> int | None:
        return mr.addr if mr.container is not None else None

    pci_default_write_config(dev, r.PCI_BASE_ADDRESS_0, 0xFEBF1234, 4)
    assert where(bar) is None
    pci_default_write_config(dev, r.PCI_COMMAND, r.PCI_COMMAND_MEMORY, 2)
    assert (where(bar), dev.io_regions[0].addr) == (0xFEBF1000, 0xFEBF1000)
    pci_default_write_config(dev, r.PCI_BASE_ADDRESS_0, 0, 4)
    assert (where(bar), dev.io_regions[0].addr) == (None, PCI_BAR_UNMAPPED)
    pci_default_write_config(dev, r.PCI_BASE_ADDRESS_0, 0xE0000000, 4)
    assert where(bar) == 0xE0000000
    pci_device_reset(dev)
    assert (where(bar), pci_default_read_config(dev, 0x10, 4), pci_default_read_config(dev, 4, 2)) == (None, 0, 0)


def test_status_bits_are_cleared_by_ones(pc: Tiny) -> None:
    dev = pc.card()
    dev.config[r.PCI_STATUS + 1] = 0xF9
    pci_default_write_config(dev, r.PCI_STATUS, 0x3000, 2)
    assert dev.config[r.PCI_STATUS + 1] == 0xC9


def test_a_pin_raises_a_line_of_the_root_bus(pc: Tiny) -> None:
    dev = pc.card(addr=0x18)
    pci_config_set_interrupt_pin(dev.config, 1)
    pci_set_irq(dev, 1)
    assert (pc.levels, dev.config[r.PCI_STATUS] & r.PCI_STATUS_INTERRUPT) == ([(3, 1)], r.PCI_STATUS_INTERRUPT)
    pci_default_write_config(dev, r.PCI_COMMAND, r.PCI_COMMAND_INTX_DISABLE, 2)
    # every pin is gone through, whether it is raised or not
    assert pc.levels == [(3, 1), (3, 0), (0, 0), (1, 0), (2, 0)]
    pci_default_write_config(dev, r.PCI_COMMAND, 0, 2)
    pci_set_irq(dev, 0)
    assert [level for level in pc.levels if level[0] == 3] == [(3, 1), (3, 0), (3, 1), (3, 0)]


def test_the_option_rom(pc: Tiny) -> None:
    dev = pc.card(romfile="efi-virtio.rom")
    assert dev.io_regions[6].size == dev.romsize == 1 << 18
    assert dev.wmask.read(0x30, 4) == 0xFFFC0001
    assert dev.rom is not None
    assert dev.rom.ram_block is not None
    assert dev.rom.ram_block.idstr == "0000:00:00.0/card.rom"
    # given by the user, so left as it is
    assert dev.rom.ram_block.host().read(0x1C + 4, 4) == 0x10411AF4


@pytest.mark.parametrize(
    ("props", "error"),
    [
        ({"romsize": "3"}, "ROM size 3 is not a power of two"),
        ({"romsize": "0"}, "ROM size 0 is not a power of two"),
        ({"romfile": "nothing"}, 'failed to find romfile "nothing"'),
        (
            {"romfile": "efi-virtio.rom", "romsize": "4096"},
            'romfile "efi-virtio.rom" (249344 bytes) is too large for ROM size 4096',
        ),
        ({"failover__pair__id": "x"}, "failover primary device must be on PCIExpress bus"),
    ],
)
def test_what_realize_refuses(pc: Tiny, props: dict[str, str], error: str) -> None:
    with pytest.raises(Error) as refused:
        pc.card(**props)
    assert str(refused.value) == error
    assert all(dev is None for dev in pc.bus.devices)


def test_configuration_by_address_and_data(pc: Tiny) -> None:
    dev = pc.card(addr=0x28)
    assert pci_data_read(pc.bus, 0x80002800, 4) == 0x56781234
    assert pci_data_read(pc.bus, 0x80003000, 4) == 0xFFFFFFFF
    pci_data_write(pc.bus, 0x8000283C, 0x55, 1)
    assert dev.config[r.PCI_INTERRUPT_LINE] == 0x55


def test_names_of_a_device(pc: Tiny) -> None:
    dev = DEVICE(pc.card(addr=PCI_DEVFN(3, 1), multifunction="on"))
    assert qdev_get_dev_path(dev) == "0000:00:03.1"
    bus = dev.parent_bus
    assert bus is not None
    fw = BUS_GET_CLASS(bus).get_fw_dev_path
    assert fw is not None
    assert fw(dev) == "pci1234,5678@3,1"


def test_query_pci(pc: Tiny) -> None:
    dev = pc.card(addr=0x10, id="me")
    pci_register_bar(dev, 0, r.PCI_BASE_ADDRESS_SPACE_IO, region(dev, "bar", 0x40))
    assert qmp_query_pci() == [
        {
            "bus": 0,
            "devices": [
                {
                    "bus": 0,
                    "slot": 2,
                    "function": 0,
                    "class_info": {"desc": "Network controller", "class": 0x280},
                    "id": {"device": 0x5678, "vendor": 0x1234, "subsystem": 0x1100, "subsystem-vendor": 0x1AF4},
                    "irq_pin": 0,
                    "qdev_id": "me",
                    "regions": [{"bar": 0, "type": "io", "address": -1, "size": 0x40}],
                }
            ],
        }
    ]


def test_unrealize_leaves_nothing_behind(pc: Tiny) -> None:
    dev = pc.card(romfile="efi-virtio.rom")
    qdev_unrealize(DEVICE(dev))
    assert all(slot is None for slot in pc.bus.devices)
    assert dev.has_rom is False
    assert fold(pc.rec.events) == snapshot(pc.rec)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("3", (0, 0, 3, 0)),
        ("0x1f", (0, 0, 31, 0)),
        ("20", None),
        ("1:2", (0, 1, 2, 0)),
        ("f:1:2", (15, 1, 2, 0)),
        ("3.1", None),
        ("", None),
        ("x", None),
    ],
)
def test_addresses(text: str, parsed: tuple[int, int, int, int] | None) -> None:
    assert pci_parse_devaddr(text) == parsed
