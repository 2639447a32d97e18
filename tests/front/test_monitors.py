"""Both monitors of the drop-in front answer what the real program answers, byte for byte."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest
from front.programs import Both, both

pytestmark = pytest.mark.qemu

MACHINES = {
    "pc": (
        *("-M", "pc", "-netdev", "user,id=n", "-device", "virtio-net-pci,netdev=n,id=a"),
        *("-device", "pci-bridge,id=br,chassis_nr=3", "-device", "e1000,bus=br,addr=3,id=behind"),
        *("-netdev", "hubport,hubid=0,id=h", "-device", "e1000,id=e", "-device", "rtl8139,netdev=h"),
    ),
    "q35": (
        *("-M", "q35", "-netdev", "user,id=n", "-device", "virtio-net-pci,netdev=n,id=a"),
        *("-device", "pcie-root-port,id=rp,chassis=1", "-device", "virtio-net-pci,bus=rp,id=behind"),
        *("-device", "pcie-pci-bridge,id=br", "-device", "e1000,bus=br,addr=3", "-device", "e1000,id=e"),
    ),
}

QUESTIONS = ("info network", "info qtree", "info pci", "info qom-tree")

LINES = r"""
info status
info version
info name
info uuid
help
help info
help device_add
help info pci
help nothing
info
nothing
info nothing
 info  status
info status x
q x
device_add
device_add nothing
device_add virtio-net-pci,id=a
device_add e1000,id=1x
device_add e1000,zz=1
device_add e1000,addr=1f.9
device_add e1000,bus=nowhere
device_add e1000 x
device_add "e1000
device_add PIIX4_PM
device_add e1000,help
device_del
device_del nothing
device_del a b
device_del /machine
set_link
set_link a
set_link nothing on
set_link a maybe
set_link a off
info network
set_link a on
netdev_add
netdev_add nothing,id=b
netdev_add user,id=n
netdev_add user,id=1x
netdev_add user
netdev_add help
netdev_add user,id=b,restrict=perhaps
netdev_add user,id=b
info network
netdev_del nothing
netdev_del a
netdev_del b
netdev_del b
qom-list
qom-list /machine/peripheral
qom-list /machine/peripheral/a
qom-list /nowhere
qom-get /machine/peripheral/a mac
qom-get /machine/peripheral/a nothing
qom-get /nowhere x
qom-get
qom-set /machine/peripheral/a mac zz
qom-set -j /machine/peripheral/a vectors 4
qom-set -k x y z
info qom-tree /machine/peripheral
info qom-tree nowhere
info mtree -z
""".splitlines()[1:]

REQUESTS = r"""
[1]
5
{"execute": 1}
{"exec": "x"}
{}
{ a }
rubbish
{"a": "\x01"}
}
{'execute': 'query-status'}
{"execute": "nothing", "id": 7}
{"execute": "qmp_capabilities"}
{"exec-oob": "query-version"}
{"execute": "query-version", "arguments": {"a": 1}}
{"execute": "query-version", "arguments": []}
{"execute": "query-version", "id": {"b": [null, 1.5]}}
{"execute": "query-status"}
{"execute": "query-commands"}
{"execute": "query-name"}
{"execute": "query-uuid"}
{"execute": "query-pci"}
{"execute": "query-rx-filter"}
{"execute": "query-rx-filter", "arguments": {"name": "n"}}
{"execute": "device_del", "arguments": {}}
{"execute": "device_del", "arguments": {"id": 5}}
{"execute": "device_del", "arguments": {"id": "nothing"}}
{"execute": "device_add"}
{"execute": "device_add", "arguments": {"driver": 5}}
{"execute": "device_add", "arguments": {"driver": "nothing", "id": "x"}}
{"execute": "device_add", "arguments": {"driver": "e1000", "id": "e"}}
{"execute": "device_add", "arguments": {"driver": "virtio-net-pci", "id": "x", "netdev": "nothing"}}
{"execute": "device_add", "arguments": {"driver": "virtio-net-pci", "id": "x", "vectors": "many"}}
{"execute": "netdev_add", "arguments": {"type": "user"}}
{"execute": "netdev_add", "arguments": {"id": "x"}}
{"execute": "netdev_add", "arguments": {"type": "nothing", "id": "x"}}
{"execute": "netdev_add", "arguments": {"type": "user", "id": "x", "y": 1}}
{"execute": "netdev_add", "arguments": {"type": "user", "id": "x", "restrict": "on"}}
{"execute": "netdev_add", "arguments": {"type": "user", "id": "x", "restrict": true}}
{"execute": "netdev_del", "arguments": {"id": "x"}}
{"execute": "set_link", "arguments": {"name": "a"}}
{"execute": "set_link", "arguments": {"name": "a", "up": "true"}}
{"execute": "set_link", "arguments": {"name": "nothing", "up": true}}
{"execute": "qom-list", "arguments": {"path": "/machine"}}
{"execute": "qom-list", "arguments": {"path": "x"}}
{"execute": "qom-get", "arguments": {"path": "/machine/peripheral/a", "property": "mac"}}
{"execute": "qom-get", "arguments": {"path": "/machine/peripheral/a", "property": "romfile"}}
{"execute": "qom-set", "arguments": {"path": "/machine/peripheral/a", "property": "vectors", "value": {}}}
{"execute": "qom-list-types", "arguments": {"implements": "virtio-net-pci-base", "abstract": true}}
{"execute": "qom-list-properties", "arguments": {"typename": "virtio-net-pci"}}
{"execute": "device-list-properties", "arguments": {"typename": "virtio-net-pci"}}
{"execute": "device-list-properties", "arguments": {"typename": "e1000"}}
{"execute": "device-list-properties", "arguments": {"typename": "pci-device"}}
{"execute": "human-monitor-command", "arguments": {"command-line": "info status", "cpu-index": 3}}
{"execute": "human-monitor-command", "arguments": {}}
{"execute": "stop"}
{"execute": "cont", "arguments": {"a": 1}}
""".splitlines()[1:]


@pytest.fixture(scope="module", params=MACHINES)
def machines(request: pytest.FixtureRequest) -> Iterator[Both]:
    with both(*MACHINES[request.param]) as pair:
        yield pair


def test_the_greeting(machines: Both) -> None:
    assert machines.ours.greeting == machines.real.greeting


@pytest.mark.parametrize("line", QUESTIONS)
def test_what_the_machine_is(machines: Both, line: str) -> None:
    assert machines.same(lambda each: each.hmp(line))


@pytest.mark.parametrize("option", ["", " -o", " -D", " -f"])
def test_memory_regions(machines: Both, option: str) -> None:
    """QEMU prints them in the order of a table of addresses, which differs from run to run."""
    pattern = r"(?=^address-space: |^memory-region: )" if option != " -f" else r"(?=^FlatView #)"
    assert machines.same(lambda each: blocks(each.hmp(f"info mtree{option}"), pattern))


def blocks(text: str, pattern: str) -> list[list[str]]:
    """Return the parts of a text in an order of their own: of a flat view, the address spaces that show it as well."""
    found = re.split(pattern, text.replace("\r", ""), flags=re.MULTILINE)
    return sorted(sorted(re.sub(r"#\d+", "", block).strip().splitlines()) for block in found)


def test_lines_for_people(machines: Both) -> None:
    for line in LINES:
        assert (line, machines.ours.hmp(line)) == (line, machines.real.hmp(line))


def test_requests_of_programs(machines: Both) -> None:
    deep = ("[" * 1024 + "]" * 1024, "[" * 1025, '{"a": ' * 1024 + "1" + "}" * 1024)
    for request in (*REQUESTS, *deep):
        assert (request, machines.ours.qmp(request)) == (request, machines.real.qmp(request))


def test_cards_come_and_go(machines: Both) -> None:
    """A reset unplugs what the guest was asked to let go.

    When the real program gives memory back, and with it the news that a device is gone, depends on its threads.
    """
    steps = (
        *(
            "netdev_add user,id=m",
            "device_add virtio-net-pci,id=late,netdev=m,bus=rp",
            "device_add virtio-net-pci,id=late,netdev=m",
        ),
        *("info network", "device_del late", "device_del late", "device_del e", "system_reset", "info network", "info pci"),
        *("device_del behind", "system_reset", "info qtree", "netdev_del m", "info network"),
    )
    for line in steps:
        assert (line, machines.ours.hmp(line)) == (line, machines.real.hmp(line))
        time.sleep(0.02)
    assert machines.same(lambda each: each.hmp("info pci"))
    assert machines.same(lambda each: sorted(each.events))


def test_all_types_that_are_not_in_modules(machines: Both) -> None:
    """``qom-list-types`` loads every module that is installed; the types of those are not modelled."""

    def types(answer: bytes) -> dict[str, object]:
        return {each["name"]: each for each in json.loads(answer)["return"]}

    request = '{"execute": "qom-list-types", "arguments": {"abstract": true}}'
    want, got = (types(each.qmp(request)) for each in (machines.real, machines.ours))
    # the accelerator for tests is in a module that is not packaged
    assert got == {name: want.get(name) for name in got} | {name: got[name] for name in got if name.startswith("qtest-accel")}
