"""Speed and duplex values (include/standard-headers/linux/ethtool.h)."""

from __future__ import annotations

from typing import Final

SPEED_UNKNOWN: Final = -1
DUPLEX_HALF: Final = 0x00
DUPLEX_FULL: Final = 0x01
DUPLEX_UNKNOWN: Final = 0xFF
