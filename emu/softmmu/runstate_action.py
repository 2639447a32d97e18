"""What happens when the guest reboots, shuts down, panics or hangs (softmmu/runstate-action.c)."""

from __future__ import annotations

from emu.qapi.qapi_struct import QapiStruct, visit_struct
from emu.qapi.qapi_util import QapiEnum
from emu.qapi.qobject_input_visitor import qobject_input_visitor_new_keyval
from emu.qobject.qdict import QDict
from emu.trace import Struct, emulates, per_run


class RebootAction(QapiEnum):
    """When the guest reboots (qapi/run-state.json)."""

    RESET = 0, "reset"
    SHUTDOWN = 1, "shutdown"


class ShutdownAction(QapiEnum):
    """When the guest shuts down (qapi/run-state.json)."""

    POWEROFF = 0, "poweroff"
    PAUSE = 1, "pause"


class PanicAction(QapiEnum):
    """When the guest panics (qapi/run-state.json)."""

    PAUSE = 0, "pause"
    SHUTDOWN = 1, "shutdown"
    EXIT_FAILURE = 2, "exit-failure"
    NONE = 3, "none"


class WatchdogAction(QapiEnum):
    """When the watchdog bites (qapi/run-state.json)."""

    RESET = 0, "reset"
    SHUTDOWN = 1, "shutdown"
    POWEROFF = 2, "poweroff"
    PAUSE = 3, "pause"
    DEBUG = 4, "debug"
    NONE = 5, "none"
    INJECT_NMI = 6, "inject-nmi"


class SetAction(QapiStruct):
    """The arguments of ``set-action``."""

    reboot: RebootAction | None = None
    shutdown: ShutdownAction | None = None
    panic: PanicAction | None = None
    watchdog: WatchdogAction | None = None


class RunstateActions(Struct):
    """The global variables of softmmu/runstate-action.c."""

    reboot_action: RebootAction = RebootAction.RESET
    shutdown_action: ShutdownAction = ShutdownAction.POWEROFF
    panic_action: PanicAction = PanicAction.SHUTDOWN


runstate_actions = per_run(RunstateActions)


@emulates
def qmp_set_action(actions: SetAction) -> None:
    """softmmu/runstate-action.c. Notes the actions; no guest runs that could panic, or that a watchdog would bite."""
    own = runstate_actions()
    if actions.panic is not None:
        own.panic_action = actions.panic
    if actions.reboot is not None:
        own.reboot_action = actions.reboot
    if actions.shutdown is not None:
        own.shutdown_action = actions.shutdown


@emulates
def qmp_marshal_set_action(qdict: QDict) -> None:
    """qapi/run-state.json. Error: an action that there is not."""
    qmp_set_action(visit_struct(qobject_input_visitor_new_keyval(qdict), None, SetAction))
