"""Properties that older PCs set to what they once were (hw/i386/pc.c)."""

from __future__ import annotations

from typing import Final

from emu.hw.core.machine.compat import compat

pc_compat_7_1: Final = compat()
pc_compat_7_0: Final = compat()
pc_compat_6_2: Final = compat(
    ("virtio-mem", "unplugged-inaccessible", "off"),
)
pc_compat_6_1: Final = compat(
    ("x86_64-cpu", "hv-version-id-build", "0x1bbc"),
    ("x86_64-cpu", "hv-version-id-major", "0x0006"),
    ("x86_64-cpu", "hv-version-id-minor", "0x0001"),
    ("ICH9-LPC", "x-keep-pci-slot-hpc", "false"),
)
pc_compat_6_0: Final = compat(
    ("qemu64-x86_64-cpu", "family", "6"),
    ("qemu64-x86_64-cpu", "model", "6"),
    ("qemu64-x86_64-cpu", "stepping", "3"),
    ("x86_64-cpu", "x-vendor-cpuid-only", "off"),
    ("ICH9-LPC", "acpi-pci-hotplug-with-bridge-support", "off"),
    ("ICH9-LPC", "x-keep-pci-slot-hpc", "true"),
)
pc_compat_5_2: Final = compat(
    ("ICH9-LPC", "x-smi-cpu-hotunplug", "off"),
)
pc_compat_5_1: Final = compat(
    ("ICH9-LPC", "x-smi-cpu-hotplug", "off"),
    ("x86_64-cpu", "kvm-msi-ext-dest-id", "off"),
)
pc_compat_5_0: Final = compat()
pc_compat_4_2: Final = compat(
    ("mch", "smbase-smram", "off"),
)
pc_compat_4_1: Final = compat()
pc_compat_4_0: Final = compat()
pc_compat_3_1: Final = compat(
    ("intel-iommu", "dma-drain", "off"),
    ("Opteron_G3-x86_64-cpu", "rdtscp", "off"),
    ("Opteron_G4-x86_64-cpu", "rdtscp", "off"),
    ("Opteron_G4-x86_64-cpu", "npt", "off"),
    ("Opteron_G4-x86_64-cpu", "nrip-save", "off"),
    ("Opteron_G5-x86_64-cpu", "rdtscp", "off"),
    ("Opteron_G5-x86_64-cpu", "npt", "off"),
    ("Opteron_G5-x86_64-cpu", "nrip-save", "off"),
    ("EPYC-x86_64-cpu", "npt", "off"),
    ("EPYC-x86_64-cpu", "nrip-save", "off"),
    ("EPYC-IBPB-x86_64-cpu", "npt", "off"),
    ("EPYC-IBPB-x86_64-cpu", "nrip-save", "off"),
    ("Skylake-Client-x86_64-cpu", "mpx", "on"),
    ("Skylake-Client-IBRS-x86_64-cpu", "mpx", "on"),
    ("Skylake-Server-x86_64-cpu", "mpx", "on"),
    ("Skylake-Server-IBRS-x86_64-cpu", "mpx", "on"),
    ("Cascadelake-Server-x86_64-cpu", "mpx", "on"),
    ("Icelake-Client-x86_64-cpu", "mpx", "on"),
    ("Icelake-Server-x86_64-cpu", "mpx", "on"),
    ("Cascadelake-Server-x86_64-cpu", "stepping", "5"),
    ("x86_64-cpu", "x-intel-pt-auto-level", "off"),
)
pc_compat_3_0: Final = compat(
    ("x86_64-cpu", "x-hv-synic-kvm-only", "on"),
    ("Skylake-Server-x86_64-cpu", "pku", "off"),
    ("Skylake-Server-IBRS-x86_64-cpu", "pku", "off"),
)
pc_compat_2_12: Final = compat(
    ("x86_64-cpu", "legacy-cache", "on"),
    ("x86_64-cpu", "topoext", "off"),
    ("EPYC-x86_64-cpu", "xlevel", "0x8000000a"),
    ("EPYC-IBPB-x86_64-cpu", "xlevel", "0x8000000a"),
)
pc_compat_2_11: Final = compat(
    ("x86_64-cpu", "x-migrate-smi-count", "off"),
    ("Skylake-Server-x86_64-cpu", "clflushopt", "off"),
)
pc_compat_2_10: Final = compat(
    ("x86_64-cpu", "x-hv-max-vps", "0x40"),
    ("i440FX-pcihost", "x-pci-hole64-fix", "off"),
    ("q35-pcihost", "x-pci-hole64-fix", "off"),
)
pc_compat_2_9: Final = compat(
    ("mch", "extended-tseg-mbytes", "0"),
)
pc_compat_2_8: Final = compat(
    ("x86_64-cpu", "tcg-cpuid", "off"),
    ("kvmclock", "x-mach-use-reliable-get-clock", "off"),
    ("ICH9-LPC", "x-smi-broadcast", "off"),
    ("x86_64-cpu", "vmware-cpuid-freq", "off"),
    ("Haswell-x86_64-cpu", "stepping", "1"),
)
pc_compat_2_7: Final = compat(
    ("x86_64-cpu", "l3-cache", "off"),
    ("x86_64-cpu", "full-cpuid-auto-level", "off"),
    ("Opteron_G3-x86_64-cpu", "family", "15"),
    ("Opteron_G3-x86_64-cpu", "model", "6"),
    ("Opteron_G3-x86_64-cpu", "stepping", "1"),
    ("isa-pcspk", "migrate", "off"),
)
pc_compat_2_6: Final = compat(
    ("x86_64-cpu", "cpuid-0xb", "off"),
    ("vmxnet3", "romfile", ""),
    ("x86_64-cpu", "fill-mtrr-mask", "off"),
    ("apic-common", "legacy-instance-id", "on"),
)
pc_compat_2_5: Final = compat()
pc_compat_2_4: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.4.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.4.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.4.0"),
    ("Haswell-x86_64-cpu", "abm", "off"),
    ("Haswell-noTSX-x86_64-cpu", "abm", "off"),
    ("Broadwell-x86_64-cpu", "abm", "off"),
    ("Broadwell-noTSX-x86_64-cpu", "abm", "off"),
    ("host-x86_64-cpu", "host-cache-info", "on"),
    ("x86_64-cpu", "check", "off"),
    ("qemu64-x86_64-cpu", "sse4a", "on"),
    ("qemu64-x86_64-cpu", "abm", "on"),
    ("qemu64-x86_64-cpu", "popcnt", "on"),
    ("qemu32-x86_64-cpu", "popcnt", "on"),
    ("Opteron_G2-x86_64-cpu", "rdtscp", "on"),
    ("Opteron_G3-x86_64-cpu", "rdtscp", "on"),
    ("Opteron_G4-x86_64-cpu", "rdtscp", "on"),
    ("Opteron_G5-x86_64-cpu", "rdtscp", "on"),
)
pc_compat_2_3: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.3.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.3.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.3.0"),
    ("x86_64-cpu", "arat", "off"),
    ("qemu64-x86_64-cpu", "min-level", "4"),
    ("kvm64-x86_64-cpu", "min-level", "5"),
    ("pentium3-x86_64-cpu", "min-level", "2"),
    ("n270-x86_64-cpu", "min-level", "5"),
    ("Conroe-x86_64-cpu", "min-level", "4"),
    ("Penryn-x86_64-cpu", "min-level", "4"),
    ("Nehalem-x86_64-cpu", "min-level", "4"),
    ("n270-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("Penryn-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("Conroe-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("Nehalem-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("Westmere-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("SandyBridge-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("IvyBridge-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("Haswell-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("Haswell-noTSX-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("Broadwell-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("Broadwell-noTSX-x86_64-cpu", "min-xlevel", "0x8000000a"),
    ("x86_64-cpu", "kvm-no-smi-migration", "on"),
)
pc_compat_2_2: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.2.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.2.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.2.0"),
    ("kvm64-x86_64-cpu", "vme", "off"),
    ("kvm32-x86_64-cpu", "vme", "off"),
    ("Conroe-x86_64-cpu", "vme", "off"),
    ("Penryn-x86_64-cpu", "vme", "off"),
    ("Nehalem-x86_64-cpu", "vme", "off"),
    ("Westmere-x86_64-cpu", "vme", "off"),
    ("SandyBridge-x86_64-cpu", "vme", "off"),
    ("Haswell-x86_64-cpu", "vme", "off"),
    ("Broadwell-x86_64-cpu", "vme", "off"),
    ("Opteron_G1-x86_64-cpu", "vme", "off"),
    ("Opteron_G2-x86_64-cpu", "vme", "off"),
    ("Opteron_G3-x86_64-cpu", "vme", "off"),
    ("Opteron_G4-x86_64-cpu", "vme", "off"),
    ("Opteron_G5-x86_64-cpu", "vme", "off"),
    ("Haswell-x86_64-cpu", "f16c", "off"),
    ("Haswell-x86_64-cpu", "rdrand", "off"),
    ("Broadwell-x86_64-cpu", "f16c", "off"),
    ("Broadwell-x86_64-cpu", "rdrand", "off"),
)
pc_compat_2_1: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.1.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.1.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.1.0"),
    ("coreduo-x86_64-cpu", "vmx", "on"),
    ("core2duo-x86_64-cpu", "vmx", "on"),
)
pc_compat_2_0: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.0.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.0.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 2.0.0"),
    ("virtio-scsi-pci", "any_layout", "off"),
    ("PIIX4_PM", "memory-hotplug-support", "off"),
    ("apic", "version", "0x11"),
    ("nec-usb-xhci", "superspeed-ports-first", "off"),
    ("nec-usb-xhci", "force-pcie-endcap", "on"),
    ("pci-serial", "prog_if", "0"),
    ("pci-serial-2x", "prog_if", "0"),
    ("pci-serial-4x", "prog_if", "0"),
    ("virtio-net-pci", "guest_announce", "off"),
    ("ICH9-LPC", "memory-hotplug-support", "off"),
)
pc_compat_1_7: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.7.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.7.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.7.0"),
    ("usb-device", "msos-desc", "no"),
    ("PIIX4_PM", "acpi-pci-hotplug-with-bridge-support", "off"),
    ("hpet", "hpet-intcap", "4"),
)
pc_compat_1_6: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.6.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.6.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.6.0"),
    ("e1000", "mitigation", "off"),
    ("qemu64-x86_64-cpu", "model", "2"),
    ("qemu32-x86_64-cpu", "model", "3"),
    ("i440FX-pcihost", "short_root_bus", "1"),
    ("q35-pcihost", "short_root_bus", "1"),
)
pc_compat_1_5: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.5.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.5.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.5.0"),
    ("Conroe-x86_64-cpu", "model", "2"),
    ("Conroe-x86_64-cpu", "min-level", "2"),
    ("Penryn-x86_64-cpu", "model", "2"),
    ("Penryn-x86_64-cpu", "min-level", "2"),
    ("Nehalem-x86_64-cpu", "model", "2"),
    ("Nehalem-x86_64-cpu", "min-level", "2"),
    ("virtio-net-pci", "any_layout", "off"),
    ("x86_64-cpu", "pmu", "on"),
    ("i440FX-pcihost", "short_root_bus", "0"),
    ("q35-pcihost", "short_root_bus", "0"),
)
pc_compat_1_4: Final = compat(
    ("qemu32-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.4.0"),
    ("qemu64-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.4.0"),
    ("athlon-x86_64-cpu", "model-id", "QEMU Virtual CPU version 1.4.0"),
    ("scsi-hd", "discard_granularity", "0"),
    ("scsi-cd", "discard_granularity", "0"),
    ("ide-hd", "discard_granularity", "0"),
    ("ide-cd", "discard_granularity", "0"),
    ("virtio-blk-pci", "discard_granularity", "0"),
    ("virtio-serial-pci", "vectors", "0xFFFFFFFF"),
    ("virtio-net-pci", "ctrl_guest_offloads", "off"),
    ("e1000", "romfile", "pxe-e1000.rom"),
    ("ne2k_pci", "romfile", "pxe-ne2k_pci.rom"),
    ("pcnet", "romfile", "pxe-pcnet.rom"),
    ("rtl8139", "romfile", "pxe-rtl8139.rom"),
    ("virtio-net-pci", "romfile", "pxe-virtio.rom"),
    ("486-x86_64-cpu", "model", "0"),
    ("n270-x86_64-cpu", "movbe", "off"),
    ("Westmere-x86_64-cpu", "pclmulqdq", "off"),
)
