"""Programs that set an interface up (net/tap.c). On the simulated host they are names with an exit status."""

from __future__ import annotations

from emu.host import host
from emu.host.outside import outside
from emu.host.tap import tap_of_helper
from emu.net.net.structs import DEFAULT_BRIDGE_HELPER
from emu.qapi.error import error_setg
from emu.trace import emulates


@emulates
def launch_script(setup_script: str, ifname: str, fd: int) -> None:
    """net/tap.c. Error: the script fails; the status is that of ``waitpid``."""
    argv = (setup_script, ifname)
    status = outside().run(argv, host().get(fd)) if outside().is_real else host().run(argv) << 8
    if status == 0:
        return
    error_setg(f"network script {setup_script} failed with status {status}")


@emulates
def net_bridge_run_helper(helper: str | None, bridge: str) -> int:
    """net/tap.c. Returns the descriptor of a tap that the helper opened and put on the bridge. Error: the helper fails."""
    if helper is None:
        helper = DEFAULT_BRIDGE_HELPER
    by_shell = " " in helper or "\t" in helper
    if outside().is_real:
        named = "" if by_shell and "--br=" in helper else f"--br={bridge}"
        command = f"{helper} --use-vnet --fd={{fd}} {named}" if by_shell else ""
        queue, status = outside().run_helper(command, (helper, "--use-vnet", "--fd={fd}", named))
        if status != 0:
            error_setg("bridge helper failed")
        return 0 if queue is None else host().open(queue)

    argv: tuple[str, ...]
    if by_shell:
        argv = (*helper.split(), "--use-vnet", "--fd=3") + (() if "--br=" in helper else (f"--br={bridge}",))
        status = host().run_by_shell(argv)
    else:
        argv = (helper, "--use-vnet", "--fd=3", f"--br={bridge}")
        status = host().run(argv)
    if status != 0:
        error_setg("bridge helper failed")
    return tap_of_helper(host())
