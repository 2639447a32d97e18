"""A device that QEMU has and the emulation has not is never refused in QEMU's words."""

from __future__ import annotations

import pytest

import emu


@pytest.mark.parametrize("model", ["intel-iommu", "virtio-gpu-pci", "qxl-vga"])
def test_device_that_is_not_modelled(model: str) -> None:
    """softmmu/qdev-monitor.c: qdev_get_device_class."""
    run = emu.run(["-nodefaults", "-M", "q35", "-device", model], recording=False)
    assert (run.exit_status, run.stderr) == (1, f"qomscope: not modelled: device type '{model}'\n")


def test_device_of_the_board_alone_is_refused() -> None:
    """softmmu/qdev-monitor.c: qdev_get_device_class."""
    run = emu.run(["-nodefaults", "-M", "q35", "-device", "fw_cfg_io"], recording=False)
    assert run.stderr == "qemu-system-x86_64: -device fw_cfg_io: Parameter 'driver' expects a pluggable device type\n"


def test_display_that_is_not_modelled() -> None:
    """hw/pci/pci.c: pci_vga_init."""
    run = emu.run(["-M", "pc", "-vga", "qxl"], recording=False)
    assert (run.exit_status, run.stderr) == (1, "qomscope: not modelled: device type 'qxl-vga'\n")
