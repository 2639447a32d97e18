"""Drives of the board's own interfaces (blockdev.c): the empty ones that are there by default."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from emu.trace import Seq, Struct, emulates, per_run, seq


class BlockInterfaceType(IntEnum):
    """What a drive hangs on (include/sysemu/blockdev.h)."""

    IF_DEFAULT = -1
    IF_NONE = 0
    IF_IDE = 1
    IF_SCSI = 2
    IF_FLOPPY = 3
    IF_PFLASH = 4
    IF_MTD = 5
    IF_SD = 6
    IF_VIRTIO = 7
    IF_XEN = 8


IF_NAME = {kind: kind.name.removeprefix("IF_").lower() for kind in BlockInterfaceType}


class DriveInfo(Struct):
    """A drive (include/sysemu/blockdev.h), which stands for its block backend too. ``media_cd``: it takes CD-ROMs."""

    name: str = ""
    type: int = 0
    bus: int = 0
    unit: int = 0
    is_default: bool = False
    media_cd: bool = False


class BlockdevStatics(Struct):
    """The static variables of blockdev.c."""

    drives: Seq[DriveInfo] = seq()
    ide_max_devs: int = 2


blockdev_c = per_run(BlockdevStatics)


def _max_devs(type: int) -> int:
    return {BlockInterfaceType.IF_IDE: blockdev_c().ide_max_devs, BlockInterfaceType.IF_SCSI: 7}.get(BlockInterfaceType(type), 0)


@emulates
def override_max_devs(type: int, max_devs: int) -> None:
    """blockdev.c. A board whose default interface takes another number of drives a bus."""
    if type == BlockInterfaceType.IF_IDE:
        blockdev_c().ide_max_devs = max_devs


def drive_get(type: int, bus: int, unit: int) -> DriveInfo | None:
    """Return the drive at a place (blockdev.c)."""
    return next((d for d in blockdev_c().drives if (d.type, d.bus, d.unit) == (type, bus, unit)), None)


def drive_get_by_index(type: int, index: int) -> DriveInfo | None:
    """Return the drive of a number, counted over all buses (blockdev.c)."""
    max_devs = _max_devs(type)
    return drive_get(type, index // max_devs if max_devs else 0, index % max_devs if max_devs else index)


def drive_get_max_bus(type: int) -> int:
    """Return the highest bus of a type that has a drive, -1 if there is none (blockdev.c)."""
    return max((d.bus for d in blockdev_c().drives if d.type == type), default=-1)


@emulates
def drive_new(type: int, index: int, media_cd: bool) -> DriveInfo:
    """blockdev.c. Makes an empty drive; the options of ``-drive`` are not modelled."""
    max_devs = _max_devs(type)
    bus, unit = divmod(index, max_devs) if max_devs else (0, index)
    kind = BlockInterfaceType(type)
    place = f"{IF_NAME[kind]}{bus if max_devs else ''}"
    if kind in (BlockInterfaceType.IF_IDE, BlockInterfaceType.IF_SCSI):
        place += "-cd" if media_cd else "-hd"
    dinfo = DriveInfo(name=f"{place}{unit}", type=int(type), bus=bus, unit=unit, media_cd=media_cd)
    blockdev_c().drives.append(dinfo)
    return dinfo


@emulates
def drive_check_orphaned() -> None:
    """blockdev.c. Complains of drives that no device took; default ones are let pass."""


def blk_by_legacy_dinfo(dinfo: DriveInfo) -> Any:
    """Return the block backend of a drive, which is the drive itself here (block/block-backend.c)."""
    return dinfo
