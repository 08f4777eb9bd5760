"""What `make test` and `make check` do, step by step; the last line gives the counts.

On Debian as root it installs Chromium and PostgreSQL where they are missing; elsewhere it says in one line what is missing.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
WORKERS = str(os.cpu_count() or 2)
#: Bytes.
ROOM_FOR_DATABASES = 2 * 1024**3
#: Of a server whose databases live for seconds: nothing need survive it, and each database is made and dropped at a checkpoint.
FOR_TESTS = (
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "fsync=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "checkpoint_timeout=1h",
    "autovacuum=off",
    "jit=off",
    # A database that is dropped is looked for in all of them.
    "shared_buffers=32MB",
)
COUNTED = re.compile(r"(\d+) (passed|failed|error|errors|skipped|xfailed|xpassed)\b")


class Tally:
    """How many tests and steps passed and failed so far."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0
        self.skipped = 0

    def step(self, title: str, *command: str | Path, env: dict[str, str] | None = None, tests: bool = False) -> None:
        """Run ``command`` and count its tests, or itself."""
        print(f"\n== {title}", flush=True)
        began = time.monotonic()
        run = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=os.environ | (env or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        closing = ""
        assert run.stdout is not None
        for line in run.stdout:
            print(line, end="", flush=True)
            if COUNTED.search(line):
                closing = line
        status = run.wait()
        counts = {word.rstrip("s"): int(number) for number, word in COUNTED.findall(closing)} if tests else {}
        bad = counts.get("failed", 0) + counts.get("error", 0)
        self.passed += counts.get("passed", 0) if tests else int(status == 0)
        self.failed += max(bad, int(status != 0))
        self.skipped += counts.get("skipped", 0)
        print(f"-- {title}: {'ok' if status == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)


def need(program: str, package: str, *places: str) -> str:
    """Return where ``program`` is, installed first where that can be done."""
    found = _find(program, *places)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {package} ...", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *package.split()],
            check=True,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
        found = _find(program, *places)
    if found is None:
        sys.exit(f"make test needs {program} (Debian: apt-get install {package}); `make check` does without it.")
    return found


def _find(program: str, *places: str) -> str | None:
    for pattern in places:
        for place in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True):
            return str(place)
    return shutil.which(program)


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the address of a PostgreSQL server of our own, which is gone afterwards."""
    initdb = need("initdb", "postgresql", "/usr/lib/postgresql/*/bin/initdb")
    programs = Path(initdb).parent
    folder = Path(tempfile.mkdtemp(prefix="elearn-postgresql-", dir=_in_memory()))
    as_user: list[str] = []
    if os.geteuid() == 0:
        # initdb refuses to run as root.
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    port = free_port()
    options = f"-p {port} -k {folder} " + " ".join(f"-c {setting}" for setting in FOR_TESTS)
    subprocess.run(
        [*as_user, initdb, "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    control = [*as_user, str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> str | None:
    """Return a folder in memory with room for the databases of the tests, each its own; None: where temporary files are."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > ROOM_FOR_DATABASES else None


def free_port() -> int:
    """Return a port of this machine that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def static_steps(tally: Tally) -> None:
    """Linters, contracts, types, content."""
    tally.step("ruff", BIN / "ruff", "check", "--quiet", ".")
    tally.step("import contracts", BIN / "lint-imports", "--no-cache")
    tally.step("types", BIN / "mypy")
    tally.step("content", BIN / "elearn", "content", "check", "--editorial")


def main(what: str) -> int:
    """Run the steps of ``what``: ``all`` or ``check``."""
    tally = Tally()
    pytest = [str(BIN / "pytest"), "-q", "-n", WORKERS, "--dist", "worksteal", "-p", "no:cacheprovider"]
    chromium = {"ELEARN_TEST_CHROMIUM": need("chromium", "chromium")} if what == "all" else {}
    if memory := _in_memory():
        os.environ["TMPDIR"] = memory
    # What is read in by every worker of every step is compiled once.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    static_steps(tally)
    quick = "not browser and not server" if what == "all" else "pure"
    tally.step("tests on SQLite" if what == "all" else "pure tests", *pytest, "-m", quick, tests=True)
    if what == "all":
        tally.step("browser and server tests on SQLite", *pytest, "-m", "browser or server", env=chromium, tests=True)
        with postgresql() as url:
            env = chromium | {"ELEARN_TEST_POSTGRESQL_URL": url}
            # What no database has a part in was tested above.
            wanted = "not browser and not server and not pure and not sqlite and not pages"
            tally.step("tests on PostgreSQL", *pytest, "-m", wanted, env=env, tests=True)
            wanted = "(browser or server) and not pages"
            tally.step("browser and server tests on PostgreSQL", *pytest, "-m", wanted, env=env, tests=True)
    print(f"\n{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return int(bool(tally.failed or tally.skipped))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
