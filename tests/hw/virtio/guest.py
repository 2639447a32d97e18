"""A guest's driver of a virtio 1 device on PCI, small enough to test with. It reaches the machine by ports and memory alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from emu import Run
from emu.softmmu.memory import MEMTXATTRS_UNSPECIFIED
from emu.softmmu.physmem import (
    address_space_io,
    address_space_ld,
    address_space_memory,
    address_space_read,
    address_space_st,
    address_space_write,
)
from emu.standard_headers.linux import pci_regs, virtio_config, virtio_pci, virtio_ring
from emu.util.async_ import run_pending

BAR4 = 0xF000_0000
RINGS = 0x10_0000
BUFFERS = 0x20_0000
PAGE = 0x1000


@dataclass
class Queue:
    """One split virtqueue: where its parts lie in guest memory (virtio 1.2, 2.7)."""

    number: int
    size: int
    desc: int
    avail: int
    used: int
    made_available: int = 0
    taken_back: int = 0
    free: int = 0


@dataclass
class Guest:
    """The driver of the virtio device at a devfn of bus 0."""

    run: Run
    devfn: int
    windows: dict[int, int] = field(default_factory=dict)
    notify_multiplier: int = 0

    def config(self, offset: int, size: int) -> int:
        """Read configuration space (PCI Local Bus 3.0, 3.2.2.3.2)."""
        with self.run.recorder.active():
            address_space_st(address_space_io(), 0xCF8, 1 << 31 | self.devfn << 8 | offset & ~3, 4)
            return address_space_ld(address_space_io(), 0xCFC + (offset & 3), size)

    def set_config(self, offset: int, value: int, size: int) -> None:
        """Write configuration space."""
        with self.run.recorder.active():
            address_space_st(address_space_io(), 0xCF8, 1 << 31 | self.devfn << 8 | offset & ~3, 4)
            address_space_st(address_space_io(), 0xCFC + (offset & 3), value, size)

    def read(self, at: int, size: int) -> bytes:
        """Read memory."""
        with self.run.recorder.active():
            return address_space_read(address_space_memory(), at, MEMTXATTRS_UNSPECIFIED, size)[1]

    def write(self, at: int, data: bytes) -> None:
        """Write memory."""
        with self.run.recorder.active():
            address_space_write(address_space_memory(), at, MEMTXATTRS_UNSPECIFIED, data)

    def load(self, at: int, size: int) -> int:
        """Read a number."""
        return int.from_bytes(self.read(at, size), "little")

    def store(self, at: int, value: int, size: int) -> None:
        """Write a number; what the device then does in the main loop is done before this returns."""
        self.write(at, value.to_bytes(size, "little"))
        with self.run.recorder.active():
            run_pending()

    def find(self) -> Guest:
        """Map BAR 4, switch the device on, and learn from the capabilities where its structures lie (virtio 1.2, 4.1.4)."""
        self.set_config(pci_regs.PCI_BASE_ADDRESS_0 + 16, BAR4 & 0xFFFFFFFF, 4)
        self.set_config(pci_regs.PCI_BASE_ADDRESS_0 + 20, BAR4 >> 32, 4)
        self.set_config(pci_regs.PCI_COMMAND, pci_regs.PCI_COMMAND_MEMORY | pci_regs.PCI_COMMAND_MASTER, 2)
        at = self.config(pci_regs.PCI_CAPABILITY_LIST, 1)
        while at:
            kind = self.config(at + virtio_pci.VIRTIO_PCI_CAP_CFG_TYPE, 1)
            vendor = self.config(at, 1) == pci_regs.PCI_CAP_ID_VNDR
            if vendor and self.config(at + virtio_pci.VIRTIO_PCI_CAP_BAR, 1) == 4:
                self.windows[kind] = BAR4 + self.config(at + virtio_pci.VIRTIO_PCI_CAP_OFFSET, 4)
                if kind == virtio_pci.VIRTIO_PCI_CAP_NOTIFY_CFG:
                    self.notify_multiplier = self.config(at + virtio_pci.VIRTIO_PCI_NOTIFY_CAP_MULT, 4)
            at = self.config(at + pci_regs.PCI_CAP_LIST_NEXT, 1)
        return self

    def common(self, register: int, size: int) -> int:
        """Read a register of the common configuration."""
        return self.load(self.windows[virtio_pci.VIRTIO_PCI_CAP_COMMON_CFG] + register, size)

    def set_common(self, register: int, value: int, size: int) -> None:
        """Write a register of the common configuration."""
        self.store(self.windows[virtio_pci.VIRTIO_PCI_CAP_COMMON_CFG] + register, value, size)

    def offered(self) -> int:
        """Return the 64 feature bits that the device offers."""
        word = 0
        for half in (0, 1):
            self.set_common(virtio_pci.VIRTIO_PCI_COMMON_DFSELECT, half, 4)
            word |= self.common(virtio_pci.VIRTIO_PCI_COMMON_DF, 4) << 32 * half
        return word

    def negotiate(self, features: int) -> bool:
        """Accept features (virtio 1.2, 3.1.1); False if the device does not take them."""
        status = virtio_config.VIRTIO_CONFIG_S_ACKNOWLEDGE | virtio_config.VIRTIO_CONFIG_S_DRIVER
        self.set_common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, 0, 1)
        self.set_common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, status, 1)
        for half in (0, 1):
            self.set_common(virtio_pci.VIRTIO_PCI_COMMON_GFSELECT, half, 4)
            self.set_common(virtio_pci.VIRTIO_PCI_COMMON_GF, features >> 32 * half & 0xFFFFFFFF, 4)
        self.set_common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, status | virtio_config.VIRTIO_CONFIG_S_FEATURES_OK, 1)
        return bool(self.common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, 1) & virtio_config.VIRTIO_CONFIG_S_FEATURES_OK)

    def queue(self, number: int) -> Queue:
        """Set a queue up, as long as the device has it."""
        self.set_common(virtio_pci.VIRTIO_PCI_COMMON_Q_SELECT, number, 2)
        size = self.common(virtio_pci.VIRTIO_PCI_COMMON_Q_SIZE, 2)
        base = RINGS + number * 4 * PAGE
        made = Queue(number, size, base, base + PAGE, base + 2 * PAGE)
        self.set_common(virtio_pci.VIRTIO_PCI_COMMON_Q_SIZE, size, 2)
        for register, at in (
            (virtio_pci.VIRTIO_PCI_COMMON_Q_DESCLO, made.desc),
            (virtio_pci.VIRTIO_PCI_COMMON_Q_AVAILLO, made.avail),
            (virtio_pci.VIRTIO_PCI_COMMON_Q_USEDLO, made.used),
        ):
            self.set_common(register, at, 4)
        self.set_common(virtio_pci.VIRTIO_PCI_COMMON_Q_ENABLE, 1, 2)
        return made

    def go(self) -> None:
        """Say that the driver is ready."""
        status = self.common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, 1) | virtio_config.VIRTIO_CONFIG_S_DRIVER_OK
        self.set_common(virtio_pci.VIRTIO_PCI_COMMON_STATUS, status, 1)

    def put(self, queue: Queue, out: tuple[bytes, ...], room: tuple[int, ...] = ()) -> list[int]:
        """Make one chain available: data for the device, then room for its answer. Returns where the room is."""
        parts = [(len(data), data, 0) for data in out]
        parts += [(size, bytes(size), virtio_ring.VRING_DESC_F_WRITE) for size in room]
        head, places = queue.free, []
        for i, (size, data, flags) in enumerate(parts):
            at = BUFFERS + (queue.number * queue.size + queue.free) * PAGE
            self.write(at, data)
            more = virtio_ring.VRING_DESC_F_NEXT if i + 1 < len(parts) else 0
            queue.free = (queue.free + 1) % queue.size
            descriptor = at.to_bytes(8, "little") + size.to_bytes(4, "little")
            descriptor += (flags | more).to_bytes(2, "little") + queue.free.to_bytes(2, "little")
            self.write(queue.desc + 16 * ((queue.free - 1) % queue.size), descriptor)
            if flags:
                places.append(at)
        self.write(queue.avail + 4 + 2 * (queue.made_available % queue.size), head.to_bytes(2, "little"))
        queue.made_available += 1
        self.write(queue.avail + 2, queue.made_available.to_bytes(2, "little"))
        return places

    def kick(self, queue: Queue) -> None:
        """Tell the device that something is available."""
        at = self.windows[virtio_pci.VIRTIO_PCI_CAP_NOTIFY_CFG] + queue.number * self.notify_multiplier
        self.store(at, queue.number, 2)

    def take(self, queue: Queue) -> int | None:
        """Take the next chain back; return how many bytes the device wrote, None if there is none."""
        if self.load(queue.used + 2, 2) == queue.taken_back:
            return None
        length = self.load(queue.used + 4 + 8 * (queue.taken_back % queue.size) + 4, 4)
        queue.taken_back += 1
        return length
