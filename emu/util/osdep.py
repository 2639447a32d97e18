"""What cards say their version is, by machine (util/osdep.c)."""

from __future__ import annotations

from typing import Final

from emu.trace import Struct, emulates, per_run

QEMU_HW_VERSION: Final = "2.5+"


class OsdepStatics(Struct):
    """The static variables of util/osdep.c that are modelled."""

    hw_version: str = QEMU_HW_VERSION


osdep_c = per_run(OsdepStatics)


@emulates
def qemu_set_hw_version(version: str) -> None:
    """util/osdep.c. Older machines have a version of their own."""
    osdep_c().hw_version = version


def qemu_hw_version() -> str:
    """Return the version that cards show (util/osdep.c)."""
    return osdep_c().hw_version
