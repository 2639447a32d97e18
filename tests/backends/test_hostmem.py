"""Memory of the host that a vhost-user device shares (backends/hostmem*.c, hw/core/numa.c), in the real program's words."""

from __future__ import annotations

import pytest

import emu

BOARD = ("-nodefaults", "-M", "pc", "-m", "128")
FILE = "memory-backend-file,id=mem,size=128M,mem-path=/dev/shm,share=on"


def mtree(*argv: str) -> str:
    """Return the memory tree of a machine that stands."""
    run = emu.run([*BOARD, *argv], commands=["info mtree"], recording=True)
    assert run.exit_status == 0, run.stderr
    return run.output("monitor")


@pytest.mark.parametrize("backend", [FILE, "memory-backend-memfd,id=mem,size=128M", "memory-backend-ram,id=mem,size=128M"])
def test_memory_of_a_node_is_the_machines(backend: str) -> None:
    """numa_init_memdev_container."""
    tree = mtree("-object", backend, "-numa", "node,memdev=mem")
    assert "memory-region: pc.ram\n  0000000000000000-0000000007ffffff (prio 0, i/o): pc.ram\n" in tree.replace("\r", "")
    assert "(prio 0, ram): mem\n" in tree.replace("\r", "")


def test_memory_of_the_machine() -> None:
    """machine_consume_memdev."""
    assert "(prio 0, ram): mem\n" in mtree("-object", FILE, "-machine", "memory-backend=mem").replace("\r", "")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("-numa", "node"), "total memory for NUMA nodes (0x0) should equal RAM size (0x8000000)"),
        (("-numa", "node,memdev=no"), "-numa node,memdev=no: memdev=no is ambiguous"),
        (
            ("-numa", "node,mem=128"),
            "-numa node,mem=128: Parameter -numa node,mem is not supported by this machine type\nUse -numa node,memdev instead",
        ),
        (
            ("-object", FILE, "-numa", "node,memdev=mem", "-machine", "memory-backend=mem"),
            "'-machine memory-backend' and '-numa memdev' properties are mutually exclusive",
        ),
        (
            ("-mem-path", "/no/such"),
            "can't open backing store /no/such for guest RAM: No such file or directory",
        ),
        (
            ("-object", f"{FILE},align=3"),
            "alignment 0x3 must be multiples of page size 0x1000",
        ),
    ],
)
def test_refusals(argv: tuple[str, ...], message: str) -> None:
    """parse_numa_node, numa_complete_configuration, file_ram_open, file_ram_alloc."""
    run = emu.run([*BOARD, *argv], recording=False)
    assert (run.exit_status, run.stderr) == (1, f"qemu-system-x86_64: {message}\n")


@pytest.mark.parametrize("numa", ["dist,src=0,dst=1,val=20", "cpu,node-id=0,socket-id=0", "node,cpus=0"])
def test_the_rest_of_numa_is_not_modelled(numa: str) -> None:
    """set_numa_options."""
    assert emu.run([*BOARD, "-numa", numa], recording=False).stderr.startswith("qomscope: not modelled: -numa ")
