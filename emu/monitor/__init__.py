"""Monitors: where commands print (monitor/monitor.c)."""

from emu.monitor.monitor import Monitor, monitor_printf
