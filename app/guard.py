"""What stands before every request: who may ask, and the headers of every answer."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.origin import host_allowed, same_origin
from app.protocol import Problem

_SOURCES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",  # places of panes and marks are computed
    "img-src": "'self' data: blob:",  # a picture is drawn from the page's own SVG
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
POLICY: Final = "; ".join(f"{what} {where}" for what, where in _SOURCES.items())
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Refuses requests under foreign names and WebSockets from foreign pages; adds the headers."""

    def __init__(self, app: ASGIApp, bound: str) -> None:
        self._app = app
        self._bound = bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection (ASGI)."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        problem = self._problem(headers, scope["type"])

        async def send_on(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if problem is None:
            await self._app(scope, receive, send_on)
        else:
            await JSONResponse(problem.model_dump(), 403)(scope, receive, send_on)

    def _problem(self, headers: Headers, kind: str) -> Problem | None:
        host, origin = headers.get("host"), headers.get("origin")
        if not host_allowed(host, self._bound):
            return Problem(
                code="wrong-host", message=f"this server is not called {host!r}", hint="use the address that it printed"
            )
        if kind == "websocket" and not same_origin(origin, host):
            message = f"no page of {origin!r} may use this server"
            return Problem(code="wrong-origin", message=message, hint="open the server's own page")
        return None
