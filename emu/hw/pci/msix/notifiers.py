"""Devices that want to know when messages are held back and let go (hw/pci/msix.c; PCI local bus 3.0, 6.8.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emu.hw.pci.msix.vectors import (
    MSIX_CONTROL_OFFSET,
    MSIX_ENABLE_MASK,
    MSIX_MASKALL_MASK,
    msix_get_message,
    msix_is_masked,
)
from emu.hw.pci.pci.structs import MSIMessage, PCIDevice
from emu.trace import emulates


def _let_go(dev: PCIDevice) -> bool:
    control = dev.config[dev.msix_cap + MSIX_CONTROL_OFFSET]
    return control & (MSIX_ENABLE_MASK | MSIX_MASKALL_MASK) == MSIX_ENABLE_MASK


def msix_set_notifier_for_vector(dev: PCIDevice, vector: int) -> int:
    """Tell the device of a message that is let go."""
    if msix_is_masked(dev, vector):
        return 0
    assert dev.msix_vector_use_notifier is not None
    return dev.msix_vector_use_notifier(dev, vector, msix_get_message(dev, vector))


def msix_unset_notifier_for_vector(dev: PCIDevice, vector: int) -> None:
    """Undo msix_set_notifier_for_vector."""
    if msix_is_masked(dev, vector):
        return
    assert dev.msix_vector_release_notifier is not None
    dev.msix_vector_release_notifier(dev, vector)


@emulates(file="hw/pci/msix.c")
def msix_set_vector_notifiers(
    dev: PCIDevice,
    use_notifier: Callable[[Any, int, MSIMessage], int],
    release_notifier: Callable[[Any, int], None],
    poll_notifier: Callable[[Any, int, int], None] | None,
) -> int:
    """Have a device told when messages are held back and let go. Return 0, or the negative result of a notifier."""
    dev.msix_vector_use_notifier = use_notifier
    dev.msix_vector_release_notifier = release_notifier
    dev.msix_vector_poll_notifier = poll_notifier
    if _let_go(dev):
        for vector in range(dev.msix_entries_nr):
            ret = msix_set_notifier_for_vector(dev, vector)
            if ret < 0:
                for done in reversed(range(vector)):
                    msix_unset_notifier_for_vector(dev, done)
                _forget_notifiers(dev)
                return ret
    if poll_notifier is not None:
        poll_notifier(dev, 0, dev.msix_entries_nr)
    return 0


def _forget_notifiers(dev: PCIDevice) -> None:
    dev.msix_vector_use_notifier = None
    dev.msix_vector_release_notifier = None
    dev.msix_vector_poll_notifier = None


@emulates(file="hw/pci/msix.c")
def msix_unset_vector_notifiers(dev: PCIDevice) -> None:
    """Undo msix_set_vector_notifiers."""
    assert dev.msix_vector_use_notifier is not None
    assert dev.msix_vector_release_notifier is not None
    if _let_go(dev):
        for vector in range(dev.msix_entries_nr):
            msix_unset_notifier_for_vector(dev, vector)
    _forget_notifiers(dev)
