"""What devices with a drive share (hw/block/block.c, include/hw/block/block.h)."""

from __future__ import annotations

from typing import Any

from emu.hw.core.qdev_properties import (
    DEFINE_PROP_BOOL,
    DEFINE_PROP_ON_OFF_AUTO,
    DEFINE_PROP_SIZE32,
    DEFINE_PROP_UINT32,
    Property,
)
from emu.hw.core.qdev_properties_system import DEFINE_PROP_BLOCKDEV_ON_ERROR, DEFINE_PROP_BLOCKSIZE, DEFINE_PROP_DRIVE
from emu.qapi.error import error_setg
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.parts import Part
from emu.trace import Struct, emulates

BDRV_SECTOR_SIZE = 512
BLOCKDEV_ON_ERROR_AUTO = 4
UINT32_MAX = 0xFFFFFFFF


class BlockConf(Struct):
    """How a device uses its drive; ``blk`` is the drive, empty or not."""

    blk: Any = None
    backend_defaults: int = OnOffAuto.AUTO
    physical_block_size: int = 0
    logical_block_size: int = 0
    min_io_size: int = 0
    opt_io_size: int = 0
    bootindex: int = 0
    discard_granularity: int = 0
    cyls: int = 0
    heads: int = 0
    secs: int = 0
    lcyls: int = 0
    lheads: int = 0
    lsecs: int = 0
    wce: int = OnOffAuto.AUTO
    share_rw: bool = False
    account_invalid: int = OnOffAuto.AUTO
    account_failed: int = OnOffAuto.AUTO
    rerror: int = 0
    werror: int = 0


def DEFINE_BLOCK_PROPERTIES(state: type[Part], conf: str) -> tuple[Property, ...]:
    """Describe the drive and how it is used."""
    return (
        DEFINE_PROP_DRIVE("drive", state, f"{conf}.blk"),
        DEFINE_PROP_ON_OFF_AUTO("backend_defaults", state, f"{conf}.backend_defaults", OnOffAuto.AUTO),
        DEFINE_PROP_BLOCKSIZE("logical_block_size", state, f"{conf}.logical_block_size"),
        DEFINE_PROP_BLOCKSIZE("physical_block_size", state, f"{conf}.physical_block_size"),
        DEFINE_PROP_SIZE32("min_io_size", state, f"{conf}.min_io_size", 0),
        DEFINE_PROP_SIZE32("opt_io_size", state, f"{conf}.opt_io_size", 0),
        DEFINE_PROP_SIZE32("discard_granularity", state, f"{conf}.discard_granularity", -1),
        DEFINE_PROP_ON_OFF_AUTO("write-cache", state, f"{conf}.wce", OnOffAuto.AUTO),
        DEFINE_PROP_BOOL("share-rw", state, f"{conf}.share_rw", False),
        DEFINE_PROP_ON_OFF_AUTO("account-invalid", state, f"{conf}.account_invalid", OnOffAuto.AUTO),
        DEFINE_PROP_ON_OFF_AUTO("account-failed", state, f"{conf}.account_failed", OnOffAuto.AUTO),
    )


def DEFINE_BLOCK_CHS_PROPERTIES(state: type[Part], conf: str) -> tuple[Property, ...]:
    """Describe a disk's geometry."""
    return tuple(
        DEFINE_PROP_UINT32(name, state, f"{conf}.{name}", 0) for name in ("cyls", "heads", "secs", "lcyls", "lheads", "lsecs")
    )


def DEFINE_BLOCK_ERROR_PROPERTIES(state: type[Part], conf: str) -> tuple[Property, ...]:
    """Describe what follows from an error."""
    return (
        DEFINE_PROP_BLOCKDEV_ON_ERROR("rerror", state, f"{conf}.rerror", BLOCKDEV_ON_ERROR_AUTO),
        DEFINE_PROP_BLOCKDEV_ON_ERROR("werror", state, f"{conf}.werror", BLOCKDEV_ON_ERROR_AUTO),
    )


@emulates
def blkconf_blocksizes(conf: BlockConf) -> None:
    """Settle the sizes of blocks of an empty drive, in bytes. Error: they do not fit together."""
    conf.physical_block_size = conf.physical_block_size or BDRV_SECTOR_SIZE
    conf.logical_block_size = conf.logical_block_size or BDRV_SECTOR_SIZE
    if conf.logical_block_size > conf.physical_block_size:
        error_setg("logical_block_size > physical_block_size not supported")
    if conf.min_io_size % conf.logical_block_size:
        error_setg("min_io_size must be a multiple of logical_block_size")
    if conf.min_io_size // conf.logical_block_size > 0xFFFF:
        error_setg(f"min_io_size must not exceed {0xFFFF} logical blocks")
    if conf.opt_io_size % conf.logical_block_size:
        error_setg("opt_io_size must be a multiple of logical_block_size")
    if conf.discard_granularity != UINT32_MAX and conf.discard_granularity % conf.logical_block_size:
        error_setg("discard_granularity must be a multiple of logical_block_size")


@emulates
def blkconf_apply_backend_options(conf: BlockConf, readonly: bool, resizable: bool) -> None:
    """Settle what the drive allows and how it counts errors; an empty drive leaves the defaults."""
