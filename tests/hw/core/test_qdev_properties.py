"""hw/core/qdev-properties.c and qdev-properties-system.c: values, defaults and the words of their errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emu.errors import QemuAbort, QemuExit
from emu.hw.core.bus import bus_register_types
from emu.hw.core.qdev import DEVICE, DEVICE_CLASS, TYPE_DEVICE, qdev_new
from emu.hw.core.qdev.device import qdev_register_types
from emu.hw.core.qdev_properties import (
    DEFINE_PROP_ARRAY,
    DEFINE_PROP_BIT,
    DEFINE_PROP_BIT64,
    DEFINE_PROP_BOOL,
    DEFINE_PROP_INT32,
    DEFINE_PROP_ON_OFF_AUTO,
    DEFINE_PROP_SIZE,
    DEFINE_PROP_SIZE32,
    DEFINE_PROP_STRING,
    DEFINE_PROP_UINT8,
    DEFINE_PROP_UINT16,
    DEFINE_PROP_UINT32,
    DEFINE_PROP_UINT64_CHECKMASK,
    device_class_set_props,
    qdev_alias_all_properties,
    qdev_prop_check_globals,
    qdev_prop_register_global,
    qdev_prop_set_enum,
    qdev_prop_uint32,
)
from emu.hw.core.qdev_properties_system import (
    DEFINE_PROP_MACADDR,
    DEFINE_PROP_PCI_DEVFN,
    DEFINE_PROP_PCI_HOST_DEVADDR,
    DEFINE_PROP_PCIE_LINK_SPEED,
    DEFINE_PROP_PCIE_LINK_WIDTH,
    qdev_prop_set_macaddr,
)
from emu.hw.core.resettable import reset_register_types
from emu.hw.core.vmstate_if import vmstate_register_types
from emu.qapi.error import Error
from emu.qapi.qapi_types_common import OnOffAuto
from emu.qom.container import container_register_types
from emu.qom.object import (
    GlobalProperty,
    Object,
    ObjectClass,
    TypeInfo,
    object_property_get_qobject,
    object_property_parse,
    object_property_print,
    object_property_set_qobject,
    type_register_static,
)
from emu.qom.object.base import register_types
from emu.qom.parts import Part, caster
from emu.trace import Buf, Recorder, Seq, Struct, embedded, fresh, seq
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot


class Six(Buf):
    def __init__(self) -> None:
        super().__init__(6)


class MAC(Struct):
    a: Buf = fresh(Six)


class HostAddress(Struct):
    domain: int = 0
    bus: int = 0
    slot: int = 0
    function: int = 0


class Inner(Struct):
    queue: int = 0
    mac: MAC = embedded(MAC)
    host: HostAddress = embedded(HostAddress)


class CardState(Part):
    SIZE = 400
    flags: int = 0
    features: int = 0
    on: bool = False
    byte: int = 0
    word: int = 0
    signed: int = 0
    auto: int = 0
    size: int = 0
    size32: int = 0
    text: str | None = None
    masked: int = 0
    devfn: int = 0
    speed: int = 0
    width: int = 0
    num: int = 0
    items: Seq[int] = seq()
    inner: Inner = embedded(Inner)


CARD = caster(CardState, "card")

PROPERTIES = (
    DEFINE_PROP_BIT("bit", CardState, "flags", 3, True),
    DEFINE_PROP_BIT64("bit64", CardState, "features", 40, True),
    DEFINE_PROP_BOOL("on", CardState, "on", True),
    DEFINE_PROP_UINT8("byte", CardState, "byte", -1),
    DEFINE_PROP_UINT16("word", CardState, "word", 7),
    DEFINE_PROP_INT32("signed", CardState, "signed", -5),
    DEFINE_PROP_ON_OFF_AUTO("auto", CardState, "auto", OnOffAuto.AUTO),
    DEFINE_PROP_SIZE("size", CardState, "size", 4096),
    DEFINE_PROP_SIZE32("size32", CardState, "size32", 0),
    DEFINE_PROP_STRING("text", CardState, "text"),
    DEFINE_PROP_UINT64_CHECKMASK("masked", CardState, "masked", 0xF0),
    DEFINE_PROP_PCI_DEVFN("addr", CardState, "devfn", -1),
    DEFINE_PROP_PCIE_LINK_SPEED("speed", CardState, "speed", 1),
    DEFINE_PROP_PCIE_LINK_WIDTH("width", CardState, "width", 6),
    DEFINE_PROP_ARRAY("items", CardState, "num", "items", qdev_prop_uint32, 0),
    DEFINE_PROP_UINT32("queue", CardState, "inner.queue", 256),
    DEFINE_PROP_MACADDR("mac", CardState, "inner.mac"),
    DEFINE_PROP_PCI_HOST_DEVADDR("host", CardState, "inner.host"),
)


def card_class_init(klass: ObjectClass, data: object) -> None:
    device_class_set_props(DEVICE_CLASS(klass), PROPERTIES)


@pytest.fixture
def run() -> Iterator[Recorder]:
    recorder = Recorder()
    with recorder.active():
        for register in (
            register_types,
            container_register_types,
            reset_register_types,
            vmstate_register_types,
            qdev_register_types,
            bus_register_types,
        ):
            register()
        type_register_static(TypeInfo(name="card", parent=TYPE_DEVICE, instance=CardState, class_init=card_class_init))
        yield recorder


@pytest.fixture
def card(run: Recorder) -> Object:
    return qdev_new("card")._whole


def printed(rec: Recorder) -> str:
    return "".join(event[4] for event in rec.events if event[0] == "M")


def test_defaults_are_set_by_object_class_property_init_all(card: Object, run: Recorder) -> None:
    state = CARD(card)
    assert (state.flags, state.features, state.on, state.byte, state.word) == (8, 1 << 40, True, 0xFF, 7)
    assert (state.signed, state.auto, state.size, state.devfn) == (-5, OnOffAuto.AUTO, 4096, -1)
    assert (state.speed, state.width, state.inner.queue) == (2, 32, 256)
    assert fold(run.events).objects == snapshot(run).objects


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("bit", "off", False),
        ("on", "n", False),
        ("byte", "0x10", 16),
        ("word", "010", 8),
        ("signed", "-3", -3),
        ("auto", "on", "on"),
        ("size", "1.5k", 1536),
        ("text", "a,b", "a,b"),
        ("mac", "52-54:00:aa:BB:cc", "52:54:00:aa:bb:cc"),
        ("speed", "16", "16"),
        ("width", "12", "12"),
        ("queue", "0", 0),
        ("host", "4:10.1", "0000:04:10.1"),
        ("host", "12:04:1f.7", "0012:04:1f.7"),
    ],
)
def test_text_is_parsed_and_read_back(card: Object, name: str, text: str, value: object) -> None:
    object_property_parse(card, name, text)
    assert object_property_get_qobject(card, name) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("bit", "x", "Parameter 'bit' expects 'on' or 'off'"),
        ("byte", "256", "Parameter 'byte' expects uint8_t"),
        ("byte", "x", "Parameter 'byte' expects uint64"),
        ("signed", "2147483648", "Parameter 'signed' expects int32_t"),
        ("auto", "maybe", "Parameter 'auto' does not accept value 'maybe'"),
        ("size", "1x", "Parameter 'size' expects a non-negative number below 2^64"),
        ("size32", "4G", "Property card.size32 doesn't take value 4294967296 (maximum: 4294967295)"),
        ("masked", "1", "Property value for 'masked' has bits outside mask '0xf0'"),
        ("mac", "52:54:00:12:34", "Property 'card.mac' doesn't take value '52:54:00:12:34'"),
        ("host", "4:10", "Property 'card.host' doesn't take value '4:10'"),
        ("speed", "7", "Parameter 'speed' does not accept value '7'"),
    ],
)
def test_what_is_wrong_is_refused_in_qemus_words(card: Object, name: str, text: str, words: str) -> None:
    with pytest.raises(Error) as err:
        object_property_parse(card, name, text)
    assert str(err.value) == words


@pytest.mark.parametrize(
    ("value", "devfn"),
    [("6", 0x30), ("06.0", 0x30), ("0x6.1", 0x31), ("1f.7", 0xFF), ("6. 1", 0x31), ("100000001", 8), (-1, -1), (255, 255)],
)
def test_set_pci_devfn_takes_what_sscanf_takes(card: Object, value: Any, devfn: int) -> None:
    object_property_set_qobject(card, "addr", value)
    assert CARD(card).devfn == devfn


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("6.8", "Property 'card.addr' doesn't take value '6.8'"),
        ("20", "Property 'card.addr' doesn't take value '20'"),
        ("6.", "Property 'card.addr' doesn't take value '6.'"),
        ("", "Property 'card.addr' doesn't take value ''"),
        (256, "Parameter 'addr' expects a value between -1 and 255"),
        (True, "Invalid parameter type for 'addr', expected int or str"),
    ],
)
def test_set_pci_devfn_refuses_the_rest(card: Object, value: Any, words: str) -> None:
    with pytest.raises(Error) as err:
        object_property_set_qobject(card, "addr", value)
    assert str(err.value) == words


def test_visit_start_alternate_asserts_on_text(card: Object, run: Recorder) -> None:
    with pytest.raises(QemuAbort):
        object_property_parse(card, "addr", "6")
    assert "visit_start_alternate: Assertion `!(v->type & VISITOR_INPUT)' failed.\n" in printed(run)


def test_legacy_properties_print_for_info_qtree(card: Object) -> None:
    assert object_property_print(card, "legacy-addr", False) == "<unset>"
    object_property_set_qobject(card, "addr", "1f.7")
    assert object_property_print(card, "legacy-addr", False) == "1f.7"


def test_set_prop_arraylen_makes_the_elements_properties(card: Object) -> None:
    object_property_parse(card, "len-items", "3")
    object_property_parse(card, "items[2]", "9")
    assert list(CARD(card).items) == [0, 0, 9]
    with pytest.raises(Error, match=r"^array size property len-items may not be set more than once$"):
        object_property_parse(card, "len-items", "4")
    with pytest.raises(Error, match=r"^Property 'card.items\[3\]' not found$"):
        object_property_parse(card, "items[3]", "1")


def test_qdev_prop_allow_set_refuses_a_realized_device(card: Object) -> None:
    DEVICE(card).realized = True
    with pytest.raises(Error) as err:
        object_property_parse(card, "on", "off")
    assert str(err.value) == "Attempt to set property 'on' on anonymous device (type 'card') after it was realized"
    DEVICE(card).id = "c0"
    with pytest.raises(Error) as err:
        object_property_parse(card, "on", "off")
    assert str(err.value) == "Attempt to set property 'on' on device 'c0' (type 'card') after it was realized"


def test_helpers_set_by_value(card: Object) -> None:
    qdev_prop_set_enum(DEVICE(card), "auto", OnOffAuto.OFF)
    qdev_prop_set_macaddr(card, "mac", b"\x52\x54\0\x12\x34\x56")
    assert CARD(card).auto == OnOffAuto.OFF
    assert bytes(CARD(card).inner.mac.a) == b"\x52\x54\0\x12\x34\x56"


def test_globals_apply_to_new_devices_and_unused_ones_warn(run: Recorder) -> None:
    qdev_prop_register_global(GlobalProperty(driver="card", property="word", value="9"))
    qdev_prop_register_global(GlobalProperty(driver="nocard", property="x", value="1"))
    assert CARD(qdev_new("card")).word == 9
    assert qdev_prop_check_globals() == 1
    assert printed(run) == "warning: global nocard.x has invalid class name\n"


def test_a_wrong_global_ends_the_run(run: Recorder) -> None:
    qdev_prop_register_global(GlobalProperty(driver="card", property="word", value="x"))
    with pytest.raises(QemuExit):
        qdev_new("card")
    assert printed(run) == "can't apply global card.word=x: Parameter 'word' expects uint64\n"


def test_qdev_alias_all_properties(card: Object) -> None:
    type_register_static(TypeInfo(name="proxy", parent=TYPE_DEVICE))
    proxy = qdev_new("proxy")._whole
    qdev_alias_all_properties(DEVICE(card), proxy)
    object_property_parse(proxy, "word", "11")
    assert CARD(card).word == 11


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=st.integers(0, 2**64 - 1))
def test_uint32_keeps_what_fits(card: Object, value: int) -> None:
    if value < 2**32:
        object_property_parse(card, "queue", str(value))
        assert CARD(card).inner.queue == value
    else:
        with pytest.raises(Error, match=r"^Parameter 'queue' expects uint32_t$"):
            object_property_parse(card, "queue", str(value))
