"""How a QMP command is looked up, done and answered (qapi/qmp-dispatch.c, qapi/qmp-registry.c)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from emu.errors import NotModelled
from emu.qapi.error import ERROR_CLASS_COMMAND_NOT_FOUND, Error, error_get_class, error_get_pretty, error_set, error_setg
from emu.qobject.qdict import (
    QDict,
    qdict_get,
    qdict_get_qdict,
    qdict_get_str,
    qdict_get_try_str,
    qdict_haskey,
    qdict_new,
    qdict_put_obj,
)
from emu.qobject.qobject import QObject
from emu.source import recorded_commands
from emu.trace import emulates
from emu.util.error_report import Monitor, error_report_state

QmpCommandFunc = Callable[[QDict], QObject | None]

qmp_functions: Final[dict[str, QmpCommandFunc]] = {}
"""The commands that are emulated: each reads its arguments and returns what it returns; emu.monitor.qmp_commands fills it."""

main_loop_turns: Final[list[Callable[[], None]]] = []
"""What the main loop does between a command and its answer; emu.softmmu.main fills it."""


@dataclass(frozen=True, slots=True)
class QmpCommand:
    """A command (include/qapi/qmp/dispatch.h). ``allow_oob``: it may jump the queue."""

    name: str
    allow_oob: bool = False


QmpCommandList = Mapping[str, QmpCommand]


@lru_cache
def qmp_commands(version: str = "7.2") -> QmpCommandList:
    """Return all commands in the order of their registration."""
    return {each["name"]: QmpCommand(each["name"], each["oob"]) for each in recorded_commands(version)["qmp"]}


@lru_cache
def qmp_cap_negotiation_commands() -> QmpCommandList:
    """Return the one command that may come first."""
    return {"qmp_capabilities": QmpCommand("qmp_capabilities")}


@emulates
def qmp_dispatch_check_obj(dict_: QDict, allow_oob: bool) -> None:
    """qapi/qmp-dispatch.c. Error: the request has not the form of one."""
    exec_key: str | None = None

    for arg_name in dict_:
        arg_obj = qdict_get(dict_, arg_name)

        if arg_name == "execute" or (arg_name == "exec-oob" and allow_oob):
            if not isinstance(arg_obj, str):
                error_setg(f"QMP input member '{arg_name}' must be a string")
            if exec_key is not None:
                error_setg(f"QMP input member '{arg_name}' clashes with '{exec_key}'")
            exec_key = arg_name
        elif arg_name == "arguments":
            if not isinstance(arg_obj, QDict):
                error_setg("QMP input member 'arguments' must be an object")
        elif arg_name == "id":
            continue
        else:
            error_setg(f"QMP input member '{arg_name}' is unexpected")

    if exec_key is None:
        error_setg("QMP input lacks member 'execute'")


def qmp_error_response(err: Error) -> QDict:
    """Return the answer that an error is (qapi/qmp-dispatch.c)."""
    return qdict_new({"error": qdict_new({"class": error_get_class(err), "desc": error_get_pretty(err)})})


def _missing(name: str) -> QmpCommandFunc:
    """Return what stands for a command that is not emulated."""

    def refuse(args: QDict) -> QObject | None:
        raise NotModelled(f"the QMP command {name}")

    return refuse


def _call(name: str, args: QDict, cur_mon: Monitor) -> QObject | None:
    """Do a command as the main loop does. Error: it fails, or is not emulated."""
    state = error_report_state()
    outer, state.cur_mon = state.cur_mon, cur_mon
    places = len(state.stack)
    try:
        return qmp_functions.get(name, _missing(name))(args)
    except NotModelled as end:
        del state.stack[places:]
        state.errp.clear()
        raise Error(str(end), func="qmp_dispatch") from end
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as err:
        # The emulation itself has failed; who asked is told, and others are not troubled.
        del state.stack[places:]
        state.errp.clear()
        raise Error(f"not modelled: {name} ends in {type(err).__name__}: {err}", func="qmp_dispatch") from err
    finally:
        state.cur_mon = outer


def _perform(cmds: QmpCommandList, dict_: QDict, allow_oob: bool, cur_mon: Monitor) -> QObject:
    qmp_dispatch_check_obj(dict_, allow_oob)

    command = qdict_get_try_str(dict_, "execute")
    oob = False
    if command is None:
        command = qdict_get_str(dict_, "exec-oob")
        oob = True
    cmd = cmds.get(command)
    if cmd is None:
        error_set(ERROR_CLASS_COMMAND_NOT_FOUND, f"The command {command} has not been found")
    if oob and not cmd.allow_oob:
        error_setg(f"The command {command} does not support OOB")

    args = qdict_get_qdict(dict_, "arguments")
    try:
        ret = _call(command, args if args is not None else qdict_new(), cur_mon)
    finally:
        # The answer is given from a coroutine that the loop comes to in its next turn.
        for turn in main_loop_turns:
            turn()
    return ret if ret is not None else qdict_new()


@emulates
def qmp_dispatch(cmds: QmpCommandList, request: QObject, allow_oob: bool, cur_mon: Any) -> QDict:
    """qapi/qmp-dispatch.c. Does a command; returns its answer, which is an error where anything is wrong."""
    id: QObject | None = None
    try:
        if not isinstance(request, QDict):
            error_setg("QMP input must be a JSON object")
        id = qdict_get(request, "id")
        rsp = qdict_new({"return": _perform(cmds, request, allow_oob, cur_mon)})
    except Error as err:
        rsp = qmp_error_response(err)

    if id is not None and isinstance(request, QDict) and qdict_haskey(request, "id"):
        qdict_put_obj(rsp, "id", id)

    return rsp
