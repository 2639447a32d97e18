"""Types that several parts of the schema use (qapi/common.json)."""

from __future__ import annotations

from typing import Final

from emu.qapi.qapi_struct import QapiStruct
from emu.qapi.qapi_util import QapiEnum, QEnumLookup


class OnOffAuto(QapiEnum):
    """On, off, or as QEMU finds best."""

    AUTO = 0, "auto"
    ON = 1, "on"
    OFF = 2, "off"


class OnOffSplit(QapiEnum):
    """On, off, or split between kernel and QEMU."""

    ON = 0, "on"
    OFF = 1, "off"
    SPLIT = 2, "split"


class OffAutoPCIBAR(QapiEnum):
    """A BAR of a PCI device, none, or as QEMU finds best."""

    OFF = 0, "off"
    AUTO = 1, "auto"
    BAR0 = 2, "bar0"
    BAR1 = 3, "bar1"
    BAR2 = 4, "bar2"
    BAR3 = 5, "bar3"
    BAR4 = 6, "bar4"
    BAR5 = 7, "bar5"


class PCIELinkSpeed(QapiEnum):
    """Speed of a PCI Express link in GT/s."""

    SPEED_2_5 = 0, "2_5"
    SPEED_5 = 1, "5"
    SPEED_8 = 2, "8"
    SPEED_16 = 3, "16"


class PCIELinkWidth(QapiEnum):
    """Lanes of a PCI Express link."""

    WIDTH_1 = 0, "1"
    WIDTH_2 = 1, "2"
    WIDTH_4 = 2, "4"
    WIDTH_8 = 3, "8"
    WIDTH_12 = 4, "12"
    WIDTH_16 = 5, "16"
    WIDTH_32 = 6, "32"


class NetFilterDirection(QapiEnum):
    """Which packets a filter sees."""

    ALL = 0, "all"
    RX = 1, "rx"
    TX = 2, "tx"


class HostMemPolicy(QapiEnum):
    """NUMA policy of host memory."""

    DEFAULT = 0, "default"
    PREFERRED = 1, "preferred"
    BIND = 2, "bind"
    INTERLEAVE = 3, "interleave"


OnOffAuto_lookup: Final = QEnumLookup(OnOffAuto)
OnOffSplit_lookup: Final = QEnumLookup(OnOffSplit)
OffAutoPCIBAR_lookup: Final = QEnumLookup(OffAutoPCIBAR)
PCIELinkSpeed_lookup: Final = QEnumLookup(PCIELinkSpeed)
PCIELinkWidth_lookup: Final = QEnumLookup(PCIELinkWidth)
NetFilterDirection_lookup: Final = QEnumLookup(NetFilterDirection)
HostMemPolicy_lookup: Final = QEnumLookup(HostMemPolicy)


class String(QapiStruct):
    """A string as a struct, for lists that options repeat."""

    str_: str
