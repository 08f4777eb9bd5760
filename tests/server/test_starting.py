"""Starting for real: laptop mode, production, and what is refused with a sentence."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from elearn.cli import main

pytestmark = pytest.mark.server

ELEARN = str(Path(sys.executable).parent / "elearn")


def clean(**settings: str) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("ELEARN_")} | settings


def elearn(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ELEARN, *arguments], env=clean(**settings), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(folder: Path, *arguments: str, **settings: str) -> Iterator[tuple[str, float]]:
    """Start `elearn run` in ``folder``, wait until it answers, and yield its address and how long that took."""
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        [ELEARN, "run", "--port", str(port), *arguments],
        env=clean(**settings),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while time.monotonic() - began < 100:
            try:
                fetch(address + "/healthz")
                break
            except OSError:
                assert process.poll() is None, process.stdout.read().decode()
                time.sleep(0.05)
        yield address, time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


def test_laptop_mode_serves_the_modules_from_any_folder_and_a_second_start_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with running(elsewhere, ELEARN_DATA_DIR=str(data)) as (address, _seconds):
        for path in ("/", "/modules/", "/modules/introduction-to-cybercrime/what-counts-as-cybercrime", "/reach", "/readyz"):
            assert fetch(address + path)
    assert (data / "secret-key").stat().st_mode & 0o077 == 0
    before = dump(data)
    with running(elsewhere, ELEARN_DATA_DIR=str(data)) as (address, _seconds):
        assert "Introduction to Cybercrime" in fetch(address + "/modules/")
    assert dump(data) == before


def dump(data: Path) -> list[str]:
    with sqlite3.connect(data / "elearn.sqlite3") as connection:
        # What the site does by itself it does at each start.
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "job"')]


def test_production_refuses_to_start_without_a_key(tmp_path: Path) -> None:
    run = elearn("run", "--host", "0.0.0.0", ELEARN_DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3")
    assert run.returncode == 1
    assert "ELEARN_SECRET_KEY" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("state", ["none", "old", "missing", "not-a-database"])
def test_production_refuses_a_database_it_cannot_use_in_one_sentence(tmp_path: Path, state: str) -> None:
    file = tmp_path / ("no/such" if state == "missing" else "") / "x.sqlite3"
    if state == "old":
        with sqlite3.connect(file) as connection:
            connection.execute("create table alembic_version (version_num varchar(32))")
            connection.execute("insert into alembic_version values ('0000')")
    if state == "not-a-database":
        file.write_bytes(b"not a database at all, by far" * 100)
    run = elearn("run", "--host", "0.0.0.0", ELEARN_DATABASE_URL=f"sqlite:///{file}", ELEARN_SECRET_KEY="k" * 40)
    assert run.returncode == 1
    assert "database" in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_debug_is_refused_in_production(tmp_path: Path) -> None:
    run = elearn("run", "--host", "0.0.0.0", ELEARN_DATABASE_URL=f"sqlite:///{tmp_path}/x", ELEARN_SECRET_KEY="k" * 40, ELEARN_DEBUG="1")
    assert run.returncode == 1
    assert "ELEARN_DEBUG" in run.stderr


def test_the_operator_makes_the_first_account_and_it_signs_in(tmp_path: Path) -> None:
    settings = {"ELEARN_DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3", "ELEARN_SECRET_KEY": "k" * 40}
    assert elearn("db", "upgrade", **settings).returncode == 0
    made = elearn("users", "create", "--email", "root@example.org", "--name", "Root", "--role", "programme-coordinator", **settings)
    assert made.returncode == 0
    assert "/set-password/" in made.stdout
    assert elearn("users", "create", "--email", "ROOT@example.org", "--name", "Root", "--role", "editor", **settings).returncode == 1
    assert elearn("users", "create", "--email", "x@example.org", "--name", "X", "--role", "professor", **settings).returncode == 1
    assert elearn("users", "create", "--nonsense", **settings).returncode == 2
    registry = tmp_path / "institutions.csv"
    registry.write_text(
        "code,name,local_name,kind,country,timezone\nNBO,University of X,,university,KE,Africa/Nairobi\n", encoding="utf-8-sig"
    )
    assert "1 added" in elearn("institutions", "import", str(registry), **settings).stdout
    assert "0 added" in elearn("institutions", "import", str(registry), **settings).stdout
    registry.write_text("code,name,kind,country\nA,Fine,university,KE\nB,Bad,university,XX\nC,Bad,castle,KE\n", encoding="utf-8")
    refused = elearn("institutions", "import", str(registry), **settings)
    assert refused.returncode == 1
    assert "line 3" in refused.stderr
    assert "line 4" in refused.stderr
    assert "1 added" in elearn("institutions", "import", str(rewritten(registry)), **settings).stdout


def rewritten(registry: Path) -> Path:
    registry.write_text("code,name,kind,country\nA,Fine,university,KE\n", encoding="utf-8")
    return registry


def test_every_command_explains_itself() -> None:
    assert "Usage" in elearn("--help").stdout

    def look(command: click.Command, *path: str) -> int:
        said = CliRunner().invoke(main, [*path, "--help"])
        assert said.exit_code == 0, path
        assert "Usage" in said.output
        assert command.help, f"elearn {' '.join(path)} says nothing"
        return 1 + sum(look(each, *path, name) for name, each in getattr(command, "commands", {}).items())

    assert look(main) > 20
