"""Registers and capabilities of virtio over PCI (include/standard-headers/linux/virtio_pci.h; virtio 1.2, 4.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import ClassVar, Final

# Legacy registers: offsets in BAR 0.
VIRTIO_PCI_HOST_FEATURES: Final = 0
VIRTIO_PCI_GUEST_FEATURES: Final = 4
VIRTIO_PCI_QUEUE_PFN: Final = 8
VIRTIO_PCI_QUEUE_NUM: Final = 12
VIRTIO_PCI_QUEUE_SEL: Final = 14
VIRTIO_PCI_QUEUE_NOTIFY: Final = 16
VIRTIO_PCI_STATUS: Final = 18
VIRTIO_PCI_ISR: Final = 19
VIRTIO_MSI_CONFIG_VECTOR: Final = 20
VIRTIO_MSI_QUEUE_VECTOR: Final = 22

VIRTIO_PCI_ABI_VERSION: Final = 0
VIRTIO_PCI_QUEUE_ADDR_SHIFT: Final = 12
VIRTIO_PCI_VRING_ALIGN: Final = 4096

# cfg_type of a capability.
VIRTIO_PCI_CAP_COMMON_CFG: Final = 1
VIRTIO_PCI_CAP_NOTIFY_CFG: Final = 2
VIRTIO_PCI_CAP_ISR_CFG: Final = 3
VIRTIO_PCI_CAP_DEVICE_CFG: Final = 4
VIRTIO_PCI_CAP_PCI_CFG: Final = 5

# Offsets in a capability.
VIRTIO_PCI_CAP_LEN: Final = 2
VIRTIO_PCI_CAP_CFG_TYPE: Final = 3
VIRTIO_PCI_CAP_BAR: Final = 4
VIRTIO_PCI_CAP_OFFSET: Final = 8
VIRTIO_PCI_CAP_LENGTH: Final = 12
VIRTIO_PCI_NOTIFY_CAP_MULT: Final = 16
VIRTIO_PCI_CFG_CAP_DATA: Final = 16
"""``offsetof(struct virtio_pci_cfg_cap, pci_cfg_data)``; the header has no macro for it."""

# Offsets in the common configuration structure.
VIRTIO_PCI_COMMON_DFSELECT: Final = 0
VIRTIO_PCI_COMMON_DF: Final = 4
VIRTIO_PCI_COMMON_GFSELECT: Final = 8
VIRTIO_PCI_COMMON_GF: Final = 12
VIRTIO_PCI_COMMON_MSIX: Final = 16
VIRTIO_PCI_COMMON_NUMQ: Final = 18
VIRTIO_PCI_COMMON_STATUS: Final = 20
VIRTIO_PCI_COMMON_CFGGENERATION: Final = 21
VIRTIO_PCI_COMMON_Q_SELECT: Final = 22
VIRTIO_PCI_COMMON_Q_SIZE: Final = 24
VIRTIO_PCI_COMMON_Q_MSIX: Final = 26
VIRTIO_PCI_COMMON_Q_ENABLE: Final = 28
VIRTIO_PCI_COMMON_Q_NOFF: Final = 30
VIRTIO_PCI_COMMON_Q_DESCLO: Final = 32
VIRTIO_PCI_COMMON_Q_DESCHI: Final = 36
VIRTIO_PCI_COMMON_Q_AVAILLO: Final = 40
VIRTIO_PCI_COMMON_Q_AVAILHI: Final = 44
VIRTIO_PCI_COMMON_Q_USEDLO: Final = 48
VIRTIO_PCI_COMMON_Q_USEDHI: Final = 52
VIRTIO_PCI_COMMON_Q_RESET: Final = 58


def VIRTIO_PCI_CONFIG_OFF(msix_enabled: bool) -> int:
    """Return where the device's own configuration begins in the legacy BAR, in bytes."""
    return 24 if msix_enabled else 20


@dataclass(frozen=True, slots=True)
class virtio_pci_cap:
    """A vendor capability that says where a structure lies (virtio 1.2, 4.1.4), as the bytes of the configuration space."""

    SIZE: ClassVar[int] = 16
    cap_len: int
    cfg_type: int = 0
    bar: int = 0
    offset: int = 0
    length: int = 0
    tail: bytes = b""
    """What ``virtio_pci_notify_cap`` and ``virtio_pci_cfg_cap`` have after the common part."""

    @property
    def _enc(self) -> str:
        return f"cfg_type {self.cfg_type}, bar {self.bar}, offset {self.offset:#x}, length {self.length:#x}"

    def located(self, cfg_type: int, bar: int, offset: int, length: int) -> virtio_pci_cap:
        """Return the same capability for a structure at a place."""
        return replace(self, cfg_type=cfg_type, bar=bar, offset=offset, length=length)

    def __bytes__(self) -> bytes:
        head = struct.pack("<5B3x2I", 0, 0, self.cap_len, self.cfg_type, self.bar, self.offset, self.length)
        return head + self.tail


def virtio_pci_notify_cap(notify_off_multiplier: int) -> virtio_pci_cap:
    """Return a capability with the notify offset multiplier behind it (virtio 1.2, 4.1.4.4)."""
    return virtio_pci_cap(cap_len=20, tail=struct.pack("<I", notify_off_multiplier))


def virtio_pci_cfg_cap() -> virtio_pci_cap:
    """Return the capability through which BARs can be read from configuration space (virtio 1.2, 4.1.4.9)."""
    return virtio_pci_cap(cap_len=20, cfg_type=VIRTIO_PCI_CAP_PCI_CFG, tail=bytes(4))
