"""GLib 2.74's GHashTable with string keys (glib/ghash.c): QEMU walks such tables, so their order is part of its behaviour.

Keys lie in a power-of-two array, at the place that their hash times 11, modulo a prime below the size, says, or further on along
1, 3, 6, ... when that is taken. Removal leaves a tombstone. The array grows, shrinks or is cleaned in place, and that
depends on all insertions and removals before. The array here is brought up to date only when somebody walks the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

from emu.trace import Map
from emu.trace.containers import ManyMaker

T = TypeVar("T")

HASH_TABLE_MIN_SHIFT: Final = 3
UNUSED: Final = 0
TOMBSTONE: Final = 1

PRIME_MOD: Final = (
    *(1, 2, 3, 7, 13, 31, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071, 262139, 524287, 1048573),
    *(2097143, 4194301, 8388593, 16777213, 33554393, 67108859, 134217689, 268435399, 536870909, 1073741789, 2147483647),
)
"""``prime_mod``: what hashes are reduced by in a table of ``1 << index`` places."""


@lru_cache(maxsize=1 << 16)
def g_str_hash(key: str) -> int:
    """Return the 32-bit hash of a string: 5381, then times 33 plus each byte, bytes being signed."""
    value = 5381
    for byte in key.encode("utf-8", "surrogateescape"):
        value = (value * 33 + (byte - 256 if byte > 127 else byte)) & 0xFFFFFFFF
    return value


class Nodes:
    """The array of a table: hashes (0 unused, 1 tombstone) and keys, place by place."""

    __slots__ = ("hashes", "keys", "mask", "mod", "nnodes", "noccupied", "size")

    def __init__(self) -> None:
        self.nnodes = 0
        self.noccupied = 0
        self._set_shift(HASH_TABLE_MIN_SHIFT)
        self.hashes = [UNUSED] * self.size
        self.keys = [""] * self.size

    def _set_shift(self, shift: int) -> None:
        self.size = 1 << shift
        self.mod = PRIME_MOD[shift]
        self.mask = self.size - 1

    def copy(self) -> Nodes:
        """Return an array of the same content."""
        twin = Nodes.__new__(Nodes)
        twin.nnodes, twin.noccupied, twin.size, twin.mod, twin.mask = self.nnodes, self.noccupied, self.size, self.mod, self.mask
        twin.hashes, twin.keys = self.hashes.copy(), self.keys.copy()
        return twin

    def lookup(self, key: str, value: int) -> int:
        """Return the place of a key, or the one where it would go (g_hash_table_lookup_node)."""
        hashes = self.hashes
        at = (value * 11 & 0xFFFFFFFF) % self.mod
        free = -1
        step = 0
        while (here := hashes[at]) != UNUSED:
            if here == value:
                if self.keys[at] == key:
                    return at
            elif here == TOMBSTONE and free < 0:
                free = at
            step += 1
            at = (at + step) & self.mask
        return at if free < 0 else free

    def insert(self, key: str) -> None:
        """Insert a key that is not there (g_hash_table_insert)."""
        value = g_str_hash(key)
        if value <= TOMBSTONE:
            value = 2
        at = self.lookup(key, value)
        unused = self.hashes[at] == UNUSED
        self.hashes[at] = value
        self.keys[at] = key
        self.nnodes += 1
        if unused:
            self.noccupied += 1
            self.maybe_resize()

    def remove_node(self, key: str) -> None:
        """Replace a key by a tombstone (g_hash_table_remove_node)."""
        value = g_str_hash(key)
        self.hashes[self.lookup(key, 2 if value <= TOMBSTONE else value)] = TOMBSTONE
        self.nnodes -= 1

    def maybe_resize(self) -> None:
        """Resize or clean up, where the table strayed from its best size (g_hash_table_maybe_resize)."""
        if (self.size > self.nnodes * 4 and self.size > 1 << HASH_TABLE_MIN_SHIFT) or (
            self.size <= self.noccupied + self.noccupied // 16
        ):
            self._resize()

    def _resize(self) -> None:
        """Bring every key to its place in the array of the new size, in place (g_hash_table_resize, resize_map)."""
        old_size = self.size
        self._set_shift(max(int(self.nnodes * 1.333).bit_length(), HASH_TABLE_MIN_SHIFT))
        hashes, keys, mod, mask = self.hashes, self.keys, self.mod, self.mask
        if self.size > old_size:
            hashes += [UNUSED] * (self.size - old_size)
            keys += [""] * (self.size - old_size)
        settled = bytearray(len(hashes))
        for i in range(old_size):
            value = hashes[i]
            if value <= TOMBSTONE:
                hashes[i] = UNUSED
                continue
            if settled[i]:
                continue
            hashes[i] = UNUSED
            key = keys[i]
            while value > TOMBSTONE:
                at = (value * 11 & 0xFFFFFFFF) % mod
                step = 0
                while settled[at]:
                    step += 1
                    at = (at + step) & mask
                settled[at] = 1
                hashes[at], value = value, hashes[at]
                keys[at], key = key, keys[at]
        del hashes[self.size :], keys[self.size :]
        self.noccupied = self.nnodes


class GHashTable(Map[T]):
    """A mapping that is walked in the order of GLib's hash table. Insertion and look-up cost what a dictionary's do."""

    __slots__ = ("_journal", "_nodes", "_order")

    def __init__(self) -> None:
        super().__init__()
        self._nodes: Nodes | None = None
        self._journal: list[str | tuple[str, bool]] = []
        self._order: list[str] | None = None

    def twin_maker(self, many: ManyMaker) -> Callable[[list[Any]], GHashTable[T]]:
        """Return how to make a copy, array and order included (see Field)."""
        if not self._items and self._nodes is None and not self._journal:
            return lambda _: GHashTable()
        map_maker = super().twin_maker(many)
        journal, nodes, order = tuple(self._journal), self._nodes and self._nodes.copy(), self._order

        def make(twins: list[Any]) -> GHashTable[T]:
            twin = cast(GHashTable[T], map_maker(twins))
            twin._journal = list(journal)
            twin._nodes = nodes and nodes.copy()
            twin._order = order
            return twin

        return make

    def __setitem__(self, key: str, item: T) -> None:
        if key not in self._items:
            self._journal.append(key)
            self._order = None
        super().__setitem__(key, item)

    def __delitem__(self, key: str) -> None:
        """Remove a key (g_hash_table_remove). KeyError: it is not there."""
        super().__delitem__(key)
        self._journal.append((key, True))
        self._order = None

    def iter_remove(self, key: str) -> None:
        """Remove the key that a walk stands at (g_hash_table_iter_remove): the array keeps its size."""
        super().__delitem__(key)
        self._journal.append((key, False))
        self._order = None

    def order(self) -> list[str]:
        """Return the keys in the order of a walk. The list stays as it is when the table changes."""
        if self._order is None:
            if self._nodes is None:
                self._nodes = Nodes()
            nodes = self._nodes
            for entry in self._journal:
                if type(entry) is str:
                    nodes.insert(entry)
                else:
                    nodes.remove_node(entry[0])
                    if entry[1]:
                        nodes.maybe_resize()
            self._journal.clear()
            self._order = [key for value, key in zip(nodes.hashes, nodes.keys, strict=True) if value > TOMBSTONE]
        return self._order

    def __iter__(self) -> Iterator[str]:
        return iter(self.order())

    def values(self) -> Iterable[T]:
        """Return the items in the order of a walk (g_hash_table_foreach)."""
        items = self._items
        return [items[key] for key in self.order()]

    def items(self) -> Iterable[tuple[str, T]]:
        """Return keys with their items in the order of a walk."""
        items = self._items
        return [(key, items[key]) for key in self.order()]
