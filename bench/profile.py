"""Where the time goes: each case under a profiler, in this process, on SQLite."""

import cProfile
import io
import pstats
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from flask import Flask

from bench.cases import Case, app_cases, single_cases
from bench.databases import Databases
from bench.load import Prepared
from bench.measure import prepare
from elearn.app import create_app
from elearn.config import Settings

#: Enough to have met every page once.
WARM_UP = 400
REQUESTS = 1000
LINES = 30


def profiles(databases: Databases) -> Iterator[str]:
    """Yield, case by case, what was profiled: time per function itself, then with what it calls."""
    world, environment = prepare(databases)
    app = create_app(Settings.from_environment(environment))
    for case in [*app_cases(world), *single_cases(world)]:
        if isinstance(case, Case):
            requests = list(islice(case.requests(), WARM_UP + REQUESTS))
            warm, measured = requests[:WARM_UP], requests[WARM_UP:]
        else:
            warm, measured = [case.request] * 2, [case.request] * 5
        yield _profile(app, case.name, warm, measured)


def _profile(app: Flask, name: str, warm: list[Prepared], measured: list[Prepared]) -> str:
    for request in warm:
        _answer(app, request)
    profiler = cProfile.Profile()
    for request in measured:
        environ = _environ(request)
        profiler.enable()
        _answer(app, request, environ)
        profiler.disable()
    out = io.StringIO()
    stats = pstats.Stats(profiler, stream=out)
    for order in ("tottime", "cumtime"):
        stats.sort_stats(order).print_stats(LINES)
    each = 1000 * stats.total_tt / len(measured)
    return f"== {name}: {each:.2f} ms a request under the profiler, {len(measured)} requests\n{out.getvalue()}"


def _environ(request: Prepared) -> dict[str, object]:
    parts = urlsplit(request.path)
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br", "Accept-Language": "en", **request.headers}
    environ: dict[str, object] = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return environ | {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }


def _answer(app: Flask, request: Prepared, environ: dict[str, object] | None = None) -> None:
    statuses: list[str] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> None:  # noqa: ARG001 (WSGI)
        statuses.append(status)

    answer = app(environ or _environ(request), start_response)
    for _part in answer:
        pass
    if hasattr(answer, "close"):
        answer.close()
    if not statuses[0].startswith(("2", "3")):
        raise RuntimeError(f"{request.method} {request.path} answered {statuses[0]}")
