"""The machine types of the i440FX board (hw/i386/pc_piix.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.errors import NotModelled
from emu.hw.core.machine import MachineClass, MachineState
from emu.hw.i386.pc import DEFINE_PC_MACHINE, named
from emu.hw.i386.pc_piix import options
from emu.hw.i386.pc_piix.init import pc_init1
from emu.hw.pci_host.i440fx import TYPE_I440FX_PCI_DEVICE, TYPE_I440FX_PCI_HOST_BRIDGE
from emu.sysemu.accel import kvm_enabled
from emu.trace import emulates

CompatFn = Callable[[MachineState], None] | None


@emulates
def pc_compat_2_3_fn(machine: MachineState) -> None:
    """Older machines have no SMM under KVM, which is not modelled."""
    assert not kvm_enabled()


@emulates
def pc_compat_2_2_fn(machine: MachineState) -> None:
    """As 2.3."""
    pc_compat_2_3_fn(machine)


@emulates(file="target/i386/kvm/kvm-cpu.c", modelled=False)
def x86_cpu_change_kvm_default(prop: str, value: str | None) -> None:
    """Change what CPUs have under KVM."""


@emulates
def pc_compat_2_1_fn(machine: MachineState) -> None:
    """As 2.2, and SVM is not hidden under KVM."""
    pc_compat_2_2_fn(machine)
    x86_cpu_change_kvm_default("svm", None)


@emulates
def pc_compat_2_0_fn(machine: MachineState) -> None:
    """As 2.1."""
    pc_compat_2_1_fn(machine)


@emulates
def pc_compat_1_7_fn(machine: MachineState) -> None:
    """As 2.0, and x2APIC is not offered under KVM."""
    pc_compat_2_0_fn(machine)
    x86_cpu_change_kvm_default("x2apic", None)


@emulates
def pc_compat_1_6_fn(machine: MachineState) -> None:
    """As 1.7."""
    pc_compat_1_7_fn(machine)


@emulates
def pc_compat_1_5_fn(machine: MachineState) -> None:
    """As 1.6."""
    pc_compat_1_6_fn(machine)


@emulates
def pc_compat_1_4_fn(machine: MachineState) -> None:
    """As 1.5."""
    pc_compat_1_5_fn(machine)


@emulates
def pc_init_isa(machine: MachineState) -> None:
    """Make the ISA-only PC."""
    raise NotModelled("the machine isapc")


COMPAT: Final[dict[str, CompatFn]] = {
    "v2_3": pc_compat_2_3_fn,
    "v2_2": pc_compat_2_2_fn,
    "v2_1": pc_compat_2_1_fn,
    "v2_0": pc_compat_2_0_fn,
    "v1_7": pc_compat_1_7_fn,
    "v1_6": pc_compat_1_6_fn,
    "v1_5": pc_compat_1_5_fn,
    "v1_4": pc_compat_1_4_fn,
}


def DEFINE_I440FX_MACHINE(suffix: str, name: str, compatfn: CompatFn, optionfn: Callable[[MachineClass], None]) -> None:
    """Declare a version of the board (a macro of hw/i386/pc_piix.c)."""

    def init(machine: MachineState) -> None:
        if compatfn is not None:
            compatfn(machine)
        pc_init1(machine, TYPE_I440FX_PCI_HOST_BRIDGE, TYPE_I440FX_PCI_DEVICE)

    DEFINE_PC_MACHINE(__name__, suffix, name, named(init, __name__, f"pc_init_{suffix}"), optionfn)


for version in [
    "7.2",
    "7.1",
    "7.0",
    "6.2",
    "6.1",
    "6.0",
    "5.2",
    "5.1",
    "5.0",
    "4.2",
    "4.1",
    "4.0",
    "3.1",
    "3.0",
    "2.12",
    "2.11",
    "2.10",
    "2.9",
    "2.8",
    "2.7",
    "2.6",
    "2.5",
    "2.4",
    "2.3",
    "2.2",
    "2.1",
    "2.0",
    "1.7",
    "1.6",
    "1.5",
    "1.4",
]:
    suffix = "v" + version.replace(".", "_")
    DEFINE_I440FX_MACHINE(
        suffix,
        f"pc-i440fx-{version}",
        COMPAT.get(suffix),
        getattr(options, f"pc_i440fx_{suffix[1:]}_machine_options"),
    )
DEFINE_PC_MACHINE(__name__, "isapc", "isapc", pc_init_isa, options.isapc_machine_options)
