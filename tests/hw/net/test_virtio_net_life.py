"""hw/net/virtio-net.c: what set_link and system_reset do to a card that a driver runs, as in the real program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conformance.qemu import HEADLESS, qemu
from hw.virtio.guest import Emulated, Guest, Machine, Real

from emu import run
from emu.net.net import qmp_set_link
from emu.qapi.qapi_types_run_state import ShutdownCause
from emu.softmmu.runstate import qemu_system_reset
from emu.standard_headers.linux import pci_regs, virtio_pci

pytestmark = pytest.mark.qemu

ARGV = ("-nodefaults", "-M", "pc", "-netdev", "user,id=n0", "-device", "virtio-net-pci,addr=4,netdev=n0,id=nic0")


def registers(guest: Guest) -> dict[str, Any]:
    common = [
        guest.common(at, size)
        for at, size in (
            (virtio_pci.VIRTIO_PCI_COMMON_DFSELECT, 4),
            (virtio_pci.VIRTIO_PCI_COMMON_GF, 4),
            (virtio_pci.VIRTIO_PCI_COMMON_MSIX, 2),
            (virtio_pci.VIRTIO_PCI_COMMON_STATUS, 1),
            (virtio_pci.VIRTIO_PCI_COMMON_CFGGENERATION, 1),
            (virtio_pci.VIRTIO_PCI_COMMON_Q_SELECT, 2),
            (virtio_pci.VIRTIO_PCI_COMMON_Q_ENABLE, 2),
            (virtio_pci.VIRTIO_PCI_COMMON_Q_DESCLO, 4),
        )
    ]
    isr = guest.machine.load(guest.windows[virtio_pci.VIRTIO_PCI_CAP_ISR_CFG], 1)
    return {
        "common": common,
        "interrupt": isr,
        "line": guest.config(pci_regs.PCI_STATUS, 2),
        "settings": guest.settings()[:8].hex(),
    }


def live(machine: Machine, set_link: Callable[[str, bool], Any], reset: Callable[[], Any]) -> dict[str, Any]:
    guest = Guest(machine, 4 << 3).find()
    seen = {"found": registers(guest)}
    for name, up in (("nic0", False), ("nic0", True), ("n0", False), ("n0", True)):
        set_link(name, up)
        seen[f"{name} {up}, no driver"] = registers(guest)
    guest.negotiate(guest.offered())
    for number in range(3):
        guest.queue(number)
    guest.go()
    seen["running"] = registers(guest)
    for name, up in (("nic0", False), ("nic0", True), ("n0", False), ("n0", True)):
        set_link(name, up)
        line = guest.config(pci_regs.PCI_STATUS, 2)
        seen[f"{name} {up}"] = registers(guest) | {"line before": line}
    guest.set_common(virtio_pci.VIRTIO_PCI_COMMON_MSIX, 1, 2)
    reset()
    machine.settle()
    seen["configuration space after reset"] = {"bytes": [guest.config(at, 4) for at in range(0, 256, 4)]}
    seen["after reset"] = registers(guest.find())
    return seen


def test_set_link_and_system_reset() -> None:
    emulated = run([*ARGV, *HEADLESS])

    def my_link(name: str, up: bool) -> None:
        with emulated.recorder.active():
            qmp_set_link(name, up)

    def my_reset() -> None:
        with emulated.recorder.active():
            qemu_system_reset(ShutdownCause.HOST_QMP_SYSTEM_RESET)

    mine = live(Emulated(emulated), my_link, my_reset)
    with qemu(*ARGV) as machine:
        real = live(
            Real(machine),
            lambda name, up: machine.command("set_link", name=name, up=up),
            lambda: machine.command("system_reset"),
        )
    assert mine == real
