"""Properties that older machines set to what they once were (hw/core/machine.c).

A row is driver, property, value, and whether a driver without that property is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from emu.qom.object import GlobalProperty
from emu.trace import Seq, per_run

Row = tuple[str, str, str] | tuple[str, str, str, bool]
CompatTable = Callable[[], tuple[GlobalProperty, ...]]


def compat(*rows: Row) -> CompatTable:
    """Return the accessor of a table of compat properties: each run has its own (``used`` is written to)."""

    def make() -> tuple[GlobalProperty, ...]:
        return tuple(
            GlobalProperty(driver=row[0], property=row[1], value=row[2], **({"optional": True} if row[3:] else {}))
            for row in rows
        )

    return per_run(make)


def compat_props_add(arr: Seq[GlobalProperty], props: Iterable[GlobalProperty]) -> None:
    """Append a table to the compat properties of a machine class: the older the table, the later it stands."""
    for prop in props:
        arr.append(prop)


hw_compat_7_1: Final = compat(
    ("virtio-device", "queue_reset", "false"),
    ("virtio-rng-pci", "vectors", "0"),
    ("virtio-rng-pci-transitional", "vectors", "0"),
    ("virtio-rng-pci-non-transitional", "vectors", "0"),
)
hw_compat_7_0: Final = compat(
    ("arm-gicv3-common", "force-8-bit-prio", "on"),
    ("nvme-ns", "eui64-default", "on"),
)
hw_compat_6_2: Final = compat(
    ("PIIX4_PM", "x-not-migrate-acpi-index", "on"),
)
hw_compat_6_1: Final = compat(
    ("vhost-user-vsock-device", "seqpacket", "off"),
    ("nvme-ns", "shared", "off"),
)
hw_compat_6_0: Final = compat(
    ("gpex-pcihost", "allow-unmapped-accesses", "false"),
    ("i8042", "extended-state", "false"),
    ("nvme-ns", "eui64-default", "off"),
    ("e1000", "init-vet", "off"),
    ("e1000e", "init-vet", "off"),
    ("vhost-vsock-device", "seqpacket", "off"),
)
hw_compat_5_2: Final = compat(
    ("ICH9-LPC", "smm-compat", "on"),
    ("PIIX4_PM", "smm-compat", "on"),
    ("virtio-blk-device", "report-discard-granularity", "off"),
    ("virtio-net-pci-base", "vectors", "3"),
    ("nvme", "msix-exclusive-bar", "on"),
)
hw_compat_5_1: Final = compat(
    ("vhost-scsi", "num_queues", "1"),
    ("vhost-user-blk", "num-queues", "1"),
    ("vhost-user-scsi", "num_queues", "1"),
    ("virtio-blk-device", "num-queues", "1"),
    ("virtio-scsi-device", "num_queues", "1"),
    ("nvme", "use-intel-id", "on"),
    ("pvpanic", "events", "1"),
    ("pl011", "migrate-clk", "off"),
    ("virtio-pci", "x-ats-page-aligned", "off"),
)
hw_compat_5_0: Final = compat(
    ("pci-host-bridge", "x-config-reg-migration-enabled", "off"),
    ("virtio-balloon-device", "page-poison", "false"),
    ("vmport", "x-read-set-eax", "off"),
    ("vmport", "x-signal-unsupported-cmd", "off"),
    ("vmport", "x-report-vmx-type", "off"),
    ("vmport", "x-cmds-v2", "off"),
    ("virtio-device", "x-disable-legacy-check", "true"),
)
hw_compat_4_2: Final = compat(
    ("virtio-blk-device", "queue-size", "128"),
    ("virtio-scsi-device", "virtqueue_size", "128"),
    ("virtio-blk-device", "x-enable-wce-if-config-wce", "off"),
    ("virtio-blk-device", "seg-max-adjust", "off"),
    ("virtio-scsi-device", "seg_max_adjust", "off"),
    ("vhost-blk-device", "seg_max_adjust", "off"),
    ("usb-host", "suppress-remote-wake", "off"),
    ("usb-redir", "suppress-remote-wake", "off"),
    ("qxl", "revision", "4"),
    ("qxl-vga", "revision", "4"),
    ("fw_cfg", "acpi-mr-restore", "false"),
    ("virtio-device", "use-disabled-flag", "false"),
)
hw_compat_4_1: Final = compat(
    ("virtio-pci", "x-pcie-flr-init", "off"),
)
hw_compat_4_0: Final = compat(
    ("VGA", "edid", "false"),
    ("secondary-vga", "edid", "false"),
    ("bochs-display", "edid", "false"),
    ("virtio-vga", "edid", "false"),
    ("virtio-gpu-device", "edid", "false"),
    ("virtio-device", "use-started", "false"),
    ("virtio-balloon-device", "qemu-4-0-config-size", "true"),
    ("pl031", "migrate-tick-offset", "false"),
)
hw_compat_3_1: Final = compat(
    ("pcie-root-port", "x-speed", "2_5"),
    ("pcie-root-port", "x-width", "1"),
    ("memory-backend-file", "x-use-canonical-path-for-ramblock-id", "true"),
    ("memory-backend-memfd", "x-use-canonical-path-for-ramblock-id", "true"),
    ("tpm-crb", "ppi", "false"),
    ("tpm-tis", "ppi", "false"),
    ("usb-kbd", "serial", "42"),
    ("usb-mouse", "serial", "42"),
    ("usb-tablet", "serial", "42"),
    ("virtio-blk-device", "discard", "false"),
    ("virtio-blk-device", "write-zeroes", "false"),
    ("virtio-balloon-device", "qemu-4-0-config-size", "false"),
    ("pcie-root-port-base", "disable-acs", "true"),
)
hw_compat_3_0: Final = compat()
hw_compat_2_12: Final = compat(
    ("migration", "decompress-error-check", "off"),
    ("hda-audio", "use-timer", "false"),
    ("cirrus-vga", "global-vmstate", "true"),
    ("VGA", "global-vmstate", "true"),
    ("vmware-svga", "global-vmstate", "true"),
    ("qxl-vga", "global-vmstate", "true"),
)
hw_compat_2_11: Final = compat(
    ("hpet", "hpet-offset-saved", "false"),
    ("virtio-blk-pci", "vectors", "2"),
    ("vhost-user-blk-pci", "vectors", "2"),
    ("e1000", "migrate_tso_props", "off"),
)
hw_compat_2_10: Final = compat(
    ("virtio-mouse-device", "wheel-axis", "false"),
    ("virtio-tablet-device", "wheel-axis", "false"),
)
hw_compat_2_9: Final = compat(
    ("pci-bridge", "shpc", "off"),
    ("intel-iommu", "pt", "off"),
    ("virtio-net-device", "x-mtu-bypass-backend", "off"),
    ("pcie-root-port", "x-migrate-msix", "false"),
)
hw_compat_2_8: Final = compat(
    ("fw_cfg_mem", "x-file-slots", "0x10"),
    ("fw_cfg_io", "x-file-slots", "0x10"),
    ("pflash_cfi01", "old-multiple-chip-handling", "on"),
    ("pci-bridge", "shpc", "on"),
    ("pci-device", "x-pcie-extcap-init", "off"),
    ("virtio-pci", "x-pcie-deverr-init", "off"),
    ("virtio-pci", "x-pcie-lnkctl-init", "off"),
    ("virtio-pci", "x-pcie-pm-init", "off"),
    ("cirrus-vga", "vgamem_mb", "8"),
    ("isa-cirrus-vga", "vgamem_mb", "8"),
)
hw_compat_2_7: Final = compat(
    ("virtio-pci", "page-per-vq", "on"),
    ("virtio-serial-device", "emergency-write", "off"),
    ("ioapic", "version", "0x11"),
    ("intel-iommu", "x-buggy-eim", "true"),
    ("virtio-pci", "x-ignore-backend-features", "on"),
)
hw_compat_2_6: Final = compat(
    ("virtio-mmio", "format_transport_address", "off"),
    ("virtio-pci", "disable-modern", "on", True),
    ("virtio-pci", "disable-legacy", "off", True),
)
hw_compat_2_5: Final = compat(
    ("isa-fdc", "fallback", "144"),
    ("pvscsi", "x-old-pci-configuration", "on"),
    ("pvscsi", "x-disable-pcie", "on"),
    ("vmxnet3", "x-old-msi-offsets", "on"),
    ("vmxnet3", "x-disable-pcie", "on"),
)
hw_compat_2_4: Final = compat(
    ("virtio-blk-device", "scsi", "true", True),
    ("e1000", "extra_mac_registers", "off"),
    ("virtio-pci", "x-disable-pcie", "on"),
    ("virtio-pci", "migrate-extra", "off"),
    ("fw_cfg_mem", "dma_enabled", "off"),
    ("fw_cfg_io", "dma_enabled", "off"),
)
hw_compat_2_3: Final = compat(
    ("virtio-blk-pci", "any_layout", "off"),
    ("virtio-balloon-pci", "any_layout", "off"),
    ("virtio-serial-pci", "any_layout", "off"),
    ("virtio-9p-pci", "any_layout", "off"),
    ("virtio-rng-pci", "any_layout", "off"),
    ("pci-device", "x-pcie-lnksta-dllla", "off"),
    ("migration", "send-configuration", "off"),
    ("migration", "send-section-footer", "off"),
    ("migration", "store-global-state", "off"),
)
hw_compat_2_2: Final = compat()
hw_compat_2_1: Final = compat(
    ("intel-hda", "old_msi_addr", "on"),
    ("VGA", "qemu-extended-regs", "off"),
    ("secondary-vga", "qemu-extended-regs", "off"),
    ("virtio-scsi-pci", "any_layout", "off"),
    ("usb-mouse", "usb_version", "1"),
    ("usb-kbd", "usb_version", "1"),
    ("virtio-pci", "virtio-pci-bus-master-bug-migration", "on"),
)
