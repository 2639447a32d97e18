"""A guest's driver of a virtio 1 device on PCI, small enough to test with. It reaches the machine by ports and memory alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from conformance.qemu import Qemu

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
BUFFERS = 0x10_0000
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
    wrap: bool = True
    used_wrap: bool = True
    chains: dict[int, int] = field(default_factory=dict)


class Machine(Protocol):
    """What a guest reaches: ports, registers, memory."""

    def port_in(self, port: int, size: int) -> int: ...

    def port_out(self, port: int, value: int, size: int) -> None: ...

    def load(self, at: int, size: int) -> int: ...

    def store(self, at: int, value: int, size: int) -> None: ...

    def read(self, at: int, size: int) -> bytes: ...

    def write(self, at: int, data: bytes) -> None: ...

    def settle(self) -> None:
        """Let the main loop do what is left to do."""


class Emulated:
    """An emulated machine."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def port_in(self, port: int, size: int) -> int:
        with self.run.recorder.active():
            return address_space_ld(address_space_io(), port, size)

    def port_out(self, port: int, value: int, size: int) -> None:
        with self.run.recorder.active():
            address_space_st(address_space_io(), port, value, size)

    def load(self, at: int, size: int) -> int:
        with self.run.recorder.active():
            return address_space_ld(address_space_memory(), at, size)

    def store(self, at: int, value: int, size: int) -> None:
        with self.run.recorder.active():
            address_space_st(address_space_memory(), at, value, size)

    def read(self, at: int, size: int) -> bytes:
        with self.run.recorder.active():
            return address_space_read(address_space_memory(), at, MEMTXATTRS_UNSPECIFIED, size)[1]

    def write(self, at: int, data: bytes) -> None:
        with self.run.recorder.active():
            address_space_write(address_space_memory(), at, MEMTXATTRS_UNSPECIFIED, data)

    def settle(self) -> None:
        with self.run.recorder.active():
            run_pending()


class Real:
    """The real program, through qtest."""

    LETTER: ClassVar = {1: "b", 2: "w", 4: "l", 8: "q"}

    def __init__(self, machine: Qemu) -> None:
        self.machine = machine

    def port_in(self, port: int, size: int) -> int:
        return int(self.machine.qtest(f"in{self.LETTER[size]} {port:#x}"), 16)

    def port_out(self, port: int, value: int, size: int) -> None:
        self.machine.qtest(f"out{self.LETTER[size]} {port:#x} {value:#x}")

    def load(self, at: int, size: int) -> int:
        return int(self.machine.qtest(f"read{self.LETTER[size]} {at:#x}"), 16)

    def store(self, at: int, value: int, size: int) -> None:
        self.machine.qtest(f"write{self.LETTER[size]} {at:#x} {value:#x}")

    def read(self, at: int, size: int) -> bytes:
        return bytes.fromhex(self.machine.qtest(f"read {at:#x} {size:#x}")[2:])

    def write(self, at: int, data: bytes) -> None:
        self.machine.qtest(f"write {at:#x} {len(data):#x} 0x{data.hex()}")

    def settle(self) -> None:
        for _ in range(5):
            # each answer is another turn of the main loop
            self.machine.command("query-status")


@dataclass
class Guest:
    """The driver of the virtio device at a devfn of bus 0."""

    machine: Machine
    devfn: int
    bar4: int = BAR4
    memory: int = RINGS
    windows: dict[int, int] = field(default_factory=dict)
    notify_multiplier: int = 0
    accepted: int = 0

    def _select(self, offset: int) -> int:
        self.machine.port_out(0xCF8, 1 << 31 | self.devfn << 8 | offset & ~3, 4)
        return 0xCFC + (offset & 3)

    def config(self, offset: int, size: int) -> int:
        """Read configuration space (PCI Local Bus 3.0, 3.2.2.3.2)."""
        return self.machine.port_in(self._select(offset), size)

    def set_config(self, offset: int, value: int, size: int) -> None:
        """Write configuration space."""
        self.machine.port_out(self._select(offset), value, size)

    def settings(self) -> bytes:
        """Return the device's own configuration, 64 bytes of which those beyond its end read as ones."""
        at = self.windows[virtio_pci.VIRTIO_PCI_CAP_DEVICE_CFG]
        return bytes(self.machine.load(at + i, 1) for i in range(64))

    def find(self) -> Guest:
        """Map BAR 4, switch the device on, and learn from the capabilities where its structures lie (virtio 1.2, 4.1.4)."""
        self.set_config(pci_regs.PCI_BASE_ADDRESS_0 + 16, self.bar4 & 0xFFFFFFFF, 4)
        self.set_config(pci_regs.PCI_BASE_ADDRESS_0 + 20, self.bar4 >> 32, 4)
        self.set_config(pci_regs.PCI_COMMAND, pci_regs.PCI_COMMAND_MEMORY | pci_regs.PCI_COMMAND_MASTER, 2)
        at = self.config(pci_regs.PCI_CAPABILITY_LIST, 1)
        while at:
            kind = self.config(at + virtio_pci.VIRTIO_PCI_CAP_CFG_TYPE, 1)
            vendor = self.config(at, 1) == pci_regs.PCI_CAP_ID_VNDR
            if vendor and self.config(at + virtio_pci.VIRTIO_PCI_CAP_BAR, 1) == 4:
                self.windows[kind] = self.bar4 + self.config(at + virtio_pci.VIRTIO_PCI_CAP_OFFSET, 4)
                if kind == virtio_pci.VIRTIO_PCI_CAP_NOTIFY_CFG:
                    self.notify_multiplier = self.config(at + virtio_pci.VIRTIO_PCI_NOTIFY_CAP_MULT, 4)
            at = self.config(at + pci_regs.PCI_CAP_LIST_NEXT, 1)
        return self

    def common(self, register: int, size: int) -> int:
        """Read a register of the common configuration."""
        return self.machine.load(self.windows[virtio_pci.VIRTIO_PCI_CAP_COMMON_CFG] + register, size)

    def set_common(self, register: int, value: int, size: int) -> None:
        """Write a register of the common configuration."""
        self.machine.store(self.windows[virtio_pci.VIRTIO_PCI_CAP_COMMON_CFG] + register, value, size)

    def offered(self) -> int:
        """Return the 64 feature bits that the device offers."""
        word = 0
        for half in (0, 1):
            self.set_common(virtio_pci.VIRTIO_PCI_COMMON_DFSELECT, half, 4)
            word |= self.common(virtio_pci.VIRTIO_PCI_COMMON_DF, 4) << 32 * half
        return word

    def negotiate(self, features: int) -> bool:
        """Accept features (virtio 1.2, 3.1.1); False if the device does not take them."""
        self.accepted = features
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
        base = self.memory + number * 4 * PAGE
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
        if self.accepted >> virtio_config.VIRTIO_F_RING_PACKED & 1:
            return self.put_packed(queue, out, room)
        parts = [(len(data), data, 0) for data in out]
        parts += [(size, bytes(size), virtio_ring.VRING_DESC_F_WRITE) for size in room]
        head, places = queue.free, []
        for i, (size, data, flags) in enumerate(parts):
            at = self.memory + BUFFERS + (queue.number * 64 + queue.free) * PAGE
            self.machine.write(at, data)
            more = virtio_ring.VRING_DESC_F_NEXT if i + 1 < len(parts) else 0
            queue.free = (queue.free + 1) % queue.size
            descriptor = at.to_bytes(8, "little") + size.to_bytes(4, "little")
            descriptor += (flags | more).to_bytes(2, "little") + queue.free.to_bytes(2, "little")
            self.machine.write(queue.desc + 16 * ((queue.free - 1) % queue.size), descriptor)
            if flags:
                places.append(at)
        self.machine.write(queue.avail + 4 + 2 * (queue.made_available % queue.size), head.to_bytes(2, "little"))
        queue.made_available += 1
        self.machine.write(queue.avail + 2, queue.made_available.to_bytes(2, "little"))
        return places

    def kick(self, queue: Queue) -> None:
        """Tell the device that something is available."""
        at = self.windows[virtio_pci.VIRTIO_PCI_CAP_NOTIFY_CFG] + queue.number * self.notify_multiplier
        self.machine.store(at, queue.number, 2)
        self.machine.settle()

    def take(self, queue: Queue) -> int | None:
        """Take the next chain back; return how many bytes the device wrote, None if there is none."""
        if self.accepted >> virtio_config.VIRTIO_F_RING_PACKED & 1:
            return self.take_packed(queue)
        if self.machine.load(queue.used + 2, 2) == queue.taken_back:
            return None
        length = self.machine.load(queue.used + 4 + 8 * (queue.taken_back % queue.size) + 4, 4)
        queue.taken_back += 1
        return length

    def put_packed(self, queue: Queue, out: tuple[bytes, ...], room: tuple[int, ...]) -> list[int]:
        """Make one chain available in a packed virtqueue (virtio 1.2, 2.8.6). Returns where the room is."""
        parts = [(len(data), data, 0) for data in out]
        parts += [(size, bytes(size), virtio_ring.VRING_DESC_F_WRITE) for size in room]
        head, places, later = queue.free, [], (0, b"")
        queue.chains[head] = len(parts)
        for i, (size, data, flags) in enumerate(parts):
            at = self.memory + BUFFERS + (queue.number * 64 + queue.free) * PAGE
            self.machine.write(at, data)
            more = virtio_ring.VRING_DESC_F_NEXT if i + 1 < len(parts) else 0
            whose = 1 << (virtio_ring.VRING_PACKED_DESC_F_AVAIL if queue.wrap else virtio_ring.VRING_PACKED_DESC_F_USED)
            where = queue.desc + 16 * queue.free
            self.machine.write(where, at.to_bytes(8, "little") + size.to_bytes(4, "little") + head.to_bytes(2, "little"))
            mine = where + 14, (flags | more | whose).to_bytes(2, "little")
            if i == 0:
                later = mine
            else:
                self.machine.write(*mine)
            if flags:
                places.append(at)
            queue.free += 1
            if queue.free == queue.size:
                queue.free, queue.wrap = 0, not queue.wrap
        self.machine.write(*later)
        return places

    def take_packed(self, queue: Queue) -> int | None:
        """Take the next chain back from a packed virtqueue (virtio 1.2, 2.8.7)."""
        at = queue.desc + 16 * queue.taken_back
        flags = self.machine.load(at + 14, 2)
        avail = flags >> virtio_ring.VRING_PACKED_DESC_F_AVAIL & 1
        used = flags >> virtio_ring.VRING_PACKED_DESC_F_USED & 1
        if not avail == used == queue.used_wrap:
            return None
        length = self.machine.load(at + 8, 4)
        queue.taken_back += queue.chains[self.machine.load(at + 12, 2)]
        if queue.taken_back >= queue.size:
            queue.taken_back, queue.used_wrap = queue.taken_back - queue.size, not queue.used_wrap
        return length
