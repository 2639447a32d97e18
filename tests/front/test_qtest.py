"""Ports and memory behind the drop-in front's test server read and take what the real program's do."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from front.programs import Both, both

pytestmark = pytest.mark.qemu

CARDS = ("-netdev", "user,id=n", "-device", "virtio-net-pci,netdev=n,id=a,addr=5,disable-legacy=off", "-device", "e1000,addr=6")
MACHINES = {"pc": ("-M", "pc", *CARDS), "q35": ("-M", "q35", *CARDS)}
IO, BAR1, BAR4, ECAM = 0xC000, 0xF100_0000, 0xF000_0000, 0xB000_0000
VIRTIO, E1000 = 5, 6

RUBBISH = """
read 0x1000 16
write 0x1000 4 0xdeadbeef
read 0x1000 8
b64read 0x1000 8
b64write 0x1000 4 AQIDBA==
b64write 0x1000 3 ???
b64write 0x1000 9 AQ-IDBAUG
readq 0x1000
memset 0x2000 16 0xab
memset 0x2000 0 1
read 0x1ffe 20
write 0x1000 4 0x
write 0x1000 8 0x1
write 0x1000 3 0xzz11
read 0x1000 4
endianness
nothing
clock_step
clock_set 5
READB 0
read 0x100000000 4
readl 0xfebf0000
writel 0xfebf0000 1
irq_intercept_in nothing
irq_intercept_in ioapic
irq_intercept_in ioapic
irq_intercept_in /machine/unattached/device[0]
set_irq_in nothing x 0 1
""".splitlines()[1:]


@pytest.fixture(scope="module", params=MACHINES)
def machines(request: pytest.FixtureRequest) -> Iterator[Both]:
    with both(*MACHINES[request.param]) as pair:
        yield pair


def ask(machines: Both, line: str) -> int:
    """Ask both; return the number in the answer, which must be the same."""
    want, got = machines.real.qtest(line), machines.ours.qtest(line)
    assert (line, got) == (line, want)
    words = want.split()
    return int(words[1], 16) if len(words) == 2 and words[1].startswith("0x") else 0


def config(machines: Both, device: int, at: int, letter: str = "l") -> int:
    ask(machines, f"outl 0xcf8 {0x8000_0000 | device << 11 | at & 0xFC:#x}")
    return ask(machines, f"in{letter} {0xCFC + (at & 3):#x}")


def set_config(machines: Both, device: int, at: int, value: int, letter: str = "l") -> None:
    ask(machines, f"outl 0xcf8 {0x8000_0000 | device << 11 | at & 0xFC:#x}")
    ask(machines, f"out{letter} {0xCFC + (at & 3):#x} {value:#x}")


def test_configuration_space(machines: Both) -> None:
    for device in (0, 1, VIRTIO, E1000, 31):
        for at in range(0, 256, 4):
            config(machines, device, at)
    for at in range(64):
        config(machines, VIRTIO, at, "b")


def test_sizes_of_bars(machines: Both) -> None:
    for device in (VIRTIO, E1000):
        for at in range(0x10, 0x34, 4):
            before = config(machines, device, at)
            set_config(machines, device, at, 0xFFFF_FFFF)
            config(machines, device, at)
            set_config(machines, device, at, before)


@pytest.fixture(scope="module")
def programmed(machines: Both) -> Both:
    """The virtio card with its BARs where the constants say."""
    for at, value in ((0x10, IO | 1), (0x14, BAR1), (0x20, BAR4), (0x24, 0)):
        set_config(machines, VIRTIO, at, value)
    set_config(machines, VIRTIO, 4, 7, "w")
    return machines


def test_modern_windows(programmed: Both) -> None:
    """The driver's steps (virtio 1.2, 3.1.1): features, queues, status, reset; all sizes of access."""

    def read(letter: str, at: int) -> int:
        return ask(programmed, f"read{letter} {BAR4 + at:#x}")

    def write(letter: str, at: int, value: int) -> None:
        ask(programmed, f"write{letter} {BAR4 + at:#x} {value:#x}")

    def look() -> None:
        for letter, step in (("b", 1), ("w", 2), ("l", 4)):
            for at in range(0, 0x40, step):
                read(letter, at)

    look()
    write("b", 0x14, 1)
    write("b", 0x14, 3)
    for half in (0, 1, 2):
        write("l", 0, half)
        features = read("l", 4)
        write("l", 8, half)
        write("l", 12, features)
        read("l", 12)
    write("b", 0x14, 11)
    read("b", 0x14)
    for queue in range(4):
        write("w", 0x16, queue)
        write("w", 0x18, 64)
        write("w", 0x1A, queue % 3)
        for at in (0x20, 0x28, 0x30):
            write("l", at, 0x10_0000 + queue * 0x1_0000 + at * 0x100)
        write("w", 0x1C, 1)
        look()
    for at in (*range(0x1000, 0x1008), *range(0x2000, 0x2040)):
        read("b", at)
    write("w", 0x3000, 0)
    write("b", 0x14, 0)
    look()


def test_legacy_window(programmed: Both) -> None:
    for letter, step in (("b", 1), ("w", 2), ("l", 4)):
        for at in range(0, 0x20, step):
            ask(programmed, f"in{letter} {IO + at:#x}")
    steps = (
        (18, 1, "b"),
        (18, 3, "b"),
        (4, 0x130BFFA7, "l"),
        (14, 0, "w"),
        (8, 0x100, "l"),
        (14, 9, "w"),
        (18, 7, "b"),
        (16, 0, "w"),
    )
    for at, value, letter in steps:
        ask(programmed, f"out{letter} {IO + at:#x} {value:#x}")
        ask(programmed, f"in{letter} {IO + at:#x}")
    ask(programmed, f"outb {IO + 18:#x} 0")


def test_msix_table(programmed: Both) -> None:
    for at in range(0, 0x40, 4):
        ask(programmed, f"writel {BAR1 + at:#x} {0x1234_5678 ^ at:#x}")
        ask(programmed, f"readl {BAR1 + at:#x}")
    for at in range(0x800, 0x820, 8):
        ask(programmed, f"readq {BAR1 + at:#x}")


def test_random_accesses(programmed: Both) -> None:
    """Anywhere in the card's windows, any size, aligned or not; queues stay off, so that nothing is fetched."""
    dice = random.Random(1)
    for _ in range(300):
        size = dice.choice("bwlq")
        base = dice.choice((BAR4, BAR4 + 0x1000, BAR4 + 0x2000, BAR1, BAR1 + 0x800))
        at = base + dice.randrange(0x40)
        if dice.random() < 0.3 and base != BAR4:
            ask(programmed, f"write{size} {at:#x} {dice.getrandbits(32):#x}")
        else:
            ask(programmed, f"read{size} {at:#x}")


def test_memory_and_rubbish(machines: Both) -> None:
    for line in RUBBISH:
        ask(machines, line)


def test_what_would_abort_the_real_program_only_fails(machines: Both) -> None:
    for line in ("outl", "inl x", "inb 0x10000", "read 0 0", "readl 99999999999999999999", "\x80"):
        assert machines.ours.qtest(line).startswith("FAIL ")
    assert machines.ours.qtest("endianness") == "OK little\n"


def test_the_guest_resets_the_machine(machines: Both) -> None:
    """The reset control register; programs hear of it."""
    for line in ("outb 0xcf9 2", "inb 0xcf9", "outb 0xcf9 6"):
        ask(machines, line)
    time.sleep(0.2)
    assert b'"RESET"' in machines.same(lambda each: each.qmp('{"execute": "query-status"}'))


def test_extended_configuration_space() -> None:
    """PCIEXBAR (4th generation of 82G33) at 0x60 of the host bridge opens 256 MiB of configuration space."""
    with both(*MACHINES["q35"]) as machines:
        set_config(machines, 0, 0x64, 0)
        set_config(machines, 0, 0x60, ECAM | 1)
        for at in range(0, 4096, 4):
            ask(machines, f"readl {ECAM | VIRTIO << 15 | at:#x}")
        ask(machines, f"writel {ECAM | VIRTIO << 15 | 0x14:#x} 0xffffffff")
        ask(machines, f"readl {ECAM | VIRTIO << 15 | 0x14:#x}")
        ask(machines, f"readb {ECAM | 31 << 15 | 2:#x}")
