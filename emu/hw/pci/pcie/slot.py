"""A slot behind a port: its registers, devices that come and go (hw/pci/pcie.c; PCI Express 2.0, 6.7)."""

from __future__ import annotations

from errno import EBUSY
from typing import Any, Final

from emu.hw.core.bus import qbus_set_hotplug_handler
from emu.hw.core.hotplug import hotplug_handler_unplug
from emu.hw.core.qdev import qdev_unrealize
from emu.hw.core.qdev_core import BUS, DEVICE, DeviceState
from emu.hw.core.qdev_hotplug import qdev_get_hotplug_handler
from emu.hw.pci.msi import msi_enabled, msi_notify
from emu.hw.pci.msix import msix_enabled, msix_notify
from emu.hw.pci.pci.bridges import PCI_BRIDGE, pci_bridge_get_sec_bus
from emu.hw.pci.pci.bus import pci_bus_num, pci_for_each_device, pci_for_each_device_under_bus
from emu.hw.pci.pci.bytes import (
    pci_get_long,
    pci_get_word,
    pci_long_test_and_clear_mask,
    pci_long_test_and_set_mask,
    pci_set_word,
    pci_set_word_by_mask,
    pci_word_test_and_clear_mask,
    pci_word_test_and_set_mask,
)
from emu.hw.pci.pci.express import pcie_cap_get_type
from emu.hw.pci.pci.irq import pci_intx, pci_irq_deassert, pci_set_irq
from emu.hw.pci.pci.power import pci_set_power
from emu.hw.pci.pci.register import pci_get_function_0
from emu.hw.pci.pci.structs import (
    PCI_DEVICE,
    QEMU_PCIE_LNKSTA_DLLLA,
    QEMU_PCIE_SLTCAP_PCP,
    PCIBus,
    PCIDevice,
    pci_get_bus,
    pci_is_vf,
)
from emu.hw.pci.pcie.cap import pcie_cap_flags_get_vector
from emu.hw.pci.pcie.structs import (
    PCI_EXP_HP_EV_ABP,
    PCI_EXP_HP_EV_CCI,
    PCI_EXP_HP_EV_PDC,
    PCI_EXP_HP_EV_SUPPORTED,
    PCIESlot,
)
from emu.hw.pci.pcie_regs import (
    PCI_EXP_SLTCAP_PSN_SHIFT,
    PCI_EXP_SLTCTL_AIC_OFF,
    PCI_EXP_SLTCTL_PIC_OFF,
    PCI_EXP_SLTCTL_PIC_ON,
)
from emu.qapi.error import error_abort, error_setg, error_setg_errno
from emu.qemu.range import ranges_overlap
from emu.qom.object import OBJECT, object_unparent
from emu.qom.parts import Part
from emu.standard_headers.linux import pci_regs as r
from emu.trace import BufAt, emulates
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, qemu_clock_get_ms

UNPLUG_EXPIRES_MS: Final = 5000
PCIE_SLOT_EVENTS: Final = (
    r.PCI_EXP_SLTSTA_ABP | r.PCI_EXP_SLTSTA_PFD | r.PCI_EXP_SLTSTA_MRLSC | r.PCI_EXP_SLTSTA_PDC | r.PCI_EXP_SLTSTA_CC
)


def exp_cap_of(dev: PCIDevice) -> BufAt:
    """Return the address of the PCI Express capability."""
    return dev.config + dev.exp.exp_cap


@emulates(file="hw/pci/pcie.c")
def hotplug_event_update_event_status(dev: PCIDevice) -> None:
    """Note whether any event that the guest wants to hear of is pending."""
    sltctl = pci_get_word(exp_cap_of(dev) + r.PCI_EXP_SLTCTL)
    sltsta = pci_get_word(exp_cap_of(dev) + r.PCI_EXP_SLTSTA)
    dev.exp.hpev_notified = bool(sltctl & r.PCI_EXP_SLTCTL_HPIE and sltsta & sltctl & PCI_EXP_HP_EV_SUPPORTED)


@emulates(file="hw/pci/pcie.c")
def hotplug_event_notify(dev: PCIDevice) -> None:
    """Tell the guest, by whatever interrupt it has enabled, when an event becomes pending (6.7.3.4)."""
    prev = dev.exp.hpev_notified
    hotplug_event_update_event_status(dev)
    if prev == dev.exp.hpev_notified:
        return
    if msix_enabled(dev):
        msix_notify(dev, pcie_cap_flags_get_vector(dev))
    elif msi_enabled(dev):
        msi_notify(dev, pcie_cap_flags_get_vector(dev))
    elif pci_intx(dev) != -1:
        pci_set_irq(dev, int(dev.exp.hpev_notified))


@emulates(file="hw/pci/pcie.c")
def hotplug_event_clear(dev: PCIDevice) -> None:
    """Lower the interrupt pin once no event is pending any more."""
    hotplug_event_update_event_status(dev)
    if not msix_enabled(dev) and not msi_enabled(dev) and pci_intx(dev) != -1 and not dev.exp.hpev_notified:
        pci_irq_deassert(dev)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_enable_power(dev: PCIDevice) -> None:
    """Switch a slot on, if it has a switch."""
    if pci_get_long(exp_cap_of(dev) + r.PCI_EXP_SLTCAP) & r.PCI_EXP_SLTCAP_PCP:
        pci_set_word_by_mask(exp_cap_of(dev) + r.PCI_EXP_SLTCTL, r.PCI_EXP_SLTCTL_PCC, r.PCI_EXP_SLTCTL_PWR_ON)


@emulates(file="hw/pci/pcie.c")
def pcie_set_power_device(bus: PCIBus, dev: PCIDevice, opaque: bool) -> None:
    """Switch a device on or off with its slot."""
    pci_set_power(dev, opaque)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_update_power(hotplug_dev: PCIDevice) -> None:
    """Switch what is in a slot on or off as the slot's power controller says."""
    sec_bus = pci_bridge_get_sec_bus(PCI_BRIDGE(hotplug_dev))
    sltcap = pci_get_long(exp_cap_of(hotplug_dev) + r.PCI_EXP_SLTCAP)
    sltctl = pci_get_word(exp_cap_of(hotplug_dev) + r.PCI_EXP_SLTCTL)
    power = True
    if sltcap & r.PCI_EXP_SLTCAP_PCP:
        power = (sltctl & r.PCI_EXP_SLTCTL_PCC) == r.PCI_EXP_SLTCTL_PWR_ON
    pci_for_each_device(sec_bus, pci_bus_num(sec_bus), pcie_set_power_device, power)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_event(dev: PCIDevice, event: int) -> None:
    """Show events in the slot's status, and tell the guest of those that are new."""
    if pci_word_test_and_set_mask(exp_cap_of(dev) + r.PCI_EXP_SLTSTA, event) == event:
        return
    hotplug_event_notify(dev)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_plug_common(hotplug_dev: PCIDevice, dev: DeviceState) -> None:
    """Refuse what a locked slot does not allow. Error: it is locked."""
    if pci_get_word(exp_cap_of(hotplug_dev) + r.PCI_EXP_SLTSTA) & r.PCI_EXP_SLTSTA_EIS:
        error_setg_errno(EBUSY, "slot is electromechanically locked")


def _id(dev: PCIDevice) -> str:
    id_ = DEVICE(dev).id
    return id_ if id_ is not None else "(null)"


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_pre_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Judge a device before it is realized. Error: the slot is locked, or does not allow hot-plugging."""
    hotplug_pdev = PCI_DEVICE(hotplug_dev)
    sltcap = pci_get_word(exp_cap_of(hotplug_pdev) + r.PCI_EXP_SLTCAP)
    if dev.hotplugged and not sltcap & r.PCI_EXP_SLTCAP_HPC:
        error_setg(f"Hot-plug failed: unsupported by the port device '{_id(hotplug_pdev)}'")
    pcie_cap_slot_plug_common(hotplug_pdev, dev)


def _show_present(hotplug_pdev: PCIDevice, pci_dev: PCIDevice, lnkcap: int) -> None:
    exp_cap = exp_cap_of(hotplug_pdev)
    pci_word_test_and_set_mask(exp_cap + r.PCI_EXP_SLTSTA, r.PCI_EXP_SLTSTA_PDS)
    if pci_dev.cap_present & QEMU_PCIE_LNKSTA_DLLLA or lnkcap & r.PCI_EXP_LNKCAP_DLLLARC:
        pci_word_test_and_set_mask(exp_cap + r.PCI_EXP_LNKSTA, r.PCI_EXP_LNKSTA_DLLLA)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_plug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Show a new device in its slot. The guest hears of a hot-plugged one when function 0, the last, is there."""
    hotplug_pdev = PCI_DEVICE(hotplug_dev)
    pci_dev = PCI_DEVICE(dev)
    lnkcap = pci_get_long(exp_cap_of(hotplug_pdev) + r.PCI_EXP_LNKCAP)
    if pci_is_vf(pci_dev):
        return
    if not dev.hotplugged:
        _show_present(hotplug_pdev, pci_dev, lnkcap)
        pcie_cap_update_power(hotplug_pdev)
        return
    if pci_get_function_0(pci_dev) is not None:
        _show_present(hotplug_pdev, pci_dev, lnkcap)
        pcie_cap_slot_event(hotplug_pdev, PCI_EXP_HP_EV_PDC | PCI_EXP_HP_EV_ABP)
        pcie_cap_update_power(hotplug_pdev)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_unplug_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Unrealize a device that leaves."""
    qdev_unrealize(dev)


@emulates(file="hw/pci/pcie.c")
def pcie_unplug_device(bus: PCIBus, dev: PCIDevice, opaque: Any) -> None:
    """Take a device away; one that is kept for a failover stays, hidden."""
    hotplug_ctrl = qdev_get_hotplug_handler(DEVICE(dev))
    if dev.partially_hotplugged:
        DEVICE(dev).pending_deleted_event = False
        return
    assert hotplug_ctrl is not None
    with error_abort():
        hotplug_handler_unplug(hotplug_ctrl, DEVICE(dev))
    object_unparent(OBJECT(dev))


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_do_unplug(dev: PCIDevice) -> None:
    """Take all that is in a slot away, and show it empty."""
    exp_cap = exp_cap_of(dev)
    lnkcap = pci_get_long(exp_cap + r.PCI_EXP_LNKCAP)
    pci_for_each_device_under_bus(pci_bridge_get_sec_bus(PCI_BRIDGE(dev)), pcie_unplug_device, None)
    pci_word_test_and_clear_mask(exp_cap + r.PCI_EXP_SLTSTA, r.PCI_EXP_SLTSTA_PDS)
    if dev.cap_present & QEMU_PCIE_LNKSTA_DLLLA or lnkcap & r.PCI_EXP_LNKCAP_DLLLARC:
        pci_word_test_and_clear_mask(exp_cap + r.PCI_EXP_LNKSTA, r.PCI_EXP_LNKSTA_DLLLA)
    pci_word_test_and_set_mask(exp_cap + r.PCI_EXP_SLTSTA, r.PCI_EXP_SLTSTA_PDC)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_unplug_request_cb(hotplug_dev: Part, dev: DeviceState) -> None:
    """Ask the guest to let a device go, by the slot's button, unless it can't have seen it or the slot is off.

    Error: the slot is locked or does not allow it, or the guest is busy.
    """
    pci_dev = PCI_DEVICE(dev)
    bus = pci_get_bus(pci_dev)
    hotplug_pdev = PCI_DEVICE(hotplug_dev)
    exp_cap = exp_cap_of(hotplug_pdev)
    sltcap = pci_get_word(exp_cap + r.PCI_EXP_SLTCAP)
    sltctl = pci_get_word(exp_cap + r.PCI_EXP_SLTCTL)
    if not sltcap & r.PCI_EXP_SLTCAP_HPC:
        error_setg(f"Hot-unplug failed: unsupported by the port device '{_id(hotplug_pdev)}'")
    pcie_cap_slot_plug_common(hotplug_pdev, dev)
    if sltctl & r.PCI_EXP_SLTCTL_PIC == r.PCI_EXP_SLTCTL_PWR_IND_BLINK:
        error_setg("Hot-unplug failed: guest is busy (power indicator blinking)")
    dev.pending_deleted_event = True
    dev.pending_deleted_expires_ms = qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + UNPLUG_EXPIRES_MS
    if pci_dev.devfn and bus.devices[0] is None:
        pcie_unplug_device(bus, pci_dev, None)
        return
    indicator_off = sltctl & r.PCI_EXP_SLTCTL_PIC == r.PCI_EXP_SLTCTL_PWR_IND_OFF
    if indicator_off and sltctl & r.PCI_EXP_SLTCTL_PCC == r.PCI_EXP_SLTCTL_PWR_OFF:
        pcie_cap_slot_do_unplug(hotplug_pdev)
        hotplug_event_notify(hotplug_pdev)
        pci_word_test_and_clear_mask(exp_cap + r.PCI_EXP_SLTSTA, r.PCI_EXP_SLTSTA_ABP)
        return
    pcie_cap_slot_push_attention_button(hotplug_pdev)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_init(dev: PCIDevice, s: PCIESlot) -> None:
    """Set the registers of a slot up, and let the port answer for what is plugged into it."""
    pos = dev.exp.exp_cap
    sltcap, sltctl = dev.config + pos + r.PCI_EXP_SLTCAP, dev.config + pos + r.PCI_EXP_SLTCTL
    sltctl_wmask = dev.wmask + pos + r.PCI_EXP_SLTCTL
    pci_word_test_and_set_mask(dev.config + pos + r.PCI_EXP_FLAGS, r.PCI_EXP_FLAGS_SLOT)
    pci_long_test_and_clear_mask(sltcap, ~r.PCI_EXP_SLTCAP_PSN)
    pci_long_test_and_set_mask(
        sltcap,
        s.slot << PCI_EXP_SLTCAP_PSN_SHIFT
        | r.PCI_EXP_SLTCAP_EIP
        | r.PCI_EXP_SLTCAP_PIP
        | r.PCI_EXP_SLTCAP_AIP
        | r.PCI_EXP_SLTCAP_ABP,
    )
    if s.hotplug and (s.native_hotplug or DEVICE(dev).hotplugged):
        pci_long_test_and_set_mask(sltcap, r.PCI_EXP_SLTCAP_HPS | r.PCI_EXP_SLTCAP_HPC)
    if dev.cap_present & QEMU_PCIE_SLTCAP_PCP:
        pci_long_test_and_set_mask(sltcap, r.PCI_EXP_SLTCAP_PCP)
        pci_word_test_and_clear_mask(sltctl, r.PCI_EXP_SLTCTL_PCC)
        pci_word_test_and_set_mask(sltctl_wmask, r.PCI_EXP_SLTCTL_PCC)
    pci_word_test_and_clear_mask(sltctl, r.PCI_EXP_SLTCTL_PIC | r.PCI_EXP_SLTCTL_AIC)
    pci_word_test_and_set_mask(sltctl, PCI_EXP_SLTCTL_PIC_OFF | PCI_EXP_SLTCTL_AIC_OFF)
    pci_word_test_and_set_mask(
        sltctl_wmask,
        r.PCI_EXP_SLTCTL_PIC
        | r.PCI_EXP_SLTCTL_AIC
        | r.PCI_EXP_SLTCTL_HPIE
        | r.PCI_EXP_SLTCTL_CCIE
        | r.PCI_EXP_SLTCTL_PDCE
        | r.PCI_EXP_SLTCTL_ABPE,
    )
    # writable so that a 1 can be seen; it reads as 0
    pci_word_test_and_set_mask(sltctl_wmask, r.PCI_EXP_SLTCTL_EIC)
    pci_word_test_and_set_mask(dev.w1cmask + pos + r.PCI_EXP_SLTSTA, PCI_EXP_HP_EV_SUPPORTED)
    dev.exp.hpev_notified = False
    qbus_set_hotplug_handler(BUS(pci_bridge_get_sec_bus(PCI_BRIDGE(dev))), OBJECT(dev))


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_reset(dev: PCIDevice) -> None:
    """Reset the registers of a slot: on if something is in it, off if not."""
    exp_cap = exp_cap_of(dev)
    port_type = pcie_cap_get_type(dev)
    assert port_type in (r.PCI_EXP_TYPE_DOWNSTREAM, r.PCI_EXP_TYPE_ROOT_PORT)
    sltctl = exp_cap + r.PCI_EXP_SLTCTL
    pci_word_test_and_clear_mask(
        sltctl,
        r.PCI_EXP_SLTCTL_EIC
        | r.PCI_EXP_SLTCTL_PIC
        | r.PCI_EXP_SLTCTL_AIC
        | r.PCI_EXP_SLTCTL_HPIE
        | r.PCI_EXP_SLTCTL_CCIE
        | r.PCI_EXP_SLTCTL_PDCE
        | r.PCI_EXP_SLTCTL_ABPE,
    )
    pci_word_test_and_set_mask(sltctl, PCI_EXP_SLTCTL_AIC_OFF)
    if dev.cap_present & QEMU_PCIE_SLTCAP_PCP:
        populated = pci_bridge_get_sec_bus(PCI_BRIDGE(dev)).devices[0] is not None
        if populated:
            pci_word_test_and_clear_mask(sltctl, r.PCI_EXP_SLTCTL_PCC)
        else:
            pci_word_test_and_set_mask(sltctl, r.PCI_EXP_SLTCTL_PCC)
        pci_word_test_and_set_mask(sltctl, PCI_EXP_SLTCTL_PIC_ON if populated else PCI_EXP_SLTCTL_PIC_OFF)
    pci_word_test_and_clear_mask(
        exp_cap + r.PCI_EXP_SLTSTA,
        r.PCI_EXP_SLTSTA_EIS | r.PCI_EXP_SLTSTA_CC | r.PCI_EXP_SLTSTA_PDC | r.PCI_EXP_SLTSTA_ABP,
    )
    pcie_cap_update_power(dev)
    hotplug_event_update_event_status(dev)


def pcie_cap_slot_get(dev: PCIDevice) -> tuple[int, int]:
    """Return a slot's control and status."""
    exp_cap = exp_cap_of(dev)
    return pci_get_word(exp_cap + r.PCI_EXP_SLTCTL), pci_get_word(exp_cap + r.PCI_EXP_SLTSTA)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_write_config(dev: PCIDevice, old_slt_ctl: int, old_slt_sta: int, addr: int, val: int, len_: int) -> None:
    """After a write of configuration space, do what it asks of the slot: lock, unlock, power, and let devices go."""
    pos = dev.exp.exp_cap
    exp_cap = exp_cap_of(dev)
    sltsta = pci_get_word(exp_cap + r.PCI_EXP_SLTSTA)
    if ranges_overlap(addr, len_, pos + r.PCI_EXP_SLTSTA, 2):
        # a guest that clears events it has not seen gets them back
        if val & ~old_slt_sta & PCIE_SLOT_EVENTS:
            sltsta = sltsta & ~PCIE_SLOT_EVENTS | old_slt_sta & PCIE_SLOT_EVENTS
            pci_set_word(exp_cap + r.PCI_EXP_SLTSTA, sltsta)
        hotplug_event_clear(dev)
    if not ranges_overlap(addr, len_, pos + r.PCI_EXP_SLTCTL, 2):
        return
    if pci_word_test_and_clear_mask(exp_cap + r.PCI_EXP_SLTCTL, r.PCI_EXP_SLTCTL_EIC):
        sltsta ^= r.PCI_EXP_SLTSTA_EIS
        pci_set_word(exp_cap + r.PCI_EXP_SLTSTA, sltsta)
    was_off = old_slt_ctl & r.PCI_EXP_SLTCTL_PCC and (old_slt_ctl & PCI_EXP_SLTCTL_PIC_OFF == PCI_EXP_SLTCTL_PIC_OFF)
    now_off = val & r.PCI_EXP_SLTCTL_PCC and val & PCI_EXP_SLTCTL_PIC_OFF == PCI_EXP_SLTCTL_PIC_OFF
    if sltsta & r.PCI_EXP_SLTSTA_PDS and now_off and not was_off:
        pcie_cap_slot_do_unplug(dev)
    pcie_cap_update_power(dev)
    hotplug_event_notify(dev)
    # the command is completed at once (6.7.3.2)
    pcie_cap_slot_event(dev, PCI_EXP_HP_EV_CCI)


@emulates(file="hw/pci/pcie.c")
def pcie_cap_slot_push_attention_button(dev: PCIDevice) -> None:
    """Push the button beside a slot."""
    pcie_cap_slot_event(dev, PCI_EXP_HP_EV_ABP)
