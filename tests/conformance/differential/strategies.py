"""Random command lines: machines with network devices, and network backends without a machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from conformance.differential.values import BRIDGES, COMMON, MODELS, NICS, OTHERS, PROPERTIES, ROOT_PORTS, bad, good
from hypothesis import strategies as st

Draw = Any
PC: Final = ("pc", "pc-i440fx-7.2", "pc-i440fx-7.0", "pc-i440fx-6.1", "pc-i440fx-5.2", "pc-i440fx-4.2", "pc-i440fx-3.1")
PC_OLD: Final = (
    "pc-i440fx-2.1",
    "pc-i440fx-2.12",
    "pc-i440fx-2.9",
    "pc-i440fx-2.6",
    "pc-i440fx-2.4",
    "pc-i440fx-1.7",
    "pc-i440fx-1.4",
)
Q35: Final = (
    "q35",
    "pc-q35-7.1",
    "pc-q35-6.2",
    "pc-q35-6.0",
    "pc-q35-5.1",
    "pc-q35-4.0",
    "pc-q35-3.0",
    "pc-q35-2.8",
    "pc-q35-2.4",
)
SIDES: Final = (
    ["-vga", "cirrus"],
    ["-vga", "none"],
    ["-usb"],
    ["-smp", "2"],
    ["-m", "5G"],
    ["-cpu", "max"],
    ["-cpu", "Haswell"],
    ["-sandbox", "on"],
)
IDS: Final = ("net0", "d1", "a.b", "x_y-z", "D")
WRONG_IDS: Final = ("1x", "", "a b", "ä", "#net", "a/b")


def chance(draw: Draw, percent: int) -> bool:
    """Say yes as often as that."""
    return bool(draw(st.integers(0, 99)) >= 100 - percent)


def machine(draw: Draw, mistakes: bool) -> list[str]:
    """``-M`` and what goes with it."""
    kind = draw(st.sampled_from(["pc"] * 5 + ["q35"] * 5 + ["old", "none" if mistakes else "pc"]))
    names = {"pc": ("pc",) * 3 + PC, "old": PC_OLD, "q35": ("q35",) * 3 + Q35, "none": ("none",)}
    argv = ["-M", draw(st.sampled_from(names[kind]))]
    if chance(draw, 75):
        argv = ["-nodefaults", *argv]
    if kind != "none":
        if chance(draw, 6):
            argv += draw(st.sampled_from(SIDES))
        if chance(draw, 10):
            argv.append(draw(st.sampled_from(["-no-hpet", "-no-acpi", "-no-reboot", "-no-shutdown"])))
    return argv


def is_q35(argv: Sequence[str]) -> bool:
    return "q35" in argv[argv.index("-M") + 1]


def address(draw: Draw, mistakes: bool, behind: bool) -> str:
    """``addr=`` in one of its forms."""
    if mistakes and chance(draw, 30):
        return draw(
            st.sampled_from(["20", "1f.8", "-1", "5.", "05.0x", "zz", "", "1.0.0", "0x100", "00", "0", "1", "256", "fff"])
        )
    if behind:
        return draw(st.sampled_from(["0", "00.0", "1", "0.1", "0x1", "01.0", "3"]))
    slot, function = draw(st.integers(4, 0x1E)), draw(st.sampled_from([0, 0, 0, 1, 7]))
    form = draw(st.integers(0, 5))
    return (
        f"{slot:x}",
        f"{slot:02x}",
        f"0x{slot:x}",
        f"{slot:x}.{function}",
        f"{slot:02x}.{function}",
        f"0x{slot:x}.{function:x}",
    )[form]


def settings(draw: Draw, model: str, mistakes: bool, most: int = 4) -> list[tuple[str, str]]:
    """Some properties of a model with values."""
    table = COMMON | PROPERTIES[model]
    names = draw(st.lists(st.sampled_from(sorted(table)), max_size=most, unique=True))
    pairs = []
    for name in names:
        wrong = mistakes and chance(draw, 25)
        pairs.append((name, draw(st.sampled_from((bad if wrong else good)(table[name])))))
    if mistakes and chance(draw, 10):
        pairs.append(
            draw(st.sampled_from([("colour", "red"), ("len-x", "1"), ("x[0]", "5"), ("realized", "on"), ("driver", "e1000")]))
        )
    return pairs


def in_keyval(model: str, pairs: Sequence[tuple[str, str]], draw: Draw) -> str:
    """Write a device as key=value."""
    parts = [model if chance(draw, 90) else f"driver={model}"]
    for name, value in pairs:
        if value in ("on", "off") and chance(draw, 3):
            parts.append(name if value == "on" else f"no{name}")
        else:
            parts.append(f"{name}={value.replace(',', ',,')}")
    return ",".join(parts)


def in_json(model: str, pairs: Sequence[tuple[str, str]], draw: Draw) -> str:
    """Write a device in JSON, with the types a program would use, mostly."""
    row: dict[str, Any] = {"driver": model}
    for name, value in pairs:
        typed: Any = value
        if value in ("on", "off") and PROPERTIES[model].get(name, COMMON.get(name)) == "bool":
            typed = value == "on"
        elif value.lstrip("-").isdigit() and name not in {"addr", "speed"} and chance(draw, 90):
            typed = int(value)
        row[name] = typed
    return json.dumps(row)


class Topology:
    """What the devices so far offer to the next."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.q35 = is_q35(argv)
        self.root = "pcie.0" if self.q35 else "pci.0"
        self.conventional: list[str] = []
        self.ports: list[str] = []
        self.upstream: list[str] = []
        self.expanders: list[str] = []
        self.chassis = 1
        self.ids: list[str] = []
        self.netdevs: list[str] = []

    def place(self, draw: Draw) -> str | None:
        """A bus for a card, None for the one that QEMU finds."""
        choices = [None, None, self.root, *self.conventional, *self.ports, *self.ports]
        return draw(st.sampled_from(choices))


def bridge(draw: Draw, t: Topology, mistakes: bool) -> tuple[str, list[tuple[str, str]]]:
    """A bridge, a port or part of a switch that the next devices can use."""
    kinds = [*BRIDGES, "pxb-pcie" if t.q35 else "pxb"]
    if t.q35 or (mistakes and chance(draw, 20)):
        kinds += [*ROOT_PORTS, *ROOT_PORTS]
        if t.ports:
            kinds += ["x3130-upstream"]
        if t.upstream:
            kinds += ["xio3130-downstream"] * 3
    model = draw(st.sampled_from(kinds))
    name = f"b{t.chassis}"
    pairs = [("id", name), *settings(draw, model, mistakes, 3)]
    taken = {key for key, _ in pairs}
    if model == "xio3130-downstream" and t.upstream:
        pairs.append(("bus", t.upstream[-1]))
    elif model == "x3130-upstream" and t.ports:
        pairs.append(("bus", t.ports.pop()))
    elif model in ROOT_PORTS and t.expanders and chance(draw, 70):
        pairs.append(("bus", t.expanders[-1]))
    elif t.q35 and t.conventional and model == "pci-bridge" and chance(draw, 60):
        pairs.append(("bus", t.conventional[-1]))
    if model == "pci-bridge" and "chassis_nr" not in taken:
        pairs.append(("chassis_nr", str(t.chassis)))
    if model in (*ROOT_PORTS, "xio3130-downstream") and "chassis" not in taken:
        pairs.append(("chassis", str(t.chassis)))
    if chance(draw, 40):
        pairs.append(("addr", address(draw, mistakes, "bus" in dict(pairs))))
    if model.startswith("pxb") and "bus_nr" not in taken:
        pairs.append(("bus_nr", str(32 * t.chassis)))
    if model == "x3130-upstream":
        t.upstream.append(name)
    elif model == "pxb-pcie":
        t.expanders.append(name)
    elif model in (*ROOT_PORTS, "xio3130-downstream"):
        t.ports.append(name)
    else:
        t.conventional.append(name)
    t.chassis += 1
    t.ids.append(name)
    return model, pairs


def card(draw: Draw, t: Topology, mistakes: bool) -> tuple[str, list[tuple[str, str]]]:
    """A network card."""
    model = draw(st.sampled_from([*MODELS * 3, *NICS, *OTHERS]))
    pairs = settings(draw, model, mistakes)
    free = [name for name in t.netdevs if not name.startswith("used ")]
    if free and chance(draw, 80):
        name = draw(st.sampled_from(free))
        if not (mistakes and chance(draw, 20)):
            t.netdevs.remove(name)
        pairs.append(("netdev", name))
    if chance(draw, 50):
        id_ = draw(st.sampled_from(IDS if not mistakes else (*IDS, *WRONG_IDS, *t.ids)))
        if id_ not in t.ids or mistakes:
            t.ids.append(id_)
            pairs.append(("id", id_))
    bus = t.place(draw)
    if mistakes and chance(draw, 10):
        bus = draw(
            st.sampled_from(
                ["pci.1", "nowhere", "/", "/i440FX-pcihost", "pci.0/b1", "isa.0", "main-system-bus", "b1/", "//pci.0"]
            )
        )
    if bus is not None:
        pairs.append(("bus", bus))
    if chance(draw, 35):
        pairs.append(("addr", address(draw, mistakes, bus in t.ports)))
    return model, draw(st.permutations(pairs)) if chance(draw, 30) else pairs


NIC_MODELS: Final = (
    "virtio",
    "virtio-net-pci",
    "e1000",
    "rtl8139",
    "pcnet",
    "ne2k_pci",
    "i82551",
    "i82557b",
    "i82559er",
    "vmxnet3",
    "e1000e",
    "ne2k_isa",
)


def plain_backend(draw: Draw, t: Topology) -> list[str]:
    """A backend that is always there, for a card to use."""
    name = f"n{len(t.netdevs)}"
    t.netdevs.append(name)
    form = draw(st.integers(0, 5))
    if form == 0:
        return ["-netdev", json.dumps({"type": "user", "id": name})]
    if form == 1:
        return ["-netdev", f"hubport,id={name},hubid={draw(st.integers(0, 2))}"]
    return ["-netdev", f"user,id={name}"]


def nic(draw: Draw, mistakes: bool) -> list[str]:
    """``-nic`` or ``-net nic``."""
    model = draw(st.sampled_from(NIC_MODELS if not mistakes else (*NIC_MODELS, "virtio-net", "nothing", "i82559a", "help")))
    extra = draw(st.sampled_from(["", "", ",mac=52:54:00:12:34:99", ",id=nic7", ",vectors=0", ",addr=9", ",name=foo"]))
    return draw(
        st.sampled_from(
            [
                ["-nic", f"user,model={model}{extra}"],
                ["-nic", f"hubport,hubid=1,model={model}{extra}"],
                ["-net", f"nic,model={model}{extra}", "-net", "user"],
                ["-net", f"nic{extra}"],
                ["-nic", "none"],
                ["-net", "none"],
                ["-nic", f"user,model={model}{extra}", "-nic", "user"],
            ]
        )
    )


def sugar(draw: Draw, t: Topology, devices: Sequence[tuple[str, list[tuple[str, str]]]], mistakes: bool) -> list[str]:
    """``-global`` and ``-set`` for some of the devices."""
    argv: list[str] = []
    if chance(draw, 15):
        model = draw(
            st.sampled_from(
                [*MODELS, *NICS, *(model for model, _ in devices)] if not mistakes else [*MODELS, "nope", "pci-device"]
            )
        )
        table = COMMON | PROPERTIES.get(model, {})
        name = draw(st.sampled_from(sorted(table)))
        value = draw(st.sampled_from((bad if mistakes else good)(table[name])))
        argv += ["-global", draw(st.sampled_from([f"{model}.{name}={value}", f"driver={model},property={name},value={value}"]))]
    named = [(model, dict(pairs)["id"]) for model, pairs in devices if "id" in dict(pairs)]
    if named and chance(draw, 12):
        model, id_ = draw(st.sampled_from(named))
        table = COMMON | PROPERTIES[model]
        name = draw(st.sampled_from(sorted(table)))
        argv += ["-set", f"device.{id_}.{name}={draw(st.sampled_from(good(table[name])))}"]
    return argv


@st.composite
def command_lines(draw: Draw) -> list[str]:
    """A machine with devices."""
    mistakes = chance(draw, 35)
    argv = machine(draw, mistakes)
    t = Topology(argv)
    for _ in range(draw(st.integers(0, 3))):
        argv += plain_backend(draw, t)
    if chance(draw, 15):
        argv += nic(draw, mistakes)
    devices = [bridge(draw, t, mistakes) for _ in range(draw(st.integers(0, 2)))]
    devices += [card(draw, t, mistakes) for _ in range(draw(st.integers(1, 3)))]
    for model, pairs in devices:
        write = in_json if chance(draw, 15) else in_keyval
        argv += ["-device", write(model, pairs, draw)]
    return argv + sugar(draw, t, devices, mistakes)
