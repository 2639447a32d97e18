"""What is installed on this machine that tests need beside Python packages."""

from __future__ import annotations

import shutil

QEMU = shutil.which("qemu-system-x86_64")
CHROMIUM = shutil.which("chromium")
NODE = shutil.which("node")
