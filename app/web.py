"""The web application: the page, its data, and the WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import FastAPI, HTTPException, Query, Request, Response, WebSocket
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from app import engine, protocol, source
from app.guard import Guard
from app.limits import Limits
from app.protocol import ProtocolError
from app.runs import Runs
from app.scenarios import scenarios
from app.socket import Session
from app.types import modelled_types

HERE: Final = Path(__file__).parent
NOT_IMPORTED: Final = ("first-paint.js", "skeleton.js")
LOOPBACK: Final = "127.0.0.1"
TOGETHER: Final = 32
"""Sources of so many modules may be asked for at once."""


def page_modules() -> list[str]:
    """Return the page's modules by their paths: named in the page, they come all at once, not import by import."""
    scripts = HERE / "static" / "js"
    return sorted(str(path.relative_to(scripts)) for path in scripts.rglob("*.js") if path.name not in NOT_IMPORTED)


def create_app(limits: Limits | None = None, *, bound: str = LOOPBACK, execute: engine.Execute = engine.run) -> FastAPI:
    """Return the application. ``bound``: the address that the server listens on."""
    limits = limits if limits is not None else Limits()
    runs = Runs(limits, execute)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(engine.prepare)
        yield
        runs.close()

    app = FastAPI(title="qomscope", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard, bound=bound)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    templates = Jinja2Templates(HERE / "templates")
    modules = page_modules()
    sessions: set[Session] = set()

    @app.get("/")
    def page(request: Request) -> Response:
        return templates.TemplateResponse(request, "index.html", {"versions": engine.VERSIONS, "modules": modules})

    @app.get("/healthz")
    def health() -> dict[str, Any]:
        return {"ok": True, "clients": len(sessions)}

    @app.get("/api/scenarios")
    def ready_command_lines() -> list[dict[str, str]]:
        return scenarios()

    @app.get("/api/protocol")
    def message_schema() -> dict[str, Any]:
        return protocol.schema()

    @app.get("/api/types")
    def types() -> dict[str, Any]:
        return modelled_types()

    @app.get("/api/sources")
    def module_sources(module: Annotated[list[str], Query(max_length=TOGETHER)]) -> list[source.Module]:
        try:
            return [source.python_source(name) for name in module]
        except KeyError as err:
            raise HTTPException(404, f"{err.args[0]} is no emulated module") from None

    @app.websocket("/ws")
    async def websocket(socket: WebSocket) -> None:
        session = Session(socket, runs)
        if len(sessions) >= limits.clients:
            await session.refuse(ProtocolError("busy", f"{len(sessions)} clients are connected already", "try again later"))
            return
        sessions.add(session)
        try:
            await session.serve()
        finally:
            sessions.discard(session)

    return app
