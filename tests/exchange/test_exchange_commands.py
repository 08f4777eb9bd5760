"""`elearn quiz` as one types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from elearn.errors import Invalid, NotFound
from elearn.exchange import commands
from elearn.exchange.formats import FORMATS
from elearn.exchange.quiz_yaml import items_of
from tests.exchange.test_round_trips import SHIPPED, left_out, through

SLUG = "introduction-to-cybercrime"


@pytest.fixture
def run(published_app: Flask, monkeypatch: pytest.MonkeyPatch):
    for command in commands.quiz.commands.values():
        monkeypatch.setattr(command, "callback", getattr(command.callback, "__wrapped__", command.callback))
    with published_app.app_context(), published_app.test_request_context():
        yield lambda *arguments: CliRunner().invoke(commands.quiz, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_quiz_goes_out_and_comes_back(run, tmp_path: Path, name: str) -> None:
    file = tmp_path / "quiz"
    done = run("export", SLUG, "--format", name, file)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "Title, instructions, pass mark" in done.stderr
    back = run("import", "--format", name, file)
    assert (back.exit_code, back.stderr) == (0, "")
    assert items_of(back.stdout) == through(name)
    # What did not come through was said.
    assert {item["id"] for item in SHIPPED if item["id"] in done.stderr} >= left_out(name)


def test_reports_come_as_json(run, tmp_path: Path) -> None:
    file = tmp_path / "quiz.gift"
    told = json.loads(run("export", SLUG, "--format", "gift", "--json", file).stdout)
    assert {"item": "bits-32", "code": "apart-hints", "detail": "", "words": "The hints have no place there."} in told["report"]
    file.write_text("::a b::How much?{#1.5:0.5 =x}\n\nNo question.\n", encoding="utf-8")
    told = json.loads(run("import", "--format", "gift", "--json", file).stdout)
    assert told["items"][0] | {"value": 1.5, "id": "a-b", "type": "numeric"} == told["items"][0]
    assert "no-question" in {note["code"] for note in told["report"]}


def test_what_is_refused_is_refused_with_a_reason(run, tmp_path: Path) -> None:
    file = tmp_path / "quiz.xml"
    file.write_text("<!DOCTYPE quiz><quiz/>", encoding="utf-8")
    done = run("import", "--format", "moodle", file)
    assert isinstance(done.exception, Invalid)
    assert "They can do harm" in done.exception.message
    file.write_bytes(b" " * (10 * 1024 * 1024 + 1))
    assert "larger than 10 MB" in run("import", "--format", "moodle", file).exception.message
    assert isinstance(run("export", "nowhere", "--format", "gift", file).exception, NotFound)
    assert run("import", "--format", "word", file).exit_code == 2
