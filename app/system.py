"""``qomscope-system-x86_64``: the drop-in front, which behaves as a QEMU binary on its monitors and its test server."""

from __future__ import annotations

import gc
import os
import sys

RECURSION = 1 << 15
"""Values nest as deep as QEMU lets them (MAX_NESTING), and each level is some calls."""


def main() -> None:
    """Run the command line; exit with QEMU's status."""
    gc.disable()
    sys.setrecursionlimit(RECURSION)
    from app.dropin.front import Front  # noqa: PLC0415  # importing makes much that stays: the collector need not look
    from emu.program import import_everything  # noqa: PLC0415  # likewise

    import_everything()
    gc.freeze()
    gc.enable()
    status = Front(sys.argv[1:]).main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # a thread still waits for signals


if __name__ == "__main__":
    main()
