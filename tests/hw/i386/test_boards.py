"""Boards: every object, every byte of configuration space, every version (hw/i386/pc_piix.c, hw/i386/pc_q35.c)."""

from __future__ import annotations

import pytest
from conformance.emulated import emulate, pci_functions
from conformance.qemu import QemuExited, qemu
from conformance.recorded import types
from hw.i386.trees import emulated_tree, printed_tree

from emu import run

HEADLESS = ("-display", "none")
USER = ("-netdev", "user,id=n0")
BOARDS = (
    ("-nodefaults", "-M", "pc"),
    ("-M", "pc"),
    ("-nodefaults", "-M", "q35"),
    ("-M", "q35"),
    ("-nodefaults", "-M", "pc-i440fx-2.2"),
    ("-nodefaults", "-M", "pc", "-smp", "2", "-m", "5G"),
    ("-nodefaults", "-M", "q35", "-m", "4G"),
)
VERSIONS = sorted(name.removesuffix("-machine") for name in types() if name.startswith(("pc-i440fx-", "pc-q35-")))
OLD_VERSIONS = ("pc-i440fx-5.1", "pc-i440fx-2.0", "pc-i440fx-1.4", "pc-q35-6.0", "pc-q35-2.4")
CARDS = (
    "e1000", "e1000-82544gc", "e1000e", "rtl8139", "ne2k_pci", "pcnet", "tulip", "vmxnet3",
    "i82550", "i82551", "i82557a", "i82558b", "i82559c", "i82559er", "i82562", "i82801",
)  # fmt: skip


@pytest.mark.qemu
@pytest.mark.parametrize("argv", BOARDS, ids=" ".join)
def test_every_object_is_there_by_its_name(argv: tuple[str, ...]) -> None:
    with qemu(*argv) as real:
        want = printed_tree(real.hmp("info qom-tree")) - {"/machine/qtest qtest"}  # by which the test talks to it
    assert emulated_tree(*HEADLESS, *argv) == want


@pytest.mark.qemu
@pytest.mark.parametrize(
    "argv",
    [
        *BOARDS,
        *(("-nodefaults", "-M", version, *USER, "-device", "virtio-net-pci,netdev=n0") for version in OLD_VERSIONS),
        *(("-nodefaults", "-M", "pc", *USER, "-device", f"{card},netdev=n0") for card in CARDS),
        ("-nodefaults", "-M", "q35", *USER, "-device", "vmxnet3,netdev=n0"),
    ],
    ids=" ".join,
)
def test_every_byte_of_configuration_space(argv: tuple[str, ...]) -> None:
    with qemu(*argv) as real:
        want = real.pci_functions()
    got = pci_functions(emulate(*HEADLESS, *argv).state)
    assert list(got) == list(want)
    for devfn, function in want.items():
        assert got[devfn].config.hex() == function.config.hex(), f"function {devfn >> 3:02x}.{devfn & 7}"
        assert got[devfn].bars == function.bars


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_starts(version: str) -> None:
    """Compatibility properties are all known to the types that they name."""
    result = run(["-nodefaults", "-M", version], recording=False)
    assert (result.exit_status, result.stderr) == (0, "")


@pytest.mark.qemu
@pytest.mark.parametrize(
    "argv",
    [
        ("-M", "pc", "-smp", "300"),
        ("-M", "pc", "-smp", "4,sockets=3"),
        ("-M", "pc,smbus=perhaps"),
        ("-M", "pc,max-ram-below-4g=5G"),
        ("-M", "q35", "-nodefaults", "-device", "mch"),
        ("-M", "pc", "-nodefaults", "-device", "PIIX3"),
    ],
    ids=" ".join,
)
def test_what_is_refused_is_refused_in_the_same_words(argv: tuple[str, ...]) -> None:
    with pytest.raises(QemuExited) as real, qemu(*argv):
        pass
    emulated = run([*HEADLESS, *argv])
    assert (emulated.exit_status, emulated.stderr) == (real.value.status, real.value.stderr)
