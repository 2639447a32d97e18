"""Short names of device types (softmmu/qdev-monitor.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.qdev_core import DeviceClass
from emu.qom.object import OBJECT_CLASS, object_class_get_name
from emu.trace import emulates

qdev_alias_table: Final = (
    ("AC97", "ac97"),
    ("e1000", "e1000-82540em"),
    ("ES1370", "es1370"),
    ("ich9-ahci", "ahci"),
    ("lsi53c895a", "lsi"),
    ("virtio-9p-pci", "virtio-9p"),
    ("virtio-balloon-pci", "virtio-balloon"),
    ("virtio-blk-pci", "virtio-blk"),
    ("virtio-gpu-pci", "virtio-gpu"),
    ("virtio-gpu-gl-pci", "virtio-gpu-gl"),
    ("virtio-input-host-pci", "virtio-input-host"),
    ("virtio-iommu-pci", "virtio-iommu"),
    ("virtio-keyboard-pci", "virtio-keyboard"),
    ("virtio-mouse-pci", "virtio-mouse"),
    ("virtio-net-pci", "virtio-net"),
    ("virtio-rng-pci", "virtio-rng"),
    ("virtio-scsi-pci", "virtio-scsi"),
    ("virtio-serial-pci", "virtio-serial"),
    ("virtio-tablet-pci", "virtio-tablet"),
)
"""Type and alias, of those that hold for x86."""


def qdev_class_get_alias(dc: DeviceClass) -> str | None:
    """Return the alias of a class, None if it has none (softmmu/qdev-monitor.c)."""
    typename = object_class_get_name(OBJECT_CLASS(dc))
    return next((alias for name, alias in qdev_alias_table if name == typename), None)


def qdev_class_has_alias(dc: DeviceClass) -> bool:
    """Tell whether a class has an alias (softmmu/qdev-monitor.c)."""
    return qdev_class_get_alias(dc) is not None


@emulates
def find_typename_by_alias(alias: str) -> str | None:
    """softmmu/qdev-monitor.c. Returns the type that an alias stands for."""
    return next((name for name, own in qdev_alias_table if own == alias), None)
