"""Configuration files: what ``-readconfig`` makes of them (util/qemu-config.c), in the real program and in the emulated one."""

from __future__ import annotations

import pytest
from conformance.differential.compare import differences

pytestmark = pytest.mark.qemu

CARD = '[netdev "n0"]\n  type = "user"\n\n[device "card"]\n  driver = "virtio-net-pci"\n  netdev = "n0"\n'
FILES = {
    "a card with its backend": CARD,
    "comments, and spaces before a group's name": f"# a machine\n[  {CARD[1:]}",
    "a machine": f'[machine]\n  type = "q35"\n  smm = "off"\n{CARD}',
    "processors and start order": f'[smp-opts]\n  cpus = "2"\n[boot-opts]\n  menu = "on"\n{CARD}',
    "globals": f'[global]\n  driver = "virtio-net-pci"\n  property = "vectors"\n  value = "7"\n{CARD}',
    "memory": f'[memory]\n  size = "512"\n{CARD}',
    "a bus": '[device "b"]\n driver = "pci-bridge"\n chassis_nr = "1"\n[device]\n driver = "e1000"\n bus = "b"\n addr = "4"\n',
    "an empty value": '[device]\n driver = "e1000"\n romfile = ""\n',
    "a line without a value": '[device]\n driver = "e1000"\n romfile\n',
    "no space before the sign": '[device]\n driver="e1000"\n',
    "no such group": '[devices]\n driver = "e1000"\n',
    "no group": 'driver = "e1000"\n',
    "no word": '[device]\n  \n driver = "e1000"\n',
    "the same id twice": '[device "a"]\n driver = "e1000"\n[device "a"]\n driver = "e1000"\n',
    "an id that is none": '[device "1a"]\n driver = "e1000"\n',
    "a wrong property": '[device]\n driver = "e1000"\n colour = "red"\n',
    "a wrong value": '[device "x"]\n driver = "virtio-net-pci"\n vectors = "many"\n',
    "a wrong option of a group": '[memory]\n sise = "5"\n',
    "no driver": '[device "x"]\n addr = "5"\n',
    "a backend that is not there": '[device]\n driver = "e1000"\n netdev = "n7"\n',
    "-net": '[net]\n type = "nic"\n model = "rtl8139"\n[net]\n type = "user"\n',
    "-nic": '[nic]\n type = "user"\n model = "virtio"\n',
    "a list where none can be": '[machine]\n 0 = "a"\n',
    "keys that do not go together": '[machine]\n smp = "2"\n smp.cpus = "2"\n',
    "nothing": "",
    "an empty heading": "[]\n",
}


@pytest.mark.parametrize("name", FILES)
def test_configuration_files(name: str) -> None:
    assert not differences(["-nodefaults", "-readconfig", "machine.cfg"], {"machine.cfg": FILES[name]})


def test_more_than_one_file_and_options_after_them() -> None:
    files = {"one": '[netdev "n0"]\n type = "user"\n', "two": '[device "card"]\n driver = "e1000"\n netdev = "n0"\n'}
    assert not differences(["-nodefaults", "-readconfig", "one", "-readconfig", "two", "-set", "device.card.addr=7"], files)


def test_a_file_that_is_not_there() -> None:
    assert not differences(["-readconfig", "nothing.cfg"])
