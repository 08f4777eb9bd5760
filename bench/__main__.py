"""`python -m bench`: measure everything, print one table for each database."""

import argparse
import os
import platform
import signal
import sys
import tempfile
from pathlib import Path

from bench.databases import DATABASES, CannotRun
from bench.load import CONNECTIONS, check_wrk
from bench.measure import Plan, measure
from bench.profile import profiles
from bench.servers import Workers
from bench.table import lines


def main() -> int:
    options = _options()
    workers = Workers(options.workers, options.worker_class, options.threads)
    plan = Plan(1, 3, 1, workers, options.only) if options.quick else Plan(workers=workers, only=options.only)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if options.profile:
            return _profile()
        check_wrk()
        tables = [_table(name, plan) for name in options.databases]
    except CannotRun as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench: ended early; nothing is left running", file=sys.stderr)
        return 130
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {workers}, wrk with {CONNECTIONS} connections,", end=" ")
    print(f"{plan.turns} turns of {plan.seconds:g} s each, medians; in brackets: how many times the floor's")
    for table in tables:
        print("", *table, sep="\n")
    return 0


def _table(name: str, plan: Plan) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as folder, DATABASES[name](Path(folder)) as databases:
        found, others = measure(databases, plan, lambda step: print(step, file=sys.stderr, flush=True))
        return [databases.name, *lines(found), *(line for other in others for line in other.lines())]


def _profile() -> int:
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as folder, DATABASES["sqlite"](Path(folder)) as databases:
        for profile in profiles(databases):
            print(profile)
    return 0


def _options() -> argparse.Namespace:
    about = "Measure the platform beside a bare application; about five minutes."
    parser = argparse.ArgumentParser(prog="python -m bench", description=about)
    parser.add_argument("--quick", action="store_true", help="short runs, to see that it works; the figures mean little")
    parser.add_argument("--profile", action="store_true", help="instead, show where the time of each case goes")
    parser.add_argument("--only", default="", metavar="WORDS", help="only cases whose name holds these words, beside the floors")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES), metavar="NAME", help="sqlite, postgresql")
    parser.add_argument("--workers", type=int, default=2, help="gunicorn workers of each server (default 2)")
    parser.add_argument("--worker-class", choices=("sync", "gthread"), default="sync")
    parser.add_argument("--threads", type=int, default=1, help="threads of each gthread worker")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
