"""Structs and unions of the QAPI schema, and the visits that QEMU generates for them (scripts/qapi/visit.py).

The annotations of a class are its schema: ``sndbuf: size | None = None`` is the optional member ``sndbuf`` of type size. A
member's name is the field's with ``-`` for ``_``, unless ``NAMES`` says otherwise. A union names its discriminator and its
branches in ``BRANCHES``; the branch that applies is in the field of ``u`` that has its name.
"""
# ruff: noqa: PYI042  # types are named as the schema names them

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, TypeAlias, TypeVar, cast

from emu.qapi.error import Error
from emu.qapi.qapi_util import QapiEnum, QEnumLookup
from emu.qapi.visitor import (
    Visitor,
    visit_check_struct,
    visit_end_struct,
    visit_list,
    visit_optional,
    visit_start_struct,
    visit_type_any,
    visit_type_bool,
    visit_type_enum,
    visit_type_int,
    visit_type_int32,
    visit_type_size,
    visit_type_str,
    visit_type_uint8,
    visit_type_uint16,
    visit_type_uint32,
    visit_type_uint64,
)
from emu.trace import Seq, Struct, g_free
from emu.trace.symbols import STRUCTS

S = TypeVar("S", bound="QapiStruct")

int32: TypeAlias = int
uint8: TypeAlias = int
uint16: TypeAlias = int
uint32: TypeAlias = int
uint64: TypeAlias = int
size: TypeAlias = int
any_: TypeAlias = Any

Visit: TypeAlias = Callable[[Visitor, str | None, Any], Any]

SCALARS: dict[str, Visit] = {
    "str": visit_type_str,
    "bool": visit_type_bool,
    "int": visit_type_int,
    "int32": visit_type_int32,
    "uint8": visit_type_uint8,
    "uint16": visit_type_uint16,
    "uint32": visit_type_uint32,
    "uint64": visit_type_uint64,
    "size": visit_type_size,
    "any_": visit_type_any,
}


class QapiStruct(Struct):
    """A struct or union of the schema. A missing optional member is None; ``has_x`` tells whether ``x`` is there."""

    NAMES: ClassVar[dict[str, str]] = {}
    BRANCHES: ClassVar[tuple[str, dict[QapiEnum, str]] | None] = None

    def __getattr__(self, name: str) -> bool:
        field = name.removeprefix("has_")
        if field != name and field in self.FIELDS:
            return getattr(self, field) is not None
        raise AttributeError(f"{type(self).__name__} has no field {name!r}")


class Member(NamedTuple):
    """One member of a struct: its field, its name in the schema, whether it is optional, and its visit."""

    field: str
    name: str
    optional: bool
    visit: Visit
    is_list: bool


def _visit_of(type_name: str, module: dict[str, Any]) -> Visit:
    if type_name in SCALARS:
        return SCALARS[type_name]
    cls = module[type_name]
    if issubclass(cls, QapiEnum):
        lookup = QEnumLookup(cls)
        return lambda v, name, value: visit_type_enum(v, name, value if value is not None else -1, lookup)
    return lambda v, name, value: visit_struct(v, name, cls, value)


_members: dict[type[QapiStruct], tuple[Member, ...]] = {}


def members(cls: type[QapiStruct]) -> tuple[Member, ...]:
    """Return the members of a struct in the order of the schema: those of its base first."""
    if cls in _members:
        return _members[cls]
    base = cls.__base__
    found = list(members(base)) if base is not None and issubclass(base, QapiStruct) else []
    module = vars(__import__(cls.__module__, fromlist=["_"]))
    for field, annotation in cls.__annotations__.items():
        if field == "u" or field.isupper():
            continue
        type_name = annotation.removesuffix(" | None")
        element = type_name.removeprefix("Seq[").removesuffix("]")
        name = cls.NAMES.get(field, field.rstrip("_").replace("_", "-"))
        found.append(Member(field, name, type_name != annotation, _visit_of(element, module), element != type_name))
    _members[cls] = tuple(found)
    return _members[cls]


def visit_members(v: Visitor, obj: QapiStruct) -> None:
    """Visit all members, then those of the branch that applies (``visit_type_Netdev_members`` and its like)."""
    for member in members(type(obj)):
        value = getattr(obj, member.field, None)
        if member.optional and not visit_optional(v, member.name, value is not None):
            continue
        if member.is_list:
            visited: Any = Seq(visit_list(v, member.name, value, member.visit))
        else:
            visited = member.visit(v, member.name, value)
        if value is None:
            setattr(obj, member.field, visited)
    if obj.BRANCHES is not None:
        discriminator, branches = obj.BRANCHES
        field = branches.get(getattr(obj, discriminator))
        if field is not None:
            union = cast(Any, obj).u
            branch = getattr(union, field, None)
            if branch is None:
                branch = STRUCTS[type(union).__annotations__[field]]()
                setattr(union, field, branch)
            visit_members(v, branch)


def visit_struct(v: Visitor, name: str | None, cls: type[S], obj: S | None = None) -> S:
    """Visit a struct or union; an input visitor makes it. Error: the input does not fit the schema; nothing is left then."""
    visit_start_struct(v, name)
    visited = cls() if obj is None else obj
    try:
        visit_members(v, visited)
        visit_check_struct(v)
    except Error:
        if obj is None:
            qapi_free(visited)
        raise
    visit_end_struct(v)
    return visited


def _structs(obj: QapiStruct) -> list[QapiStruct]:
    """Return the structs that a struct owns."""
    owned: list[QapiStruct] = []
    holders: list[Struct] = [obj]
    if obj.BRANCHES is not None:
        union = cast(Any, obj).u
        holders.append(union)
    for holder in holders:
        for field in holder.FIELDS:
            value = holder.__dict__.get(field)
            if isinstance(value, Seq):
                owned += [item for item in value if isinstance(item, QapiStruct)]
            elif isinstance(value, QapiStruct):
                owned.append(value)
    return owned


def qapi_free(obj: QapiStruct | None) -> None:
    """Give a struct back, with all that it owns (``qapi_free_Netdev`` and its like)."""
    if obj is not None:
        for owned in _structs(obj):
            qapi_free(owned)
        g_free(obj)


def qapi_clone(obj: S) -> S:
    """Return a deep copy (``QAPI_CLONE``)."""
    copy = type(obj)()
    _copy_fields(obj, copy)
    return copy


def _copied(value: Any) -> Any:
    if isinstance(value, QapiStruct):
        return qapi_clone(value)
    return Seq([_copied(item) for item in value]) if isinstance(value, Seq) else value


def _copy_fields(source: Struct, target: Struct) -> None:
    for field in source.FIELDS:
        if field in source.__dict__:
            value = source.__dict__[field]
            if field == "u":
                _copy_fields(value, getattr(target, field))
            else:
                setattr(target, field, _copied(value))
