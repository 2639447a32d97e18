"""hw/pci/pci_bridge.c, pcie.c, pcie_port.c, shpc.c and hw/pci-bridge: bridges, ports, slots."""

from __future__ import annotations

import pytest
from hw.pci.machine import Tiny, region

from emu.hw.core.qdev import qdev_get_dev_path, qdev_unrealize
from emu.hw.core.qdev_core import BUS, DEVICE
from emu.hw.pci.pci import (
    PCI_BUS,
    PCI_DEVFN,
    PCIBus,
    PCIDevice,
    pci_config_set_interrupt_pin,
    pci_default_read_config,
    pci_default_write_config,
    pci_device_reset,
    pci_find_capability,
    pci_register_bar,
    pci_set_irq,
)
from emu.hw.pci.pci_bridge import PCI_BRIDGE, pci_bridge_get_sec_bus, pci_bridge_write_config
from emu.hw.pci.pci_host import pci_data_read
from emu.hw.pci.pcie import pcie_add_capability, pcie_endpoint_cap_init, pcie_find_capability
from emu.hw.pci.pcie_host import PCIE_MMCFG_SIZE_MAX
from emu.hw.pci.shpc import SHPCDevice
from emu.qapi.error import Error
from emu.softmmu.memory import (
    MEMTXATTRS_UNSPECIFIED,
    address_space_to_flatview,
    memory_region_dispatch_read,
    memory_region_dispatch_write,
)
from emu.softmmu.physmem import address_space_memory
from emu.standard_headers.linux import pci_regs as r
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot


def behind(dev: PCIDevice) -> PCIBus:
    return pci_bridge_get_sec_bus(PCI_BRIDGE(dev))


def write(dev: PCIDevice, addr: int, val: int, len_: int) -> None:
    assert dev.config_write is not None
    dev.config_write(dev, addr, val, len_)


def seen(name: str) -> list[tuple[int, int]]:
    """Where a region shows in memory."""
    ranges = address_space_to_flatview(address_space_memory()).ranges
    return [(fr.start, fr.end - 1) for fr in ranges if fr.mr.name == name]


def test_a_bus_behind_a_bridge(pc: Tiny) -> None:
    bridge = pc.card("pci-bridge", addr=0x18, id="br", chassis__nr="1")
    card = pc.card(addr=0x20, bus=behind(bridge))
    assert BUS(behind(bridge)).name == "br"
    assert qdev_get_dev_path(DEVICE(card)) == "0000:00:03.0:04.0"
    assert pci_data_read(pc.bus, 0x80012000, 4) == 0xFFFFFFFF
    write(bridge, r.PCI_PRIMARY_BUS, 0x010100, 4)
    assert pci_data_read(pc.bus, 0x80012000, 4) == 0x56781234
    assert fold(pc.rec.events) == snapshot(pc.rec)


def test_windows_show_what_lies_in_them(pc: Tiny) -> None:
    bridge = pc.card("pci-bridge", id="br", chassis__nr="1", shpc="off")
    card = pc.card(bus=behind(bridge))
    bar = region(card, "the bar", 0x2000)
    bar.terminates = True
    pci_register_bar(card, 0, r.PCI_BASE_ADDRESS_SPACE_MEMORY, bar)
    pci_default_write_config(card, 0x10, 0xE0200000, 4)
    pci_default_write_config(card, r.PCI_COMMAND, r.PCI_COMMAND_MEMORY, 2)
    assert seen("the bar") == []
    write(bridge, r.PCI_MEMORY_BASE, 0xE020E020, 4)
    assert seen("the bar") == []
    write(bridge, r.PCI_COMMAND, r.PCI_COMMAND_MEMORY, 2)
    assert seen("the bar") == [(0xE0200000, 0xE0201FFF)]
    write(bridge, r.PCI_MEMORY_BASE, 0xE020E030, 4)
    assert seen("the bar") == []
    write(bridge, r.PCI_PREF_MEMORY_BASE, 0xE021E021, 4)
    assert seen("the bar") == [(0xE0200000, 0xE0201FFF)]
    write(bridge, r.PCI_BRIDGE_CONTROL, r.PCI_BRIDGE_CTL_BUS_RESET, 2)
    assert seen("the bar") == []


def test_pins_are_swizzled_through_a_bridge(pc: Tiny) -> None:
    bridge = pc.card("pci-bridge", addr=0x10, id="br", chassis__nr="1")
    card = pc.card(addr=0x28, bus=behind(bridge))
    pci_config_set_interrupt_pin(card.config, 1)
    pc.levels.clear()
    pci_set_irq(card, 1)
    # pin 0 of slot 5 is pin 1 of the bridge, in slot 2
    assert pc.levels == [((2 + 1) & 3, 1)]


@pytest.mark.parametrize(
    ("props", "error"),
    [
        (
            {"chassis__nr": "0"},
            "Bridge chassis not specified. Each bridge is required to be assigned a unique chassis id > 0.",
        ),
        (
            {"chassis__nr": "1", "pref32_reserve": "1M", "pref64_reserve": "1M"},
            "PCI resource reserve cap: PREF32 and PREF64 conflict",
        ),
        ({"chassis__nr": "1", "mem_reserve": "4G"}, "PCI resource reserve cap: mem-reserve must be less than 4G"),
        ({"chassis__nr": "1", "pref32_reserve": "4G"}, "PCI resource reserve cap: pref32-reserve  must be less than 4G"),
    ],
)
def test_what_a_bridge_refuses(pc: Tiny, props: dict[str, str], error: str) -> None:
    with pytest.raises(Error) as refused:
        pc.card("pci-bridge", **props)
    assert str(refused.value) == error
    assert not len(pc.bus.child)


def test_what_to_keep_free_behind_a_bridge(pc: Tiny) -> None:
    bridge = pc.card("pci-bridge", chassis__nr="1", bus_reserve="2", io_reserve="8k", pref64_reserve="1G")
    at = pci_find_capability(bridge, r.PCI_CAP_ID_VNDR)
    assert bytes(bridge.config)[at + 2 : at + 32].hex() == (
        "2001" + "02000000" + "0020000000000000" + "ffffffff" + "ffffffff" + "0000004000000000"
    )


def test_the_hot_plug_controller_shows_its_slots(pc: Tiny) -> None:
    bridge = pc.card("pci-bridge", chassis__nr="1")
    shpc: SHPCDevice = bridge.shpc
    assert shpc.mmio is not None

    def status(slot: int) -> int:
        assert shpc.mmio is not None
        return memory_region_dispatch_read(shpc.mmio, 0x24 + 4 * slot, 2, MEMTXATTRS_UNSPECIFIED)[1]

    assert (status(1), status(2)) == (0xD0F, 0xD0F)
    pc.card(addr=0x10, bus=behind(bridge))
    assert (status(1), status(2)) == (0x00F, 0xD0F)
    pci_device_reset(bridge)
    assert (status(1), status(2)) == (0x006, 0xD0F)
    with pytest.raises(
        Error, match=r"^Unsupported PCI slot 0 for standard hotplug controller. Valid slots are between 1 and 31.$"
    ):
        pc.card(addr=0x0, bus=behind(bridge))
    # the guest switches slot 2 off: what is in it goes
    memory_region_dispatch_write(shpc.mmio, 0x15, 2, 1, MEMTXATTRS_UNSPECIFIED)
    memory_region_dispatch_write(shpc.mmio, 0x14, 0x0F, 1, MEMTXATTRS_UNSPECIFIED)
    assert behind(bridge).devices[0x10] is None
    assert status(1) == 0xD0F


def test_a_bridge_without_a_hot_plug_controller_takes_no_cards_through_it(pc: Tiny) -> None:
    bridge = pc.card("pci-bridge", chassis__nr="1", shpc="off")
    assert BUS(behind(bridge)).hotplug_handler is None
    pc.card(bus=behind(bridge))


def test_a_root_port(pcie: Tiny) -> None:
    port = pcie.card("pcie-root-port", addr=0x10, id="rp", chassis="1", slot="3")
    assert (port.config[r.PCI_HEADER_TYPE], len(port.config)) == (1, 4096)
    assert [pcie_find_capability(port, cap) for cap in (r.PCI_EXT_CAP_ID_ERR, r.PCI_EXT_CAP_ID_ACS)] == [0x100, 0x148]
    slot = port.config.read(port.exp.exp_cap + r.PCI_EXP_SLTCAP, 4)
    assert slot >> 19 == 3
    card = pcie.card("pcie-card", bus=behind(port))
    assert port.config.read(port.exp.exp_cap + r.PCI_EXP_SLTSTA, 2) & r.PCI_EXP_SLTSTA_PDS
    assert card.has_power
    qdev_unrealize(DEVICE(card))
    qdev_unrealize(DEVICE(port))
    assert not len(pcie.bus.child)
    assert fold(pcie.rec.events) == snapshot(pcie.rec)


def test_two_ports_can_not_be_the_same_slot(pcie: Tiny) -> None:
    pcie.card("pcie-root-port", chassis="1", slot="3")
    pcie.card("ioh3420", chassis="2", slot="3")
    with pytest.raises(Error, match=r"^Can't add chassis slot, error -16$"):
        pcie.card("ioh3420", chassis="1", slot="3")
    assert len(pcie.bus.child) == 2


def test_more_errors_to_keep_than_allowed(pcie: Tiny) -> None:
    with pytest.raises(Error, match=r"^Invalid aer_log_max 129. The max number of aer log is 128$"):
        pcie.card("pcie-root-port", aer__log__max="129")
    pcie.card("pcie-root-port")


def test_a_slot_that_is_switched_off_loses_its_card(pcie: Tiny) -> None:
    port = pcie.card("pcie-root-port")
    pcie.card("pcie-card", bus=behind(port))
    pci_device_reset(port)
    sltctl = port.exp.exp_cap + r.PCI_EXP_SLTCTL
    write(port, sltctl, 0x07C0, 2)
    assert behind(port).devices[0] is None
    assert not port.config.read(port.exp.exp_cap + r.PCI_EXP_SLTSTA, 2) & r.PCI_EXP_SLTSTA_PDS


def test_the_link_of_a_port_is_what_both_ends_can(pcie: Tiny) -> None:
    port = pcie.card("pcie-root-port", x_speed="8", x_width="4")
    lnksta = port.exp.exp_cap + r.PCI_EXP_LNKSTA
    assert pci_default_read_config(port, lnksta, 2) & 0x3FF == 0x43
    card = pcie.card("pcie-card", bus=behind(port))
    pcie_endpoint_cap_init(card, 0)
    assert pci_default_read_config(port, lnksta, 2) & 0x3FF == 0x11


def test_a_switch(pcie: Tiny) -> None:
    port = pcie.card("ioh3420", chassis="1")
    up = pcie.card("x3130-upstream", bus=behind(port))
    downs = [pcie.card("xio3130-downstream", bus=behind(up), chassis="2", slot=str(n)) for n in (1, 2)]
    card = pcie.card("pcie-card", bus=behind(downs[1]))
    assert qdev_get_dev_path(DEVICE(card)) == "0000:00:00.0:00.0:01.0:00.0"
    assert PCI_BUS(DEVICE(card).parent_bus).flags & 2  # type: ignore[arg-type]  # it is on a bus
    assert fold(pcie.rec.events) == snapshot(pcie.rec)


def test_extended_capabilities_are_appended(pcie: Tiny) -> None:
    card = pcie.card("pcie-card")
    pcie_add_capability(card, 1, 2, 0x100, 0x48)
    pcie_add_capability(card, 0xF, 1, 0x148, 8)
    assert [card.config.read(at, 4) for at in (0x100, 0x148)] == [0x14820001, 0x0001000F]
    assert pcie_find_capability(card, 0xF) == 0x148
    assert pcie_find_capability(card, 0xD) == 0


def test_a_conventional_bus_hides_the_extended_part(pcie: Tiny) -> None:
    bridge = pcie.card("pcie-pci-bridge", addr=PCI_DEVFN(1, 0))
    assert not behind(bridge).flags & 2
    assert PCIE_MMCFG_SIZE_MAX == 256 << 20


def test_the_bridge_of_the_ich9(pcie: Tiny) -> None:
    bridge = pcie.card("i82801b11-bridge")
    assert (bridge.config[r.PCI_CLASS_PROG], len(bridge.config)) == (1, 256)
    pci_bridge_write_config(bridge, r.PCI_SECONDARY_BUS, 5, 1)
    assert bridge.config[r.PCI_SECONDARY_BUS] == 5
