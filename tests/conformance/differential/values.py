"""Every property of the network cards and bridges, and values to try: right ones and wrong ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

MODELS: Final = ("virtio-net-pci", "virtio-net-pci-transitional", "virtio-net-pci-non-transitional")
NICS: Final = ("e1000", "e1000e", "rtl8139", "pcnet", "ne2k_pci", "vmxnet3")
I8255X: Final = (
    "i82550", "i82551", "i82557a", "i82557b", "i82557c", "i82558a", "i82558b", "i82559a", "i82559b", "i82559c", "i82559er",
    "i82562", "i82801",
)  # fmt: skip
OTHERS: Final = (*I8255X, "e1000-82540em", "e1000-82544gc", "e1000-82545em", "tulip", "virtio-net")
BRIDGES: Final = ("pci-bridge", "pcie-pci-bridge", "i82801b11-bridge")
ROOT_PORTS: Final = ("pcie-root-port", "ioh3420")

KINDS: Final[dict[str, tuple[Sequence[str], Sequence[str]]]] = {
    "bool": (("on", "off", "on", "off", "true", "false", "yes", "no"), ("1", "0", "ON", "maybe", "", "y")),
    "OnOffAuto": (("on", "off", "auto"), ("yes", "true", "1", "", "On")),
    "uint8": (("0", "1", "7", "255", "0x10"), ("256", "-1", "1k", "x", "", "0x100", "1.0")),
    "uint16": (("0", "1", "64", "1500", "65535", "0x40"), ("65536", "-1", "many", "", "1M", "99999999999")),
    "uint32": (("0", "1", "2", "1024", "0x20"), ("4294967296", "-1", "no", "", "1.5", "99999999999999999999")),
    "int32": (("0", "1", "-1", "7"), ("2147483648", "-2147483649", "x", "", "1k")),
    "size": (("0", "4096", "4k", "1M", "64M", "0x1000", "1.5K"), ("-1", "1X", "k", "", "4kk", "99999999999999999999")),
    "str": (("", "x", "net"), ("a,b",)),
}
"""Values by the type that ``device-list-properties`` names."""

SPECIAL: Final[dict[str, tuple[Sequence[str], Sequence[str]]]] = {
    "romfile": (("", "", "efi-e1000.rom", "efi-virtio.rom"), ("/no/such/file", "nothing.rom")),
    "romsize": (("262144", "524288", "0x80000", "4294967295"), ("100", "3", "4096", "65536", "-2", "x")),
    "rombar": (("0", "1", "2"), ("-1", "x", "", "4294967296")),
    "acpi-index": (("0", "1", "99", "16383"), ("16384", "-1", "x")),
    "failover_pair_id": (("", "x"), ("net0", "d1")),
    "mac": (
        ("52:54:00:aa:bb:cc", "00-11-22-33-44-55", "52:54:00:AB:CD:EF", "02:00:00:00:00:01"),
        (
            "zz",
            "52:54:00:aa:bb",
            "52:54:00:aa:bb:cc:dd",
            "",
            "525400aabbcc",
            "52:54:00:aa:bb:c",
            "52-54:00-aa:bb-cc",
            "1:2:3:4:5:6",
        ),
    ),
    "vectors": (("0", "1", "2", "3", "4", "10", "33", "64", "2048"), ("-1", "2049", "65536", "many", "4294967295", "70000")),
    "rx_queue_size": (("256", "512", "1024"), ("100", "2048", "0", "128", "65536", "-256", "1k")),
    "tx_queue_size": (("256", "512", "1024"), ("100", "2048", "0", "2000", "64", "65536")),
    "host_mtu": (("0", "68", "1400", "1500", "9000", "65535"), ("65536", "-1", "x", "")),
    "speed": (("-1", "0", "10", "1000", "2147483647"), ("-2", "2147483648", "fast", "")),
    "duplex": (("half", "full"), ("some", "Full", "")),
    "tx": (("bh", "timer"), ("foo", "")),
    "x-txtimer": (("150000", "1", "0"), ("-1", "x")),
    "x-txburst": (("256", "1", "-1"), ("x", "2147483648")),
    "rsc_interval": (("300000", "0", "1"), ("-1", "x")),
    "bootindex": (("-1", "0", "1", "3", "2147483647"), ("-2", "x", "", "2147483648")),
    "x-speed": (("2_5", "5", "8", "16"), ("3", "2.5", "32", "")),
    "x-width": (("1", "2", "4", "8", "12", "16", "32"), ("3", "0", "64", "")),
    "chassis_nr": (("1", "5", "200"), ("0", "256", "-1", "x")),
    "bus_nr": (("3", "32", "200"), ("0", "256", "-1", "x")),
    "numa_node": (("128",), ("0", "7", "65536")),
    "bus-reserve": (("0", "1", "4", "4294967295"), ("256", "-2", "x", "300")),
    "mem-reserve": (("0", "1M", "2M", "32M"), ("4k", "1X", "-1", "8G", "1")),
    "pref32-reserve": (("0", "1M", "4M"), ("4k", "1X", "8G", "1")),
    "pref64-reserve": (("0", "1M", "32M", "8G"), ("4k", "1X", "1")),
    "io-reserve": (("0", "4k", "8k"), ("1", "1X", "128k")),
    "aer_log_max": (("0", "8", "16", "128"), ("129", "65536", "-1")),
    "slot": (("0", "1", "8191"), ("8192", "65536", "-1")),
    "port": (("0", "1", "255"), ("256", "-1", "x")),
    "disable_vnet_hdr": (("0", "1"), ("256", "-1", "on")),
}
"""Values by name, where the type does not tell enough."""

COMMON: Final = {
    "romfile": "romfile",
    "romsize": "romsize",
    "rombar": "rombar",
    "multifunction": "bool",
    "x-pcie-lnksta-dllla": "bool",
    "x-pcie-extcap-init": "bool",
    "failover_pair_id": "failover_pair_id",
    "acpi-index": "acpi-index",
}
"""What every PCI device has, but ``addr``."""

_NIC: Final = {"mac": "mac", "bootindex": "bootindex"}
_E1000: Final = _NIC | dict.fromkeys(
    ("init-vet", "mitigation", "autonegotiation", "extra_mac_registers", "migrate_tso_props"), "bool"
)
_VIRTIO: Final = _NIC | dict.fromkeys(
    (
        "migrate-extra", "ats", "x-ignore-backend-features", "x-pcie-pm-init", "aer", "x-pcie-flr-init", "x-pcie-lnkctl-init",
        "x-ats-page-aligned", "page-per-vq", "x-pcie-deverr-init", "virtio-pci-bus-master-bug-migration", "modern-pio-notify",
        "x-disable-pcie", "ioeventfd", "disable-modern", "notify_on_empty", "gso", "mq", "mrg_rxbuf", "rss", "status",
        "failover", "packed", "ctrl_mac_addr", "guest_tso4", "use-disabled-flag", "hash", "host_tso6", "ctrl_guest_offloads",
        "guest_ufo", "ctrl_vq", "guest_ecn", "use-started", "iommu_platform", "host_ufo", "x-disable-legacy-check",
        "any_layout", "host_ecn", "guest_rsc_ext", "guest_announce", "host_tso4", "x-mtu-bypass-backend", "queue_reset",
        "ctrl_rx_extra", "guest_csum", "event_idx", "indirect_desc", "ctrl_vlan", "guest_tso6", "csum", "ctrl_rx",
    ),
    "bool",
) | {"disable-legacy": "OnOffAuto"} | {
    name: name
    for name in (
        "vectors", "x-txtimer", "x-txburst", "host_mtu", "tx", "tx_queue_size", "rx_queue_size",
        "duplex", "speed", "rsc_interval",
    )
}  # fmt: skip
_VIRTIO_OF_ONE_KIND: Final = {key: kind for key, kind in _VIRTIO.items() if key not in {"disable-legacy", "disable-modern"}}
_RESERVE: Final = {name: name for name in ("bus-reserve", "mem-reserve", "pref32-reserve", "pref64-reserve", "io-reserve")}
_EXPANDER: Final = {"bus_nr": "bus_nr", "numa_node": "numa_node", "bypass_iommu": "bool"}
_PORT: Final = {"port": "port", "aer_log_max": "aer_log_max"}
_SLOT: Final = (
    _PORT
    | {"slot": "slot", "chassis": "uint8"}
    | dict.fromkeys(("hotplug", "x-native-hotplug", "power_controller_present"), "bool")
)

PROPERTIES: Final[dict[str, dict[str, str]]] = (
    dict.fromkeys(("virtio-net-pci", "virtio-net"), _VIRTIO)
    | dict.fromkeys(MODELS[1:], _VIRTIO_OF_ONE_KIND)
    | dict.fromkeys(("e1000", "e1000-82540em", "e1000-82544gc", "e1000-82545em"), _E1000)
    | dict.fromkeys(("rtl8139", "pcnet", "ne2k_pci", "tulip", *I8255X), _NIC)
    | dict.fromkeys(("pxb", "pxb-pcie"), _EXPANDER)
    | {
        "e1000e": _NIC | {"init-vet": "bool", "subsys": "uint16", "subsys_ven": "uint16", "disable_vnet_hdr": "disable_vnet_hdr"},
        "vmxnet3": _NIC | {"x-old-msi-offsets": "bool", "x-disable-pcie": "bool"},
        "pci-bridge": _RESERVE | {"chassis_nr": "chassis_nr", "msi": "OnOffAuto", "shpc": "bool"},
        "pcie-pci-bridge": {"msi": "OnOffAuto"},
        "i82801b11-bridge": {},
        "ioh3420": _SLOT | {"disable-acs": "bool"},
        "pcie-root-port": _SLOT
        | _RESERVE
        | {"disable-acs": "bool", "x-migrate-msix": "bool", "x-speed": "x-speed", "x-width": "x-width"},
        "x3130-upstream": _PORT,
        "xio3130-downstream": _SLOT,
    }
)
"""What a model has beyond COMMON, with the kind of its values; ``netdev``, ``id``, ``bus`` and ``addr`` are drawn apart."""


def good(kind: str) -> Sequence[str]:
    """Values that are accepted, as far as they stand alone."""
    return (SPECIAL.get(kind) or KINDS[kind])[0]


def bad(kind: str) -> Sequence[str]:
    """Values that mostly are not."""
    return (SPECIAL.get(kind) or KINDS[kind])[1]
