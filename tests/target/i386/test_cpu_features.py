"""Features of CPU models (target/i386/cpu.c): what an accelerator offers, and what the user is warned of."""

from __future__ import annotations

import emu

HYPERTHREADS = (
    "qemu-system-x86_64: warning: This family of AMD CPU doesn't support hyperthreading(4)\n"
    "Please configure -smp options properly or try enabling topoext feature.\n"
)


def test_an_accelerator_that_runs_no_guest_takes_all_features() -> None:
    """x86_cpu_get_supported_feature_word."""
    assert emu.run(["-M", "pc", "-cpu", "Nehalem,+vmx"], recording=False).stderr == ""
    tcg = emu.run(["-accel", "tcg", "-M", "pc", "-cpu", "Nehalem,+vmx"], recording=False)
    assert "TCG doesn't support requested feature: CPUID.01H:ECX.vmx [bit 5]\n" in tcg.stderr


def test_threads_of_an_amd_cpu_are_warned_of_once() -> None:
    """x86_cpu_realizefn."""
    assert emu.run(["-M", "pc", "-smp", "8,sockets=2,cores=1"], recording=False).stderr == HYPERTHREADS
    assert emu.run(["-M", "pc", "-cpu", "EPYC", "-smp", "2,threads=2"], recording=False).stderr == ""
