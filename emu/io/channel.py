"""The base of all channels (io/channel.c)."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from emu.qemu.module import type_init
from emu.qom.object import TYPE_OBJECT, Object, TypeInfo, type_register_static
from emu.qom.parts import Part, caster
from emu.trace import emulates

TYPE_QIO_CHANNEL: Final = "qio-channel"

QIO_CHANNEL_FEATURE_FD_PASS: Final = 0
QIO_CHANNEL_FEATURE_SHUTDOWN: Final = 1
QIO_CHANNEL_FEATURE_LISTEN: Final = 2
QIO_CHANNEL_FEATURE_WRITE_ZERO_COPY: Final = 3


class QIOChannel(Part):
    """A channel (include/io/channel.h)."""

    SIZE: ClassVar[int] = 80
    features: int = 0
    name: str | None = None


class QIOChannelClass(Part):
    """What a kind of channel does (include/io/channel.h); its functions carry bytes and are not modelled."""

    SIZE: ClassVar[int] = 184
    io_close: Any = None


QIO_CHANNEL = caster(QIOChannel, TYPE_QIO_CHANNEL)
QIO_CHANNEL_CLASS = caster(QIOChannelClass, TYPE_QIO_CHANNEL)


@emulates
def qio_channel_set_feature(ioc: QIOChannel, feature: int) -> None:
    """io/channel.c."""
    ioc.features |= 1 << feature


@emulates
def qio_channel_set_name(ioc: QIOChannel, name: str) -> None:
    """io/channel.c."""
    ioc.name = name


@emulates(modelled=False)
def qio_channel_finalize(obj: Object) -> None:
    """io/channel.c. Nothing to give back here."""


qio_channel_info = TypeInfo(
    name=TYPE_QIO_CHANNEL,
    parent=TYPE_OBJECT,
    instance=QIOChannel,
    instance_finalize=qio_channel_finalize,
    abstract=True,
    class_=QIOChannelClass,
)


@type_init
@emulates
def qio_channel_register_types() -> None:
    """io/channel.c."""
    type_register_static(qio_channel_info)
