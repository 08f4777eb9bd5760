"""The wheel carries templates, static files, migrations and content, and serves them from any folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.server.test_starting import clean

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parents[2]


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True, timeout=300)


def test_a_wheel_installed_elsewhere_publishes_and_serves_the_modules(tmp_path: Path) -> None:
    pip("wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT))
    wheel = next(tmp_path.glob("elearn-*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "elearn/shipped/templates/base.html",
        "elearn/shipped/static/css/app.css",
        "elearn/shipped/content/modules/series.yml",
        "elearn/migrations/env.py",
        "elearn/countries.csv",
        "elearn/wsgi.py",
    ):
        assert needed in names
    assert not {name for name in names if name.startswith(("tests/", "bench/", "instance/"))}
    place = tmp_path / "installed"
    pip("install", "--no-deps", "--target", str(place), str(wheel))
    program = (
        "from elearn import config; from elearn.cli import laptop_settings, _prepare_laptop; from elearn.app import create_app;"
        "app = create_app(laptop_settings()); _prepare_laptop(app, demo=False);"
        "page = app.test_client().get('/modules/introduction-to-cybercrime/what-counts-as-cybercrime');"
        "print(config.HOUSE, page.status_code)"
    )
    environment = clean(ELEARN_DATA_DIR=str(tmp_path / "data"), PYTHONPATH=str(place))
    run = subprocess.run([sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [str(place / "elearn" / "shipped"), "200"]
    assert os.access(place / "bin" / "elearn", os.X_OK)
