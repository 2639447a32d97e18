"""scripts/qapi: structs and unions by their schema."""

from __future__ import annotations

import pytest

from emu.qapi.error import Error
from emu.qapi.qapi_struct import qapi_clone, qapi_free
from emu.qapi.qapi_types_common import OnOffAuto, OnOffAuto_lookup
from emu.qapi.qapi_types_net import NetClientDriver, NetClientDriver_str
from emu.qapi.qapi_util import parse_qapi_name, qapi_bool_parse, qapi_enum_lookup, qapi_enum_parse
from emu.qapi.qapi_visit_net import visit_type_Netdev
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new_str
from emu.trace import Recorder


def test_a_union_has_the_branch_that_its_discriminator_names() -> None:
    nd = visit_type_Netdev(
        qobject_input_visitor_new_str("stream,id=n0,addr.type=inet,addr.host=h,addr.port=1,server=on", "type"), None
    )
    assert (nd.id, nd.type, NetClientDriver_str(nd.type)) == ("n0", NetClientDriver.STREAM, "stream")
    assert (nd.u.stream.addr.u.inet.host, nd.u.stream.server) == ("h", True)
    assert nd.u.stream.has_server
    assert not nd.u.stream.addr.u.inet.has_to
    with pytest.raises(AttributeError):
        _ = nd.u.user


def test_a_copy_owns_its_parts() -> None:
    nd = visit_type_Netdev(qobject_input_visitor_new_str("user,id=n0,hostfwd.0.str=a,hostfwd.1.str=b", "type"), None)
    copy = qapi_clone(nd)
    assert copy.u.user.hostfwd is not None
    assert [item.str_ for item in copy.u.user.hostfwd] == ["a", "b"]
    copy.u.user.hostfwd[0].str_ = "c"
    assert nd.u.user.hostfwd is not None
    assert nd.u.user.hostfwd[0].str_ == "a"


def test_what_fails_halfway_is_given_back() -> None:
    with Recorder().active() as run:
        with pytest.raises(Error, match=r"^Parameter 'foo' is unexpected$"):
            visit_type_Netdev(qobject_input_visitor_new_str("user,id=n0,hostfwd.0.str=a,foo=1", "type"), None)
        freed = {event[3] for event in run.events if event[0] == "F"}
        made = {event[3] for event in run.events if event[0] == "N" and event[4] in {"Netdev", "NetdevUserOptions", "String"}}
    assert freed == made


def test_qapi_free_takes_nothing() -> None:
    qapi_free(None)


def test_enumerations_are_numbers_with_names() -> None:
    assert OnOffAuto.ON == 1
    assert str(OnOffAuto.ON) == qapi_enum_lookup(OnOffAuto_lookup, 1) == "on"
    assert qapi_enum_parse(OnOffAuto_lookup, "off", 0) is OnOffAuto.OFF
    assert qapi_enum_parse(OnOffAuto_lookup, None, 7) == 7
    with pytest.raises(Error, match=r"^invalid parameter value: x$"):
        qapi_enum_parse(OnOffAuto_lookup, "x", 0)


def test_qapi_bool_parse() -> None:
    assert [qapi_bool_parse("x", text) for text in ("on", "yes", "true", "y", "off", "no", "false", "n")] == [True] * 4 + [
        False
    ] * 4
    with pytest.raises(Error, match=r"^Parameter 'x' expects 'on' or 'off'$"):
        qapi_bool_parse("x", "1")


def test_parse_qapi_name() -> None:
    assert [parse_qapi_name(text) for text in ("a-b_c.d", "__org.x_y=", "1a", "_a", "")] == [5, 9, -1, -1, -1]
