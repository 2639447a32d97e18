"""Which accelerator runs the guest (include/sysemu/{tcg,kvm,qtest}.h)."""

from __future__ import annotations

from emu.accel.tcg.tcg_all import tcg_enabled
from emu.softmmu.qtest import qtest_enabled


def kvm_enabled() -> bool:
    """Tell whether the guest runs on the host's virtualisation, which no emulated machine does."""
    return False


__all__ = ["kvm_enabled", "qtest_enabled", "tcg_enabled"]
