"""A Samba server that the user backend starts (net/slirp.c)."""

from __future__ import annotations

from typing import Final

from emu.host import host
from emu.host.libslirp import slirp_add_exec
from emu.net.slirp.structs import SlirpState
from emu.qapi.error import error_setg
from emu.trace import emulates

CONFIG_SMBD_COMMAND: Final = "/usr/sbin/smbd"


@emulates
def slirp_smb_cleanup(s: SlirpState) -> None:
    """net/slirp.c. Removes the server's directory."""
    if s.smb_dir:
        del host().files[s.smb_dir]
        s.smb_dir = None


@emulates
def slirp_smb(s: SlirpState, exported_dir: str, vserver_addr: int) -> int:
    """net/slirp.c. Error: no server is installed, the directory is not there, the address is taken."""
    files = host().files
    if CONFIG_SMBD_COMMAND not in files:
        error_setg(f"Could not find '{CONFIG_SMBD_COMMAND}', please install it")

    if exported_dir not in files:
        error_setg(f"Error accessing shared directory '{exported_dir}': No such file or directory")

    smb_dir = "/tmp/qemu-smb.AAAAAA"  # noqa: S108  # a name on the simulated host
    files[smb_dir] = "directory"
    s.smb_dir = smb_dir

    smb_cmdline = f"{CONFIG_SMBD_COMMAND} -l {smb_dir} -s {smb_dir}/smb.conf"

    assert s.slirp
    for port in (139, 445):
        err, vserver_addr = slirp_add_exec(s.slirp, smb_cmdline, vserver_addr, port)
        if err < 0:
            slirp_smb_cleanup(s)
            error_setg("Conflicting/invalid smbserver address")
    return 0
