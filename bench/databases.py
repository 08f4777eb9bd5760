"""The databases of a bench: an SQLite file, or a PostgreSQL cluster of its own; both durable, both gone afterwards."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: As installed, but for what a server on this machine alone does not need; nothing here makes a commit less durable.
CLUSTER_SETTINGS = {"synchronous_commit": "on", "fsync": "on", "listen_addresses": "''", "max_connections": "40"}


class CannotRun(Exception):
    """What the bench needs is not here."""


@dataclass(frozen=True)
class Databases:
    """Where the floor and the application keep what they have, and which process serves it (none: the application itself)."""

    name: str
    floor_url: str
    app_url: str
    server_pid: int | None = None


@contextmanager
def sqlite(folder: Path) -> Iterator[Databases]:
    yield Databases("SQLite", f"sqlite:///{folder / 'floor.sqlite3'}", f"sqlite:///{folder / 'app.sqlite3'}")


def postgresql_programs() -> Path:
    """Return the folder with initdb and pg_ctl; raise CannotRun where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0)
    if found:
        return found[-1]
    if program := shutil.which("pg_ctl"):
        return Path(program).resolve().parent
    raise CannotRun("PostgreSQL is missing (on Debian: apt install postgresql), or run with --databases sqlite.")


@contextmanager
def postgresql(folder: Path) -> Iterator[Databases]:
    programs = postgresql_programs()
    cluster = folder / "cluster"
    cluster.mkdir()
    owner: list[str] = []
    if os.geteuid() == 0:
        # initdb refuses root; Debian's package has made this user.
        owner = ["runuser", "-u", "postgres", "--"]
        shutil.chown(cluster, "postgres")
        folder.chmod(0o711)

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run([*owner, str(programs / program), *arguments], capture_output=True, text=True, check=False, cwd="/")
        if done.returncode:
            raise CannotRun(f"{program}: {(done.stderr or done.stdout).strip()}")

    run("initdb", "--pgdata", str(cluster), "--auth", "trust", "--username", "postgres", "--encoding", "UTF8", "--no-locale")
    options = " ".join(f"-c {name}={value}" for name, value in {**CLUSTER_SETTINGS, "unix_socket_directories": cluster}.items())
    try:
        run("pg_ctl", "start", "--wait", "--pgdata", str(cluster), "--log", str(cluster / "log"), "--options", options)
        for name in ("floor", "elearn"):
            run("createdb", "--host", str(cluster), "--username", "postgres", name)
        address = "postgresql+psycopg://postgres@/{}?host=" + str(cluster)
        pid = int((cluster / "postmaster.pid").read_text().split()[0])
        yield Databases("PostgreSQL", address.format("floor"), address.format("elearn"), pid)
    finally:
        if (cluster / "postmaster.pid").exists():
            run("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", str(cluster))


DATABASES = {"sqlite": sqlite, "postgresql": postgresql}
