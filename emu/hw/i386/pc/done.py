"""What a PC does once all devices are there (hw/i386/pc.c, hw/i386/acpi-build.c)."""

from __future__ import annotations

from typing import Any

from emu.hw.core.machine import MACHINE, qemu_add_machine_init_done_notifier
from emu.hw.i386.acpi_build import acpi_setup
from emu.hw.i386.fw_cfg import fw_cfg_build_feature_control, fw_cfg_build_smbios
from emu.hw.i386.pc.structs import PCMachineState
from emu.hw.i386.x86 import X86_MACHINE, x86_rtc_set_cpus_count
from emu.hw.nvram.fw_cfg import FW_CFG_NB_CPUS, fw_cfg_add_extra_pci_roots, fw_cfg_modify_i16
from emu.trace import container_of, emulates
from emu.util.notify import Notifier


@emulates
def pc_machine_done(notifier: Notifier, data: Any) -> None:
    """Tell the firmware about what ``-device`` added, and build the ACPI tables."""
    pcms: PCMachineState = container_of(notifier)
    x86ms = X86_MACHINE(pcms)
    assert x86ms.rtc is not None
    x86_rtc_set_cpus_count(x86ms.rtc, x86ms.boot_cpus)
    fw_cfg_add_extra_pci_roots(pcms.bus, x86ms.fw_cfg)
    acpi_setup()
    if x86ms.fw_cfg is not None:
        fw_cfg_build_smbios(MACHINE(pcms), x86ms.fw_cfg)
        fw_cfg_build_feature_control(MACHINE(pcms), x86ms.fw_cfg)
        fw_cfg_modify_i16(x86ms.fw_cfg, FW_CFG_NB_CPUS, x86ms.boot_cpus)


@emulates
def pc_guest_info_init(pcms: PCMachineState) -> None:
    """Have ``pc_machine_done`` called when the machine is there."""
    X86_MACHINE(pcms).apic_xrupt_override = True
    pcms.machine_done.notify = pc_machine_done
    qemu_add_machine_init_done_notifier(pcms.machine_done)
