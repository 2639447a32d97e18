"""The commands of the test server (softmmu/qtest.c).

Where QEMU aborts because an argument is missing or no number, here the line fails: rubbish ends nothing.
"""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from typing import Final

from emu.errors import NotModelled
from emu.hw.core.gpio import qdev_get_gpio_in_named
from emu.hw.core.irq import qemu_set_irq
from emu.hw.core.qdev_core import DEVICE, TYPE_DEVICE, DeviceState
from emu.qom.object import object_dynamic_cast, object_resolve_path
from emu.softmmu.ioport_cpu import cpu_inb, cpu_inl, cpu_inw, cpu_outb, cpu_outl, cpu_outw
from emu.softmmu.memory import MEMTXATTRS_UNSPECIFIED
from emu.softmmu.physmem import address_space_memory, address_space_read, address_space_write
from emu.softmmu.qtest.intercept import intercept
from emu.softmmu.qtest.state import qtest_c, qtest_enabled
from emu.trace import emulates
from emu.util.cutils import qemu_strtoi, qemu_strtoi64, qemu_strtou64
from emu.util.qemu_timer import QEMU_CLOCK_VIRTUAL, qemu_clock_deadline_ns_all, qemu_clock_get_ns, qtest_clock_warp

SIZES: Final = {"b": 1, "w": 2, "l": 4, "q": 8}
IN: Final = {"inb": cpu_inb, "inw": cpu_inw, "inl": cpu_inl}
OUT: Final = {"outb": cpu_outb, "outw": cpu_outw, "outl": cpu_outl}
MAX_LENGTH: Final = 64 << 20
"""Longest piece of memory that is read or written at once; QEMU tries any."""
_HEX: Final = {**{c: int(c, 16) for c in "0123456789abcdefABCDEF"}}

BASE64: Final = string.ascii_letters + string.digits + "+/="

Send = Callable[[str], None]


class Refused(Exception):
    """The line cannot be done."""


def number(words: list[str], at: int) -> int:
    """Return an unsigned number of a line. Refused: there is none."""
    if at < len(words):
        parsed = qemu_strtou64(words[at], 0)
        if not parsed.err:
            return parsed.value
    raise Refused(f"Argument {at} of '{words[0]}' is not a number")


def signed(words: list[str], at: int, wide: bool = True) -> int:
    """Return a signed number of a line. Refused: there is none."""
    if at < len(words):
        parsed = (qemu_strtoi64 if wide else qemu_strtoi)(words[at], 0)
        if not parsed.err:
            return parsed.value
    raise Refused(f"Argument {at} of '{words[0]}' is not a number")


def port(words: list[str]) -> int:
    """Return the port of a line. Refused: there is no such port."""
    addr = number(words, 1)
    if addr > 0xFFFF:
        raise Refused(f"There is no port {addr:#x}")
    return addr


def length(words: list[str]) -> int:
    """Return the length of a line. Refused: it is too long."""
    found = number(words, 2)
    if found > MAX_LENGTH:
        raise Refused(f"not modelled: pieces of more than {MAX_LENGTH} bytes")
    return found


def text(words: list[str], at: int) -> str:
    """Return a word of a line. Refused: there is none."""
    if at >= len(words):
        raise Refused(f"Argument {at} of '{words[0]}' is missing")
    return words[at]


def read(addr: int, size: int) -> bytes:
    """Read memory as the first processor sees it."""
    return address_space_read(address_space_memory(), addr, MEMTXATTRS_UNSPECIFIED, size)[1]


def write(addr: int, data: bytes) -> None:
    """Write memory as the first processor does."""
    address_space_write(address_space_memory(), addr, MEMTXATTRS_UNSPECIFIED, data)


def from_hex(data: str, size: int) -> bytes:
    """Return the bytes of ``0x...``, zeros where it is too short (hex2nib: -1 for what is no digit)."""
    out = bytearray(size)
    for i in range(min(size, (len(data) - 2) // 2)):
        high, low = (_HEX.get(char, -1) for char in data[2 * i + 2 : 2 * i + 4])
        out[i] = (high << 4 | low) & 0xFF
    return bytes(out)


def from_base64(data: str) -> bytes:
    """Return what base64 stands for; what is none of it is passed over, a group that is not complete too (GLib: gbase64.c)."""
    letters = "".join(char for char in data if char in BASE64)
    letters = letters[: len(letters) & ~3]
    return base64.b64decode(letters.replace("=", "A"))[: len(letters) // 4 * 3 - letters[-2:].count("=")]


def device(path: str) -> DeviceState | None:
    """Return the device at a path."""
    obj, _ = object_resolve_path(path)
    return DEVICE(obj) if obj is not None and object_dynamic_cast(obj, TYPE_DEVICE) is not None else None


def _set_irq_in(words: list[str]) -> str:
    dev = device(text(words, 1))
    if dev is None:
        return "FAIL Unknown device\n"
    name = text(words, 2)
    num, level = signed(words, 3, wide=False), signed(words, 4, wide=False)
    try:
        irq = qdev_get_gpio_in_named(dev, None if name == "unnamed-gpio-in" else name, num)
    except (AssertionError, IndexError) as err:
        raise Refused(f"There is no such line: {name} {num}") from err
    qemu_set_irq(irq, level)
    return "OK\n"


def _irq_intercept(words: list[str], prefix: Callable[[], None], send: Send) -> str:
    own = qtest_c()
    dev = device(text(words, 1))
    if dev is None:
        return "FAIL Unknown device\n"
    if own.irq_intercept_dev is not None:
        return "OK\n" if own.irq_intercept_dev is dev else "FAIL IRQ intercept already enabled\n"

    def irq_changed(n: int, level: int) -> None:
        prefix()
        send(f"IRQ {'raise' if level else 'lower'} {n}\n")

    intercept(dev, words[0] == "irq_intercept_out", irq_changed)
    own.irq_intercept_dev = dev
    return "OK\n"


def _memory(words: list[str]) -> str | None:
    """Do the commands on pieces of memory; return the answer, None for another command."""
    command = words[0]
    if command == "read":
        addr, size = number(words, 1), length(words)
        if not size:
            raise Refused("Nothing is to be read")
        return f"OK 0x{read(addr, size).hex()}\n"
    if command == "b64read":
        return f"OK {base64.b64encode(read(number(words, 1), length(words))).decode()}\n"
    if command == "write":
        addr, size, data = number(words, 1), length(words), text(words, 3)
        if len(data) < 3:
            return "ERR invalid argument size\n"
        write(addr, from_hex(data, size))
        return "OK\n"
    if command == "b64write":
        addr, size, data = number(words, 1), length(words), text(words, 3)
        if len(data) < 3:
            return "ERR invalid argument size\n"
        # QEMU decodes in place and then writes as many bytes as it was told: what follows is what is left of the text
        raw = from_base64(data)
        write(addr, (raw + data.encode("utf-8", "surrogateescape")[len(raw) :]).ljust(size, b"\0")[:size])
        return "OK\n"
    if command == "memset":
        addr, size, pattern = number(words, 1), length(words), number(words, 3)
        write(addr, bytes([pattern & 0xFF]) * size)
        return "OK\n"
    return None


def _access(words: list[str]) -> str | None:
    """Do the commands on ports and numbers in memory; return the answer, None for another command."""
    command = words[0]
    if command in OUT:
        OUT[command](port(words), number(words, 2))
        return "OK\n"
    if command in IN:
        return f"OK 0x{IN[command](port(words)):04x}\n"
    size = SIZES.get(command[-1:], 0)
    if size and command[:-1] == "write":
        addr, value = number(words, 1), number(words, 2)
        write(addr, (value & ((1 << 8 * size) - 1)).to_bytes(size, "little"))
        return "OK\n"
    if size and command[:-1] == "read":
        return f"OK 0x{int.from_bytes(read(number(words, 1), size), 'little'):016x}\n"
    return None


def _clock(words: list[str]) -> str:
    if words[0] == "clock_step":
        ns = signed(words, 1) if len(words) > 1 else qemu_clock_deadline_ns_all(QEMU_CLOCK_VIRTUAL)
        qtest_clock_warp(qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + ns)
    else:
        qtest_clock_warp(signed(words, 1))
    return f"OK {qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)}\n"


def _answer(words: list[str], prefix: Callable[[], None], send: Send) -> str:
    command = words[0]
    done = _access(words) or _memory(words)
    if done is not None:
        return done
    if command in {"irq_intercept_in", "irq_intercept_out"}:
        return _irq_intercept(words, prefix, send)
    if command == "set_irq_in":
        return _set_irq_in(words)
    if command == "endianness":
        return "OK little\n"
    if command in {"clock_step", "clock_set"} and qtest_enabled():
        return _clock(words)
    if command == "module_load":
        raise NotModelled("loadable modules")
    return f"FAIL Unknown command '{command}'\n"


@emulates
def qtest_process_command(words: list[str], prefix: Callable[[], None], send: Send) -> None:
    """softmmu/qtest.c. Does one line and answers it."""
    try:
        answer = _answer(words, prefix, send)
    except (Refused, NotModelled) as err:
        answer = f"FAIL {err}\n"
    prefix()
    send(answer)
