"""A device gets guest memory and queues, and gives the queues back (hw/virtio/vhost-user.c)."""

from __future__ import annotations

import errno
import struct
from typing import Final

from emu.errors import NotModelled
from emu.hw.virtio.vhost.memory import memory_region_get_fd
from emu.hw.virtio.vhost.structs import vhost_dev, vhost_memory_region, vhost_vring_addr, vhost_vring_file
from emu.hw.virtio.vhost.structs import vhost_vring_state as vring_state
from emu.hw.virtio.vhost_user.messages import (
    ask,
    enforce_reply,
    message,
    process_message_reply,
    reply_supported,
    vhost_set_vring,
    vhost_set_vring_file,
    vhost_user_write,
)
from emu.hw.virtio.vhost_user.structs import (
    VHOST_MEMORY_BASELINE_NREGIONS,
    VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS,
    VHOST_USER_VRING_ADDR,
    VHOST_USER_VRING_STATE,
    Request,
    VhostUserMsg,
)
from emu.softmmu.memory import MemoryRegion, MemoryRegionSection
from emu.trace import emulates, g_free
from emu.util.error_report import error_report

REGION: Final = struct.Struct("<QQQQ")
"""Guest address, size, address in the program, offset in the file."""
VHOST_VRING_F_LOG: Final = 0


@emulates
def vhost_user_mem_section_filter(dev: vhost_dev, section: MemoryRegionSection) -> bool:
    """hw/virtio/vhost-user.c. Only memory with a descriptor can be shared."""
    assert section.mr is not None
    return memory_region_get_fd(section.mr) >= 0


@emulates
def vhost_user_can_merge(dev: vhost_dev, start1: int, size1: int, start2: int, size2: int) -> bool:
    """hw/virtio/vhost-user.c. Pieces of one file can be one."""
    return _file_of(dev, start1)[1] == _file_of(dev, start2)[1]


def _file_of(dev: vhost_dev, address: int) -> tuple[int, int]:
    """Return offset and descriptor of the file that memory of the program is of (``vhost_user_get_mr_data``)."""
    from emu.hw.virtio.vhost.memory import memory_region_get_ram_ptr

    for section in (*dev.tmp_sections, *dev.mem_sections):
        mr: MemoryRegion | None = section.mr
        assert mr is not None
        offset = address - memory_region_get_ram_ptr(mr)
        if 0 <= offset < mr.size:
            return offset, memory_region_get_fd(mr)
    return 0, -1


@emulates
def vhost_user_fill_set_mem_table_msg(
    dev: vhost_dev, mem: tuple[vhost_memory_region, ...], msg: VhostUserMsg
) -> tuple[int, tuple[int, ...]]:
    """hw/virtio/vhost-user.c. Returns 0 or, after a message, a negative errno, and the descriptors of the memory."""
    fds: list[int] = []
    table = b""
    for region in mem:
        offset, fd = _file_of(dev, region.userspace_addr)
        if fd <= 0:
            continue
        if len(fds) == VHOST_MEMORY_BASELINE_NREGIONS:
            error_report("Failed preparing vhost-user memory table msg")
            return -errno.ENOBUFS, ()
        table += REGION.pack(region.guest_phys_addr, region.memory_size, region.userspace_addr, offset)
        fds.append(fd)

    if not fds:
        error_report("Failed initializing vhost-user memory map, consider using -object memory-backend-file share=on")
        return -errno.EINVAL, ()

    msg.payload = struct.pack("<II", len(fds), 0) + table
    msg.size = len(msg.payload)
    return 0, tuple(fds)


@emulates
def vhost_user_set_mem_table(dev: vhost_dev, mem: tuple[vhost_memory_region, ...]) -> int:
    """hw/virtio/vhost-user.c. 0 or a negative errno. NotModelled: memory in slots of its own."""
    reply = reply_supported(dev)
    if dev.protocol_features & 1 << VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS:
        raise NotModelled("memory slots of a vhost-user device")

    msg = message(Request.VHOST_USER_SET_MEM_TABLE, need_reply=reply)
    try:
        ret, fds = vhost_user_fill_set_mem_table_msg(dev, mem, msg)
        if ret < 0:
            return ret

        ret = vhost_user_write(dev, msg, fds, len(fds))
        if ret < 0:
            return ret

        return process_message_reply(dev, msg) if reply else 0
    finally:
        g_free(msg)


@emulates
def vhost_user_set_vring_addr(dev: vhost_dev, addr: vhost_vring_addr) -> int:
    """hw/virtio/vhost-user.c. Waits for the answer if changes are to be logged."""
    wait_for_reply = bool(addr.flags & 1 << VHOST_VRING_F_LOG)
    payload = VHOST_USER_VRING_ADDR.pack(
        addr.index, addr.flags, addr.desc_user_addr, addr.used_user_addr, addr.avail_user_addr, addr.log_guest_addr
    )
    msg = message(Request.VHOST_USER_SET_VRING_ADDR, payload, need_reply=reply_supported(dev) and wait_for_reply)
    try:
        ret = vhost_user_write(dev, msg)
        if ret < 0:
            return ret
        return enforce_reply(dev, msg) if wait_for_reply else 0
    finally:
        g_free(msg)


@emulates
def vhost_user_set_vring_num(dev: vhost_dev, ring: vring_state) -> int:
    """hw/virtio/vhost-user.c."""
    return vhost_set_vring(dev, Request.VHOST_USER_SET_VRING_NUM, ring)


@emulates
def vhost_user_set_vring_base(dev: vhost_dev, ring: vring_state) -> int:
    """hw/virtio/vhost-user.c."""
    return vhost_set_vring(dev, Request.VHOST_USER_SET_VRING_BASE, ring)


@emulates
def vhost_user_get_vring_base(dev: vhost_dev, index: int) -> tuple[int, int]:
    """hw/virtio/vhost-user.c. The device stops; 0 or, after a message, a negative errno, and how far it has come."""
    msg = message(Request.VHOST_USER_GET_VRING_BASE, VHOST_USER_VRING_STATE.pack(index, 0))
    try:
        ret = ask(dev, msg, VHOST_USER_VRING_STATE.size)
        if ret < 0:
            return ret, 0
        return 0, VHOST_USER_VRING_STATE.unpack(msg.payload)[1]
    finally:
        g_free(msg)


@emulates
def vhost_user_set_vring_kick(dev: vhost_dev, file: vhost_vring_file) -> int:
    """hw/virtio/vhost-user.c."""
    return vhost_set_vring_file(dev, Request.VHOST_USER_SET_VRING_KICK, file)
