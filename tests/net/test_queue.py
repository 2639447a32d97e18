"""net/queue.c and the way of a packet through net/net.c."""

from __future__ import annotations

from clients import clients

from emu.net.hub import net_hub_add_port
from emu.net.net import NetClientInfo, NetClientState, qemu_flush_queued_packets, qemu_new_net_client, qemu_send_packet
from emu.net.net.packets import qemu_send_packet_async
from emu.qapi.qapi_types_net import NetClientDriver
from emu.qapi.qapi_types_run_state import RunState
from emu.softmmu.runstate import runstate_set

taken: list[tuple[str, bytes]] = []
ready = {"yes": True}


def receive(nc: NetClientState, buf: bytes, size: int) -> int:
    if not ready["yes"]:
        return 0
    taken.append((nc.name, buf))
    return size


INFO = NetClientInfo(variable="end", type=NetClientDriver.TAP, size=(NetClientState,), receive=receive)


def pair() -> tuple[NetClientState, NetClientState]:
    taken.clear()
    ready["yes"] = True
    one = qemu_new_net_client(INFO, None, "end", "one")
    return one, qemu_new_net_client(INFO, one, "end", "two")


def test_a_packet_waits_while_the_machine_stands_still() -> None:
    with clients():
        one, two = pair()
        assert qemu_send_packet(one, b"x" * 60, 60) == 0
        assert two.incoming_queue is not None
        assert two.incoming_queue.nq_count == 1
        runstate_set(RunState.RUNNING)
        qemu_flush_queued_packets(two)
        assert taken == [("two", b"x" * 60)]
        assert two.incoming_queue.nq_count == 0


def test_a_receiver_that_takes_nothing_is_asked_again() -> None:
    sent: list[int] = []
    with clients():
        one, two = pair()
        runstate_set(RunState.RUNNING)
        ready["yes"] = False
        assert qemu_send_packet_async(one, b"a" * 60, 60, lambda _nc, ret: sent.append(ret)) == 0
        assert two.receive_disabled
        ready["yes"] = True
        qemu_flush_queued_packets(two)
        assert sent == [60]
        assert not two.receive_disabled


def test_link_down_swallows_packets() -> None:
    with clients():
        one, two = pair()
        runstate_set(RunState.RUNNING)
        two.link_down = True
        assert qemu_send_packet(one, b"b" * 60, 60) == 60
        one.link_down = True
        assert qemu_send_packet(one, b"b" * 60, 60) == 60
        assert taken == []


def test_a_hub_passes_to_all_other_ports() -> None:
    with clients():
        taken.clear()
        ready["yes"] = True
        ends = [qemu_new_net_client(INFO, net_hub_add_port(0, None, None), "end", f"e{i}") for i in range(3)]
        runstate_set(RunState.RUNNING)
        assert qemu_send_packet(ends[0], b"c" * 60, 60) == 60
        assert sorted(taken) == [("e1", b"c" * 60), ("e2", b"c" * 60)]
