"""Migration (migration/migration.c), as far as devices ask it in a machine that never migrates."""

from __future__ import annotations

from typing import Final

from emu.migration.savevm import savevm_state
from emu.net.announce import AnnounceParameters
from emu.qapi.error import error_setg
from emu.trace import Seq, Struct, emulates, per_run, seq
from emu.util.notify import Notifier, notifier_list_add, notifier_remove

DEFAULT_MIGRATE_ANNOUNCE_INITIAL: Final = 50
DEFAULT_MIGRATE_ANNOUNCE_MAX: Final = 550
DEFAULT_MIGRATE_ANNOUNCE_ROUNDS: Final = 5
DEFAULT_MIGRATE_ANNOUNCE_STEP: Final = 100


class MigrationStatics(Struct):
    """The file-level state of migration/migration.c."""

    migration_state_notifiers: Seq[Notifier] = seq()
    migration_blockers: Seq[str] = seq()
    """Why the machine cannot migrate, the latest reason first."""


migration_c = per_run(MigrationStatics)


@emulates
def migrate_announce_params() -> AnnounceParameters:
    """Return how often to announce after a migration, and at what distance in milliseconds."""
    return AnnounceParameters(
        initial=DEFAULT_MIGRATE_ANNOUNCE_INITIAL,
        max=DEFAULT_MIGRATE_ANNOUNCE_MAX,
        rounds=DEFAULT_MIGRATE_ANNOUNCE_ROUNDS,
        step=DEFAULT_MIGRATE_ANNOUNCE_STEP,
    )


@emulates
def add_migration_state_change_notifier(notify: Notifier) -> None:
    """Tell somebody of migrations."""
    notifier_list_add(migration_c().migration_state_notifiers, notify)


@emulates
def remove_migration_state_change_notifier(notify: Notifier) -> None:
    """Tell him no longer."""
    notifier_remove(migration_c().migration_state_notifiers, notify)


@emulates
def migrate_add_blocker(reason: str) -> None:
    """Keep the machine from migrating. Error: ``--only-migratable``."""
    if savevm_state().only_migratable:
        error_setg(f"disallowing migration blocker (--only-migratable) for: {reason}")
    migration_c().migration_blockers.insert(0, reason)


@emulates
def migrate_del_blocker(reason: str) -> None:
    """One reason less."""
    if reason in migration_c().migration_blockers:
        migration_c().migration_blockers.remove(reason)
