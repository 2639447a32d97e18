"""qapi/qapi-forward-visitor.c: one member passed on under another name."""

from __future__ import annotations

import pytest

from emu.qapi.error import Error
from emu.qapi.forward_visitor import visitor_forward_field
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new, qobject_input_visitor_new_keyval
from emu.qapi.visitor import (
    visit_check_struct,
    visit_end_struct,
    visit_optional,
    visit_start_alternate,
    visit_start_struct,
    visit_type_int,
    visit_type_str,
)
from emu.qobject.qdict import qobject_of


def test_only_the_named_member_is_passed_on() -> None:
    target = qobject_input_visitor_new(qobject_of({"outer": "x"}))
    visit_start_struct(target, None)
    v = visitor_forward_field(target, "alias", "outer")
    assert visit_optional(v, "alias", False)
    assert not visit_optional(v, "other", True)
    assert visit_start_alternate(v, "alias") == "string"
    with pytest.raises(Error, match=r"^Parameter 'other' is missing$"):
        visit_type_str(v, "other")
    assert visit_type_str(v, "alias") == "x"
    visit_check_struct(target)


def test_members_below_keep_their_names() -> None:
    target = qobject_input_visitor_new(qobject_of({"outer": {"a": 1, "alias": 2}}))
    visit_start_struct(target, None)
    v = visitor_forward_field(target, "alias", "outer")
    visit_start_struct(v, "alias")
    assert [visit_type_int(v, "a"), visit_type_int(v, "alias")] == [1, 2]
    visit_end_struct(v)


def test_errors_name_the_member_of_the_target() -> None:
    target = qobject_input_visitor_new_keyval(qobject_of({"vectors": "x"}))
    visit_start_struct(target, None)
    with pytest.raises(Error, match=r"^Parameter 'vectors' expects integer$"):
        visit_type_int(visitor_forward_field(target, "alias", "vectors"), "alias")
