"""Serves the administrator's pages beside the app: the host answers below /api and /admin as if nothing were here.

In Azure a static site does the same. What must hold there too is in the headers: nothing but the site's own scripts
runs, nothing is loaded from elsewhere, no other site frames it. Styles may stand inline, because Fluent UI writes its
`<style>` elements while it runs.
"""

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from localhost.data_folder import PROJECT_FOLDER
from localhost.issuer import DevelopmentIssuer
from localhost.portal.tokens import TOKEN_PATH, answer_token
from localhost.routing import InvalidPathError, decode_path

PORTAL_FOLDER: Final = PROJECT_FOLDER / "portal"
BUILT_FOLDER: Final = PORTAL_FOLDER / "dist"
BUILT_MARK: Final = "built"
"""The file that install.py writes into the folder last: without it, a build is under way or failed."""

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
CONTENT_SECURITY_POLICY: Final = "; ".join(f"{what} {where}" for what, where in _POLICY.items())
CONFIGURATION: Final = {"api": "/api", "signIn": {"kind": "development"}}
"""What the pages read at their start, from /portal.json. It holds no secret."""

REVALIDATED: Final = "no-cache"
HASHED: Final = "public, max-age=31536000, immutable"
"""For files whose name changes with their content: a year, the most that caches promise (RFC 9111)."""

_ASSETS: Final = "/assets/"
_FILES: Final = (".css", ".html", ".ico", ".js", ".json", ".map", ".md", ".png", ".svg", ".txt")
"""What ends so is a file, and nobody's id: those of users may have dots."""
_HOSTS_OWN: Final = ("api", "admin", "runtime")
_READING: Final = ("GET", "HEAD")

_WAITING_PAGE: Final = """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="refresh" content="2">
    <title>Autoclaim is being built</title>
    <link rel="icon" href="data:,">
    <style>
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; color: #242424; background: #fff;
        font: 16px/1.5 "Segoe UI", system-ui, sans-serif; }
      main { max-width: 30rem; padding: 2rem; }
      h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 .5rem; }
      p { margin: 0 0 .75rem; color: #424242; }
      @media (prefers-color-scheme: dark) { body { color: #fff; background: #292929; } p { color: #d6d6d6; } }
    </style>
  </head>
  <body>
    <main>
      <h1>The pages are being built</h1>
      <p>This takes a minute or two the first time, and no time when nothing has changed. This page looks again by
        itself; the terminal shows how far it is, or why it failed.</p>
      <p>The API answers already: <a href="/api/docs">read it and try it</a>.</p>
      <p lang="nl">De pagina's worden gebouwd. Deze pagina kijkt vanzelf opnieuw.</p>
    </main>
  </body>
</html>
"""


class Portal:
    """An ASGI app: the pages, and in front of what is not theirs, the host."""

    def __init__(self, host: ASGIApp, issuer: DevelopmentIssuer, built: Path = BUILT_FOLDER) -> None:
        """Serves what lies in `built` at the time of each request; it may be built meanwhile."""
        self._host = host
        self._issuer = issuer
        self._built = built.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or hands it on."""
        if scope["type"] != "http" or _is_hosts_own(scope):
            await self._host(scope, receive, send)
            return
        response = await self._answer(Request(scope, receive))
        for name, value in _HEADERS.items():
            response.headers[name] = value
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            path = decode_path(request.scope["raw_path"])
        except InvalidPathError:
            return Response(status_code=400)
        if path == TOKEN_PATH:
            return await answer_token(request, self._issuer)
        if request.method not in _READING:
            return Response(status_code=405, headers={"Allow": ", ".join(_READING)})
        if path == "/portal.json":
            return JSONResponse(CONFIGURATION, headers={"Cache-Control": REVALIDATED})
        if _first_segment(path) == "portal":
            return Response(status_code=404)
        return self._file(path)

    def _file(self, path: str) -> Response:
        """A file of the build, or index.html for a path that only the pages' own routing knows."""
        if not (self._built / BUILT_MARK).is_file():
            return HTMLResponse(_WAITING_PAGE, 503, {"Cache-Control": "no-store", "Retry-After": "2"})
        file = self._existing(path)
        if file is None:
            if path.startswith(_ASSETS) or path.endswith(_FILES):
                return Response(status_code=404)
            file = self._built / "index.html"
        return FileResponse(file, headers={"Cache-Control": HASHED if path.startswith(_ASSETS) else REVALIDATED})

    def _existing(self, path: str) -> Path | None:
        """The file, if it lies inside the folder, wherever links and dots lead. The mark is not one of the pages."""
        try:
            file = (self._built / path.lstrip("/")).resolve()
            is_served = file.is_relative_to(self._built) and file.name != BUILT_MARK and file.is_file()
        except OSError:  # a name that the file system cannot hold
            return None
        return file if is_served else None


_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def _is_hosts_own(scope: Scope) -> bool:
    """As the host reads it: decoded, and without regard to letter case. A path that nobody can read is the host's."""
    try:
        return _first_segment(decode_path(scope["raw_path"])).lower() in _HOSTS_OWN
    except InvalidPathError:
        return True


def _first_segment(path: str) -> str:
    return path.lstrip("/").partition("/")[0]
