"""qom/object.c: types, classes, objects, properties."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emu.qapi.error import Error
from emu.qom.container import container_get
from emu.qom.object import (
    OBJECT,
    OBJECT_CLASS,
    ObjectClass,
    TypeInfo,
    object_class_by_name,
    object_dynamic_cast,
    object_get_canonical_path,
    object_get_root,
    object_new,
    object_property_add_alias,
    object_property_add_child,
    object_property_add_str,
    object_property_find,
    object_property_get_str,
    object_property_set_str,
    object_property_try_add,
    object_resolve_path,
    object_unparent,
    object_unref,
    type_register_static,
)
from emu.qom.object.base import register_types
from emu.qom.parts import CastError, Part, caster, class_getter
from emu.trace import Recorder
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot


class BaseClass(Part):
    SIZE = 128
    realize: object = None


class LeafClass(Part):
    SIZE = 160
    realize: object = None
    parent_realize: object = None


class Base(Part):
    SIZE = 64
    name: str | None = None


BASE, BASE_CLASS, BASE_GET_CLASS = caster(Base, "base"), caster(BaseClass, "base"), class_getter(BaseClass)
LEAF_CLASS = caster(LeafClass, "leaf")


def base_realize() -> None: ...
def leaf_realize() -> None: ...


def base_class_init(klass: ObjectClass, data: object) -> None:
    BASE_CLASS(klass).realize = base_realize


def leaf_class_init(klass: ObjectClass, data: object) -> None:
    LEAF_CLASS(klass).parent_realize = BASE_CLASS(klass).realize
    BASE_CLASS(klass).realize = leaf_realize
    LEAF_CLASS(klass).realize = data


@pytest.fixture
def run() -> Iterator[Recorder]:
    recorder = Recorder()
    with recorder.active():
        register_types()
        type_register_static(TypeInfo(name="container", parent="object"))
        type_register_static(TypeInfo(name="base", parent="object", instance=Base, class_=BaseClass, class_init=base_class_init))
        type_register_static(TypeInfo(name="leaf", parent="base", class_=LeafClass, class_init=leaf_class_init))
        yield recorder


def test_type_initialize_copies_the_parents_class_and_keeps_slots_of_one_name_apart(run: Recorder) -> None:
    leaf, base = object_class_by_name("leaf"), object_class_by_name("base")
    assert leaf is not None
    assert base is not None
    assert BASE_CLASS(base).realize is base_realize
    assert BASE_CLASS(leaf).realize is leaf_realize
    assert LEAF_CLASS(leaf).parent_realize is base_realize
    assert LEAF_CLASS(leaf).realize is None
    assert OBJECT_CLASS(leaf).type.class_size == LeafClass.SIZE
    assert OBJECT_CLASS(leaf).type.instance_size == Base.SIZE


def test_type_initialize_runs_class_init_once_per_class(run: Recorder) -> None:
    object_class_by_name("leaf")
    before = len(run.events)
    object_class_by_name("leaf")
    object_class_by_name("base")
    assert len(run.events) == before


def test_a_cast_gives_the_part_of_one_object(run: Recorder) -> None:
    leaf = object_new("leaf")
    assert OBJECT(BASE(leaf)) is leaf
    assert object_dynamic_cast(leaf, "base") is leaf
    assert object_dynamic_cast(leaf, "container") is None
    with pytest.raises(CastError):
        LEAF_CLASS(object_new("container").class_)


def test_a_field_that_the_struct_does_not_have_is_refused(run: Recorder) -> None:
    with pytest.raises(AttributeError):
        BASE(object_new("leaf")).colour = "red"  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        BASE(object_new("leaf")).name = ["a"]  # type: ignore[assignment]


def test_object_property_try_add_refuses_a_duplicate_in_qemus_words(run: Recorder) -> None:
    obj = object_new("leaf")
    object_property_try_add(obj, "x", "int", None, None)
    with pytest.raises(Error, match=r"^attempt to add duplicate property 'x' to object \(type 'leaf'\)$"):
        object_property_try_add(obj, "x", "int", None, None)
    assert object_property_try_add(obj, "x[*]", "int", None, None).name == "x[0]"
    assert object_property_try_add(obj, "x[*]", "int", None, None).name == "x[1]"


def test_object_property_add_alias_reads_and_writes_the_target(run: Recorder) -> None:
    target, front = object_new("leaf"), object_new("container")
    object_property_add_str(target, "name", lambda o: BASE(o).name or "", lambda o, value: setattr(BASE(o), "name", value))
    object_property_add_alias(front, "title", target, "name")
    object_property_set_str(front, "title", "nic0")
    assert BASE(target).name == "nic0"
    assert object_property_get_str(front, "title") == "nic0"


def test_object_property_find_err_says_whose_property_is_missing(run: Recorder) -> None:
    with pytest.raises(Error, match=r"^Property 'leaf\.colour' not found$"):
        object_property_set_str(object_new("leaf"), "colour", "red")


def test_a_child_lives_as_long_as_its_parent_holds_it(run: Recorder) -> None:
    parent, child = object_new("container"), object_new("leaf")
    object_property_add_child(parent, "c", child)
    object_unref(child)
    assert child.ref == 1
    object_unparent(child)
    assert child.ref == 0
    assert object_property_find(parent, "c") is None
    assert fold(run.events).objects[child._id].freed


def test_object_resolve_path_finds_absolute_and_partial_paths(run: Recorder) -> None:
    a = container_get(object_get_root(), "/machine/peripheral/nic0")
    b = container_get(object_get_root(), "/machine/unattached/nic0")
    assert object_get_canonical_path(a) == "/machine/peripheral/nic0"
    assert object_resolve_path("/machine/unattached/nic0") == (b, False)
    assert object_resolve_path("peripheral/nic0") == (a, False)
    assert object_resolve_path("nic0") == (None, True)
    assert object_resolve_path("nic1") == (None, False)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_any_tree_of_children_folds_to_the_live_objects(steps: list[tuple[int, int]]) -> None:
    recorder = Recorder()
    with recorder.active():
        register_types()
        type_register_static(TypeInfo(name="container", parent="object"))
        objects = [object_new("container") for _ in range(10)]
        for parent, child in steps:
            if objects[child].parent is not None:
                object_unparent(objects[child])
            elif parent != child:
                object_property_add_child(objects[parent], f"c{child}", objects[child])
        assert all(obj.ref == 1 + (obj.parent is not None) for obj in objects)
    assert fold(recorder.events) == snapshot(recorder)
