"""Migration (migration/migration.c), as far as devices ask it in a machine that never migrates."""

from __future__ import annotations

from typing import Final

from emu.net.announce import AnnounceParameters
from emu.trace import Seq, Struct, emulates, per_run, seq
from emu.util.notify import Notifier, notifier_list_add, notifier_remove

DEFAULT_MIGRATE_ANNOUNCE_INITIAL: Final = 50
DEFAULT_MIGRATE_ANNOUNCE_MAX: Final = 550
DEFAULT_MIGRATE_ANNOUNCE_ROUNDS: Final = 5
DEFAULT_MIGRATE_ANNOUNCE_STEP: Final = 100


class MigrationStatics(Struct):
    """The file-level state of migration/migration.c."""

    migration_state_notifiers: Seq[Notifier] = seq()


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
