"""States of the machine and reasons for a shutdown (qapi/run-state.json)."""

from __future__ import annotations

from emu.qapi.qapi_util import QapiEnum, QEnumLookup


class RunState(QapiEnum):
    """What the machine is doing."""

    DEBUG = 0, "debug"
    INMIGRATE = 1, "inmigrate"
    INTERNAL_ERROR = 2, "internal-error"
    IO_ERROR = 3, "io-error"
    PAUSED = 4, "paused"
    POSTMIGRATE = 5, "postmigrate"
    PRELAUNCH = 6, "prelaunch"
    FINISH_MIGRATE = 7, "finish-migrate"
    RESTORE_VM = 8, "restore-vm"
    RUNNING = 9, "running"
    SAVE_VM = 10, "save-vm"
    SHUTDOWN = 11, "shutdown"
    SUSPENDED = 12, "suspended"
    WATCHDOG = 13, "watchdog"
    GUEST_PANICKED = 14, "guest-panicked"
    COLO = 15, "colo"


RunState_lookup = QEnumLookup(RunState)


class ShutdownCause(QapiEnum):
    """Why the machine is to be shut down or reset."""

    NONE = 0, "none"
    HOST_ERROR = 1, "host-error"
    HOST_QMP_QUIT = 2, "host-qmp-quit"
    HOST_QMP_SYSTEM_RESET = 3, "host-qmp-system-reset"
    HOST_SIGNAL = 4, "host-signal"
    HOST_UI = 5, "host-ui"
    GUEST_SHUTDOWN = 6, "guest-shutdown"
    GUEST_RESET = 7, "guest-reset"
    GUEST_PANIC = 8, "guest-panic"
    SUBSYSTEM_RESET = 9, "subsystem-reset"
    SNAPSHOT_LOAD = 10, "snapshot-load"
