"""An object that is stamped after another is what it would have been if it had been made at length."""

from __future__ import annotations

from typing import Any

from emu.trace import Ptr, Recorder, Ref, Seq, Struct, emulates, seq, stamped
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot


class Kind(Struct):
    """What is given."""

    name: str = ""


class Leaf(Struct):
    """What is made along with a node."""

    value: int = 0
    home: Any = None


class Node(Struct):
    """What is made."""

    kind: Kind | None = None
    leaves: Seq[Leaf] = seq()
    last: Leaf | None = None


@emulates(file="tree.c")
def leaf_init(node: Node, value: int) -> Leaf:
    """Make a leaf that knows where its home is kept."""
    leaf = Leaf(value=value)
    leaf.home = node
    leaf.__dict__["_place"] = Ptr(node, "last")
    node.leaves.append(leaf)
    node.last = leaf
    return leaf


@emulates(file="tree.c")
def node_new(kind: Kind, stamp: bool) -> Node:
    """Make a node with two leaves, at length or by a stamp."""

    def make() -> Node:
        node = Node(kind=kind)
        leaf_init(node, 1)
        leaf_init(node, 2)
        return node

    return stamped(make, ("node",), (kind,)) if stamp else make()  # type: ignore[no-any-return]


def recorded(stamp: bool) -> tuple[Recorder, list[Node]]:
    """Record three nodes."""
    rec = Recorder()
    with rec.active():
        kind = Kind(name="oak")
        return rec, [node_new(kind, stamp) for _ in range(3)]


def test_the_log_is_the_same() -> None:
    def events(stamp: bool) -> list[Any]:
        return [(*event[:4], (event[4][0],)) if event[0] == "E" else event for event in recorded(stamp)[0].events]

    assert events(stamp=True) == events(stamp=False)


def test_the_log_folds_into_the_structs() -> None:
    rec, _ = recorded(stamp=True)
    assert fold(rec.events) == snapshot(rec)


def test_stamped_structs_hold_each_other_and_nobody_else() -> None:
    rec, nodes = recorded(stamp=True)
    for node in nodes:
        one, two = node.leaves
        assert node.last is two
        assert one.home is node
        assert one.__dict__["_place"].get() is two
    with rec.active():
        nodes[2].leaves.pop(0)
        nodes[2].last = None
    assert [len(node.leaves) for node in nodes] == [2, 2, 1]
    assert [node.last is None for node in nodes] == [False, False, True]
    assert rec.events[-1][5:] == (Ref(nodes[2].leaves[0]._id), None)
    assert fold(rec.events) == snapshot(rec)


def test_without_a_log_everything_is_made_at_length() -> None:
    rec = Recorder(recording=False)
    with rec.active():
        kind = Kind(name="oak")
        nodes = [node_new(kind, stamp=True) for _ in range(2)]
    assert nodes[0].last is not nodes[1].last
    assert not rec.events
