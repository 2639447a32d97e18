"""The types that are known by recorded facts alone, each with its reason; none is in the way of a network command line."""

from __future__ import annotations

import re

import pytest
from conformance import recorded

import emu
from app.types import modelled_types
from emu.source import beyond_recorded, installed_program

WHY = {
    "accelerators, migration, threads and the main loop do nothing that is shown": (
        r"accel-ops|accel-x86_64-cpu|tcg-accel.*|qtest.*|migration|iothread|main-loop|event-loop-base|thread-context|throttle-group"
    ),
    "machines other than pc, q35 and none": r"microvm-machine|gpex-.*|acpi-ged.*|virtio-mmio.*|amd-iommu.*|AMDVI-PCI",
    "guest memory that can be plugged in": r"pc-dimm|nvdimm|memory-device|memory-backend-.*|virtio-p?mem.*|fw_cfg.*",
    "virtio and vhost devices that are no network cards": (
        r"(vhost-(user-)?|virtio-?)(balloon|blk|crypto|gpu|input|iommu|keyboard|mouse|rng|scsi|serial|tablet|vsock|fs|gpio|i2c|vga|"
        r"console|port|backend|cryptodev).*|virtconsole|virtserialport|vhost-vsock.*|vhost-user-backend|cryptodev-.*|rng-.*"
    ),
    "disks and their controllers": (
        r"SCSI|scsi-.*|esp|am53c974|dc390|lsi53c.*|megasas.*|mptsas1068|pvscsi|nvme.*|sd-.*|sdhci.*|generic-sdhci|imx-usdhc|"
        r"s3c-sdhci|isa-ide|sysbus-(ahci|esp)|.*vhost-scsi.*|pr-manager.*"
    ),
    "USB beside UHCI, EHCI and the network card": (
        r"usb-.*|.*xhci|pci-(ohci|xhci)|sysbus-ohci|ccid-.*|u2f-.*|imx\.usbphy|input-(barrier|linux)"
    ),
    "sound": r"AC97|ES1370|HDA|adlib|cs4231a|gus|hda-.*|.*intel-hda.*|sb16",
    "displays beside VGA and Cirrus": r"ati-vga|bochs-display|isa-(cirrus-)?vga|vmware-svga|ramfb|sga|i2c-ddc|qemu-console",
    "CXL": r"cxl-.*|pxb-cxl.*",
    "IOMMUs": r"(intel|x86)-iommu.*|virtio-iommu.*",
    "watchdogs, IPMI, TPM, error records and other helpers of a system": (
        r"i6300esb|ib700|.*ipmi.*|tpm-.*|acpi-erst|pvpanic.*|vmcoreinfo|vmgenid|guest-loader|loader|isa-applesmc|clock|cpu-(cluster|core)"
    ),
    "test devices and carriers of other cards": (
        r"edu|pc(i)?-testdev|isa-debug.*|ivshmem-.*|IndustryPack|ipack-device|ipoctal232|tpci200|pci-serial.*|gpio_i2c"
    ),
    "CAN buses": r"can-.*|.*_pci",
    "devices of the host handed through": r"vfio-.*",
    "character devices that no network backend uses": r"chardev-.*",
    "secrets, certificates and access lists": r"secret.*|tls-.*|authz.*|confidential-guest-support|dbus-vmstate",
    "channels that no socket of a backend uses": r"qio-.*",
    "filters that compare two machines": r"colo-compare|filter-re(write|play).*",
}
"""Why a type is not modelled, and which types that is said of."""
BASES = (
    "object", "device", "bus", "System", "sys-bus-device", "machine", "pci-device", "PCI", "PCIE", "CXL", "pci-host-bridge",
    "base-pci-bridge", "pcie-port", "pcie-slot", "pcie-root-port-base", "virtio-bus", "virtio-pci-bus", "virtio-device",
    "virtio-pci", "virtio-net-device", "virtio-net-pci-base", "hotplug-handler", "pcie-device", "conventional-pci-device",
)  # fmt: skip
BRIDGES = (
    "pci-bridge", "pci-bridge-seat", "pcie-pci-bridge", "i82801b11-bridge", "pcie-root-port", "ioh3420", "x3130-upstream",
    "xio3130-downstream", "pxb", "pxb-pcie", "pxb-host", "pxb-bus", "pxb-pcie-bus", "i440FX", "i440FX-pcihost", "mch",
    "q35-pcihost",
)  # fmt: skip


def unmodelled() -> set[str]:
    """The list itself."""
    return set(recorded.types()) - set(modelled_types())


def test_every_type_that_is_not_modelled_has_its_reason() -> None:
    reasons = [re.compile(pattern) for pattern in WHY.values()]
    assert not sorted(name for name in unmodelled() if not any(reason.fullmatch(name) for reason in reasons))


@pytest.mark.parametrize("name", [*BASES, *BRIDGES])
def test_bases_bridges_and_host_bridges_are_modelled(name: str) -> None:
    assert name not in unmodelled()


def test_all_network_devices_are_modelled() -> None:
    devices = installed_program("7.2")["devices"]
    network = {name for name, row in devices.items() if "Network" in row["categories"] and not beyond_recorded("7.2", name)}
    assert len(network) > 25
    assert not network & unmodelled()


@pytest.mark.parametrize("version", sorted(name for name in recorded.types() if re.match(r"pc-(i440fx|q35)-.*-machine", name)))
def test_no_board_needs_one(version: str) -> None:
    argv = ["-S", "-display", "none", "-M", version.removesuffix("-machine"), "-usb", "-net", "nic", "-net", "user"]
    assert "not modelled" not in emu.run(argv, recording=False).stderr
