"""Intel's gigabit card 82574L: what lies behind its registers, as its creation leaves it (hw/net/e1000e_core.c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from emu.hw.net.e1000x_common import e1000x_core_prepare_eeprom, e1000x_reset_mac_addr
from emu.hw.net.net_rx_pkt import net_rx_pkt_init, net_rx_pkt_uninit
from emu.hw.net.net_tx_pkt import net_tx_pkt_init, net_tx_pkt_reset, net_tx_pkt_uninit
from emu.hw.pci.pci import PCI_DEVICE, PCI_DEVICE_GET_CLASS
from emu.net.net import qemu_get_queue, qemu_set_offload
from emu.trace import Ptr, emulates
from emu.util.qemu_timer import QEMUClockType, timer_del, timer_free, timer_new_ms, timer_new_ns

if TYPE_CHECKING:
    from emu.hw.net.e1000e import E1000EState

E1000E_MSIX_VEC_NUM: Final = 5
E1000E_NUM_QUEUES: Final = 2
E1000E_MAX_TX_FRAGS: Final = 64


@emulates(modelled=False)
def e1000e_autoneg_timer(opaque: Any) -> None:
    """Finish negotiating the speed."""


@emulates(modelled=False)
def e1000e_intrmgr_on_timer(opaque: Any) -> None:
    """Raise an interrupt that was held back."""


@emulates(modelled=False)
def e1000e_intrmgr_on_throttling_timer(opaque: Any) -> None:
    """Let interrupts through again."""


@emulates(modelled=False)
def e1000e_intrmgr_on_msix_throttling_timer(opaque: Any) -> None:
    """Let a message through again."""


@emulates
def e1000e_intrmgr_initialize_all_timers(s: E1000EState, create: bool) -> None:
    """Make the five timers that hold interrupts back (RADV, RDTR, RAID, TADV, TIDV), and those that space them out."""
    if not create:
        return
    clock = QEMUClockType.QEMU_CLOCK_VIRTUAL
    for _ in range(5):
        s.delay_timers.append(timer_new_ns(clock, e1000e_intrmgr_on_timer, s))
    s.throttling_timers.append(timer_new_ns(clock, e1000e_intrmgr_on_throttling_timer, s))
    for _ in range(E1000E_MSIX_VEC_NUM):
        s.throttling_timers.append(timer_new_ns(clock, e1000e_intrmgr_on_msix_throttling_timer, s))


@emulates
def e1000e_intrmgr_pci_realize(s: E1000EState) -> None:
    """Make the timers of interrupts."""
    e1000e_intrmgr_initialize_all_timers(s, True)


@emulates
def e1000e_intrmgr_pci_unint(s: E1000EState) -> None:
    """Give them back."""
    for timer in (*s.delay_timers, *s.throttling_timers):
        timer_free(timer)


@emulates
def e1000e_update_rx_offloads(s: E1000EState) -> None:
    """Tell the backend whether packets may lack their checksums: not before the guest has written its registers."""
    if s.has_vnet:
        assert s.nic is not None
        qemu_set_offload(qemu_get_queue(s.nic).peer, 0, 0, 0, 0, 0)


@emulates
def e1000e_core_pci_realize(s: E1000EState, eeprom_templ: Sequence[int], macaddr: bytes) -> None:
    """Make timers and a packet for each queue, and fill the card's memory."""
    s.autoneg_timer = timer_new_ms(QEMUClockType.QEMU_CLOCK_VIRTUAL, e1000e_autoneg_timer, s)
    e1000e_intrmgr_pci_realize(s)
    for i in range(E1000E_NUM_QUEUES):
        net_tx_pkt_init(Ptr(s, "tx_pkt", i), PCI_DEVICE(s), E1000E_MAX_TX_FRAGS, s.has_vnet)
    net_rx_pkt_init(Ptr(s, "rx_pkt"), s.has_vnet)
    device_id = PCI_DEVICE_GET_CLASS(s).device_id
    e1000x_core_prepare_eeprom(s.eeprom, eeprom_templ, device_id, macaddr)
    e1000e_update_rx_offloads(s)


@emulates
def e1000e_core_pci_uninit(s: E1000EState) -> None:
    """Give timers and packets back."""
    timer_free(s.autoneg_timer)
    e1000e_intrmgr_pci_unint(s)
    for pkt in s.tx_pkt:
        net_tx_pkt_reset(pkt)
        net_tx_pkt_uninit(pkt)
    assert s.rx_pkt is not None
    net_rx_pkt_uninit(s.rx_pkt)


@emulates
def e1000e_intrmgr_reset(s: E1000EState) -> None:
    """Hold no interrupt back."""
    for timer in (*s.delay_timers, *s.throttling_timers):
        timer_del(timer)


@emulates(modelled=False)
def e1000e_link_down(s: E1000EState) -> None:
    """Show that the cable is out."""


@emulates
def e1000e_core_reset(s: E1000EState) -> None:
    """Set the card as after power-on; of its registers the address alone is modelled."""
    assert s.autoneg_timer is not None
    assert s.nic is not None
    timer_del(s.autoneg_timer)
    e1000e_intrmgr_reset(s)
    if qemu_get_queue(s.nic).link_down:
        e1000e_link_down(s)
    e1000x_reset_mac_addr(s.nic, s.mac, s.permanent_mac)
    for pkt in s.tx_pkt:
        net_tx_pkt_reset(pkt)
