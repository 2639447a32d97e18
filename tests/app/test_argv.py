from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.argv import CommandLineError, joined, split


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("-M pc", ["-M", "pc"]),
        ("qemu-system-x86_64 -M pc", ["-M", "pc"]),
        ("$ /usr/bin/qemu-system-x86_64 -M pc", ["-M", "pc"]),
        ("-M pc \\\n  -nodefaults", ["-M", "pc", "-nodefaults"]),
        ("-M pc \\\r\n  -nodefaults", ["-M", "pc", "-nodefaults"]),
        ("-device 'a\\\nb'", ["-device", "a\\\nb"]),
        ('-device "a\\\nb"', ["-device", "ab"]),
        ('-device \'{"driver": "virtio-net-pci"}\'', ["-device", '{"driver": "virtio-net-pci"}']),
        (r"-name a\ b", ["-name", "a b"]),
        (r"-name \'", ["-name", "'"]),
        ("-name ''", ["-name", ""]),
    ],
)
def test_split_as_a_shell(line: str, words: list[str]) -> None:
    assert split(line) == words


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-name 'a", "quotation mark (') is opened and never closed"),
        ('-name "a', 'quotation mark (") is opened and never closed'),
        ("-name \"it's", 'quotation mark (") is opened and never closed'),
        ("-name a\\", "lone backslash"),
        ("-name a\0b", "word 2 has a NUL"),
        ("-name \ud800", "half of a surrogate pair"),
        ("qemu-system-aarch64 -M virt", "not modelled: qemu-system-aarch64"),
    ],
)
def test_what_is_wrong_is_said(line: str, said: str) -> None:
    with pytest.raises(CommandLineError) as err:
        split(line)
    assert said in str(err.value)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)))
def test_joined_comes_apart_again(words: list[str]) -> None:
    words = ["-x", *words]
    assert split(joined(words)) == words
