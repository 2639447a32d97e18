"""hw/net/virtio-net.c, hw/virtio/virtio.c: a card that goes leaves nothing behind."""

from __future__ import annotations

import pytest

from emu import run
from emu.hw.net.virtio_net import VIRTIO_NET, VirtIONet
from emu.hw.virtio.virtio.device import virtio
from emu.hw.virtio.virtio_net_pci import VirtIONetPCI
from emu.migration.savevm import savevm_state
from emu.net.net.statics import net_c
from emu.qom.object import OBJECT, object_unparent
from emu.softmmu.memory import memory_globals
from emu.softmmu.runstate import runstate_c
from emu.trace.fold import fold
from emu.trace.snapshot import snapshot
from emu.util.async_ import run_pending
from emu.util.qemu_timer import main_loop_tlg

BOARD = ("-nodefaults", "-M", "pc", "-netdev", "user,id=n0")


def left_behind() -> dict[str, int]:
    return {
        "clients": len(net_c().net_clients),
        "virtio devices": len(virtio().virtio_list),
        "listeners": len(memory_globals().memory_listeners),
        "address spaces": len(memory_globals().address_spaces),
        "state handlers": len(runstate_c().vm_change_state_head),
        "migrated": len(savevm_state().handlers),
        "timers": sum(len(timers.active_timers) for timers in main_loop_tlg().tl),
    }


@pytest.mark.parametrize("properties", ["", ",rss=on,mq=on", ",tx=timer", ",disable-modern=on", ",failover=on,id=x"])
def test_unparent_leaves_nothing_behind(properties: str) -> None:
    bare = run(BOARD)
    with bare.recorder.active():
        before = left_behind()
    done = run([*BOARD, "-device", f"virtio-net-pci,netdev=n0{properties}"])
    rec = done.recorder
    with rec.active():
        card = next(obj for obj in rec.objects if VirtIONetPCI in getattr(obj, "_parts", {}))
        net: VirtIONet = VIRTIO_NET(card._parts[VirtIONetPCI].vdev)
        object_unparent(OBJECT(card))
        run_pending()
        assert left_behind() == before
    freed = {event[3] for event in rec.events if event[0] == "F"}
    assert card._id in freed
    assert net.nic is not None
    assert net.nic._id in freed
    assert fold(rec.events) == snapshot(rec)
