"""The structs of QEMU's object model (include/qom/object.h, qom/object.c)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from emu.qom.parts import Part, caster
from emu.trace import Map, Seq, Struct, fresh, late, seq
from emu.util.ghash import GHashTable

TYPE_OBJECT = "object"
TYPE_INTERFACE = "interface"

ClassInit = Callable[[Any, Any], None]
InstanceInit = Callable[[Any], None]
Accessor = Callable[[Any, Any, str, Any], None]


COPIED = (
    "name",
    "parent",
    "class_size",
    "instance_size",
    "instance_align",
    "class_init",
    "class_base_init",
    "class_data",
    "instance_init",
    "instance_post_init",
    "instance_finalize",
    "abstract",
    "interfaces",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeInfo:
    """What a file declares about a type, before anything runs (include/qom/object.h).

    ``instance`` and ``class_`` are the structs that the type adds to its parent's; ``sizeof`` of each is its ``SIZE``.
    ``modelled`` is false for a type known by recorded facts alone; ``alike``: instance_init looks at nothing but its new object.
    """

    name: str
    parent: str | None = None
    instance: type[Part] | None = None
    class_: type[Part] | None = None
    abstract: bool = False
    instance_init: InstanceInit | None = None
    instance_post_init: InstanceInit | None = None
    instance_finalize: InstanceInit | None = None
    class_init: ClassInit | None = None
    class_base_init: ClassInit | None = None
    class_data: Any = None
    interfaces: tuple[str, ...] = ()
    instance_align: int = 0
    instance_size: int = 0
    class_size: int = 0
    modelled: bool = True
    alike: bool = False
    given: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What ``type_new`` copies into a TypeImpl: the fields that are not zero."""

    @property
    def _enc(self) -> str:
        return f"TypeInfo {self.name}"

    def __post_init__(self) -> None:
        if self.instance is not None and not self.instance_size:
            object.__setattr__(self, "instance_size", self.instance.SIZE)
        if self.class_ is not None and not self.class_size:
            object.__setattr__(self, "class_size", self.class_.SIZE)
        self.given.update((name, value) for name in COPIED if (value := getattr(self, name)))
        if self.interfaces:
            self.given["num_interfaces"] = len(self.interfaces)
        if not self.modelled:
            self.given["modelled"] = False


class TypeImpl(Struct):
    """What QOM keeps of a registered type (qom/object.c)."""

    CACHES: ClassVar[frozenset[str]] = frozenset({"_above", "_casts", "_lineage", "_named", "_tables"})
    LATE: ClassVar[frozenset[str]] = frozenset({"class_"})
    name: str = ""
    class_size: int = 0
    instance_size: int = 0
    instance_align: int = 0
    class_init: ClassInit | None = None
    class_base_init: ClassInit | None = None
    class_data: Any = None
    instance_init: InstanceInit | None = None
    instance_post_init: InstanceInit | None = None
    instance_finalize: InstanceInit | None = None
    abstract: bool = False
    parent: str | None = None
    parent_type: TypeImpl | None = None
    class_: ObjectClass | None = late()
    num_interfaces: int = 0
    interfaces: tuple[str, ...] = ()
    modelled: bool = True
    """Not in QEMU: false for a type known by recorded facts alone."""

    _info: TypeInfo
    _casts: dict[str, ObjectClass | InterfaceClass | None]
    """What its class is seen as another type, by that type's name."""
    _lineage: tuple[TypeImpl, ...]
    """The type and its ancestors, the root last."""
    _above: frozenset[TypeImpl]
    """The same as a set."""
    _named: dict[str, ObjectProperty]
    """The class properties of the type and its ancestors."""
    _tables: tuple[Map[ObjectProperty], ...]
    """The class properties of the root, ..., of the type."""


class ObjectProperty(Struct):
    """A property of an object or of a class (include/qom/object.h)."""

    name: str = ""
    type: str = ""
    description: str | None = None
    get: Accessor | None = None
    set: Accessor | None = None
    resolve: Callable[[Any, Any, str], Any] | None = None
    release: Callable[[Any, str, Any], None] | None = None
    init: Callable[[Any, ObjectProperty], None] | None = None
    opaque: Any = None
    defval: Any = None


class ObjectClass(Part):
    """The base of all classes (include/qom/object.h)."""

    SIZE: ClassVar[int] = 96
    type: TypeImpl
    interfaces: Seq[InterfaceClass] = seq()
    unparent: Callable[[Any], None] | None = None
    properties: Map[ObjectProperty] = fresh(GHashTable)


class InterfaceClass(Part):
    """The base of all interfaces (include/qom/object.h)."""

    SIZE: ClassVar[int] = 112
    concrete_class: ObjectClass | None = None
    interface_type: TypeImpl | None = None


class Object(Part):
    """The base of all objects (include/qom/object.h)."""

    SIZE: ClassVar[int] = 40
    class_: ObjectClass
    free: Callable[[Any], None] | None = None
    properties: Map[ObjectProperty] = fresh(GHashTable)
    ref: int = 0
    parent: Object | None = None


OBJECT = caster(Object, TYPE_OBJECT)
OBJECT_CLASS = caster(ObjectClass, TYPE_OBJECT)
INTERFACE_CLASS = caster(InterfaceClass, TYPE_INTERFACE)


def OBJECT_GET_CLASS(obj: Part) -> ObjectClass:
    """Return the class of an object."""
    klass: ObjectClass = obj._whole.class_
    return klass
