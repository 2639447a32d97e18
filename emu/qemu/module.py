"""Initialisation functions that run before ``main`` has anything to do (include/qemu/module.h, util/module.c).

C notes them with a constructor per file; the linker decides their order. Here ``type_init`` notes the function at import,
and the recorded link order (``emu/source``) decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from emu.trace import emulates, passage

MODULE_INIT_QOM: Final = "qom"
MODULE_INIT_OPTS: Final = "opts"

InitFunction = Callable[[], None]

_init_functions: dict[str, list[InitFunction]] = {MODULE_INIT_QOM: [], MODULE_INIT_OPTS: []}


def type_init(function: InitFunction) -> InitFunction:
    """Note a function that registers types (include/qemu/module.h, ``type_init``)."""
    _init_functions[MODULE_INIT_QOM].append(function)
    return function


def opts_init(function: InitFunction) -> InitFunction:
    """Note a function that registers option lists (include/qemu/module.h, ``opts_init``)."""
    _init_functions[MODULE_INIT_OPTS].append(function)
    return function


def init_functions(kind: str) -> tuple[InitFunction, ...]:
    """Return the functions noted so far, in the order of import."""
    return tuple(_init_functions[kind])


@emulates(file="util/module.c")
def module_call_init(type_: str, order: Callable[[tuple[InitFunction, ...]], list[InitFunction]] = list) -> None:
    """Call every noted function once (util/module.c). ``order`` puts them into the order of the link."""
    if type_ == MODULE_INIT_QOM:
        call_alike(type_, order)
    else:
        for function in order(init_functions(type_)):
            function()


@passage
def call_alike(type_: str, order: Callable[[tuple[InitFunction, ...]], list[InitFunction]]) -> None:
    """Call functions that do the same in every run: types are registered alike, whatever the command line says."""
    for function in order(init_functions(type_)):
        function()
