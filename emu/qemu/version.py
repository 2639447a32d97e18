"""The version of QEMU that is emulated (config-host.h)."""

from __future__ import annotations

from typing import Final

QEMU_VERSION_MAJOR: Final = 7
QEMU_VERSION_MINOR: Final = 2
QEMU_VERSION_MICRO: Final = 22
QEMU_VERSION: Final = "7.2.22"
QEMU_PKGVERSION: Final = "Debian 1:7.2+dfsg-7+deb12u18+b3"
