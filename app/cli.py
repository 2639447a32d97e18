"""The command line: ``qomscope serve``, ``calls``, ``types``, ``run``."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn, TypeVar

import click

from app import argv as command_line
from app import engine, wire
from app.header import header
from app.limits import MIB, Limits
from app.origin import is_loopback
from app.protocol import BATCH
from app.tree import calls as call_tree
from app.types import modelled_types
from emu.trace import TooManyEvents

F = TypeVar("F", bound=Callable[..., Any])

PASSES_ARGV: Final = {"ignore_unknown_options": True, "allow_interspersed_args": False}
DEFAULT: Final = Limits()


def bound(name: str, default: float, what: str, least: float = 1) -> Callable[[F], F]:
    """Return the option of a limit, with its default shown."""
    kind = click.IntRange(int(least)) if isinstance(default, int) else click.FloatRange(least)
    return click.option(name, type=kind, default=default, show_default=True, help=what)


version_option = click.option(
    "--qemu", "version", type=click.Choice(engine.VERSIONS), default=engine.VERSIONS[0], show_default=True, help="QEMU version."
)
limit_option = bound("--limit", 5_000_000, "Most events that the run may have.")
do_option = click.option(
    "--do",
    "commands",
    multiple=True,
    metavar="COMMAND",
    help="Do a command on the ready machine: a line of QEMU's monitor, or a QMP command in JSON. May be repeated.",
)
argv_argument = click.argument("argv", nargs=-1, type=click.UNPROCESSED, metavar="-- ARGV...")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="qomscope", prog_name="qomscope")
def main() -> None:
    """Watch QEMU bring a network card into being: emulate a QEMU command line and look at what was recorded."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; not on loopback, others get in.")
@click.option("--port", type=click.IntRange(0, 65535), default=8086, show_default=True, help="Port; 0 takes a free one.")
@bound("--max-argv", DEFAULT.argv_chars, "Characters of a command line.")
@bound("--max-events", DEFAULT.events, "Events of one run.")
@bound("--max-runs", DEFAULT.runs, "Runs at the same time.")
@bound("--max-seconds", DEFAULT.seconds, "Time of one run.", least=0.1)
@bound("--max-memory", DEFAULT.memory // MIB, "Memory of the server in MiB.", least=64)
@bound("--max-clients", DEFAULT.clients, "WebSockets at the same time.")
def serve(
    host: str, port: int, max_argv: int, max_events: int, max_runs: int, max_seconds: float, max_memory: int, max_clients: int
) -> None:
    """Start the web application."""
    import uvicorn  # noqa: PLC0415 # the other commands start faster without it

    from app.web import create_app  # noqa: PLC0415 # likewise

    limits = Limits(
        argv_chars=max_argv, events=max_events, runs=max_runs, seconds=max_seconds, memory=max_memory * MIB, clients=max_clients
    )
    listener = _listen(host, port)
    config = uvicorn.Config(
        create_app(limits, bound=host),
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=limits.message_bytes,
        ws_per_message_deflate=not is_loopback(host),  # costs more than it saves on one machine
        timeout_graceful_shutdown=2,
    )
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"qomscope: http://{shown}:{listener.getsockname()[1]}/  (Ctrl+C ends it)")
    if not is_loopback(host):
        click.echo("qomscope: everybody who reaches this machine may use this server", err=True)
    uvicorn.Server(config).run(sockets=[listener])


@main.command(context_settings=PASSES_ARGV)
@version_option
@limit_option
@do_option
@argv_argument
def calls(argv: tuple[str, ...], version: str, limit: int, commands: tuple[str, ...]) -> None:
    """Print the call tree of a run, one "<depth> <function>" a line. Exit status and standard error are QEMU's own.

    The tree takes the place of what QEMU prints on standard output.
    """
    run = _run(argv, version, limit, commands)
    with _printing():
        sys.stdout.writelines(f"{depth} {name}\n" for depth, name in call_tree(run.events))
    _end(run)


@main.command(context_settings=PASSES_ARGV)
@click.option("--json", "as_json", is_flag=True, help="Print the log as JSON lines: header, events, end.")
@version_option
@limit_option
@do_option
@argv_argument
def run(argv: tuple[str, ...], version: str, limit: int, commands: tuple[str, ...], *, as_json: bool) -> None:
    """Emulate a command line and print what QEMU and its monitor print, or the whole log.

    Exit status and standard error are QEMU's own.
    """
    done = _run(argv, version, limit, commands)
    with _printing():
        if as_json:
            _print_log(done, version)
        else:
            sys.stdout.write(done.stdout)
            sys.stdout.write(done.output("monitor"))
    _end(done)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print all of it as one JSON object.")
@version_option
@click.argument("names", nargs=-1, metavar="[TYPE]...")
def types(names: tuple[str, ...], version: str, *, as_json: bool) -> None:
    """Print the table of modelled types after class_init: all of them, or those named."""
    rows = modelled_types(version)
    unknown = [name for name in names if name not in rows]
    if unknown:
        raise click.UsageError(f"not modelled: {', '.join(unknown)}")
    chosen = {name: rows[name] for name in names or rows}
    with _printing():
        if as_json:
            click.echo(json.dumps(chosen, indent=1))
        else:
            sys.stdout.writelines(f"{line}\n" for line in _type_lines(chosen))


def _type_lines(rows: dict[str, Any]) -> Iterator[str]:
    for name, row in rows.items():
        above = f" : {row['parent']}" if row["parent"] else ""
        yield f"{name}{above}{'  (abstract)' if row['abstract'] else ''}"
        yield f"    class {row['class_size']} bytes, instance {row['instance_size']} bytes"
        for field in ("class_init", "class_base_init", "instance_init", "instance_post_init", "instance_finalize"):
            if row[field]:
                yield f"    {field:<20}{row[field]}"
        if row["interfaces"]:
            yield f"    {'interfaces':<20}{', '.join(row['interfaces'])}"
        for slot, value in row.get("slots", {}).items():
            if value is not None and value != 0:
                yield f"    {slot:<40}{value}"


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Ends the program with a plain word where there is none to be had."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, proto)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)  # from now on, whoever has read the address gets in, if a little later
    except OSError as err:
        raise click.ClickException(f"cannot listen on {host} port {port}: {err.strerror}; try another one: --port 0") from None
    return listener


def _run(argv: tuple[str, ...], version: str, limit: int, commands: tuple[str, ...]) -> engine.Run:
    try:
        words = command_line.checked(list(argv))
        return engine.run(words, version, commands=commands, files=command_line.config_files(words), limit=limit)
    except command_line.CommandLineError as err:
        raise click.UsageError(f"{err}" + (f" ({err.hint})" if err.hint else "")) from None
    except TooManyEvents:
        raise click.ClickException(f"the run has more than {limit} events; allow more: --limit EVENTS") from None


def _print_log(done: engine.Run, version: str) -> None:
    sys.stdout.write(wire.text({"type": "header", **header(version, list(done.argv), done.commands)}) + "\n")
    for first in range(0, len(done.events), BATCH):
        sys.stdout.writelines(f"{wire.event_text(event)}\n" for event in done.events[first : first + BATCH])
    end = {
        "type": "end",
        "total": len(done.events),
        "exit": done.exit_status,
        "stderr": done.stderr,
        "stdout": done.stdout,
        "ready": engine.is_ready(done),
    }
    sys.stdout.write(wire.text(end) + "\n")


@contextmanager
def _printing() -> Iterator[None]:
    """Let a reader go before the end (``| head``) without a word."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(done: engine.Run) -> NoReturn:
    sys.stderr.write(done.stderr)
    sys.stderr.flush()
    raise SystemExit(done.exit_status)
