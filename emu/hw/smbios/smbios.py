"""Tables about the machine for the guest; they are not built (hw/smbios/smbios.c)."""

from __future__ import annotations

from emu.trace import Struct, emulates, per_run


class SmbiosStatics(Struct):
    """What machine and command line say about the tables."""

    have_defaults: bool = False
    legacy: bool = False
    uuid_encoded: bool = False
    ep_type: int = 0
    manufacturer: str | None = None
    product: str | None = None
    version: str | None = None


smbios_statics = per_run(SmbiosStatics)


@emulates
def smbios_set_defaults(
    manufacturer: str, product: str, version: str | None, legacy_mode: bool, uuid_encoded: bool, ep_type: int
) -> None:
    """Take the machine's name for the tables."""
    own = smbios_statics()
    own.have_defaults = True
    own.legacy = legacy_mode
    own.uuid_encoded = uuid_encoded
    own.ep_type = ep_type
    own.manufacturer = manufacturer
    own.product = product
    own.version = version
