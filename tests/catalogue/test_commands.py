"""`elearn content` as an author types it."""

import json

import pytest
from click.testing import CliRunner

from elearn.catalogue import commands
from tests.catalogue import small


def run(*arguments):
    return CliRunner().invoke(commands.content, [str(argument) for argument in arguments])


def command(name):
    """The command without what the `elearn` command wraps around it."""
    callback = commands.content.commands[name].callback
    return getattr(callback, "__wrapped__", callback)


@pytest.fixture
def check(monkeypatch):
    monkeypatch.setattr(commands.content.commands["check"], "callback", command("check"))
    return lambda *arguments: run("check", *arguments)


@pytest.fixture
def in_house(empty_app, monkeypatch):
    for name in ("publish", "export", "rerender"):
        monkeypatch.setattr(commands.content.commands[name], "callback", command(name))
    with empty_app.app_context(), empty_app.test_request_context():
        yield run


def test_content_without_faults_ends_with_nothing(check, tmp_path):
    done = check(small.write(tmp_path))
    assert (done.exit_code, done.stdout) == (0, "")


def test_faults_are_printed_as_compilers_do_and_end_with_one(check, tmp_path):
    done = check(small.write(tmp_path, ("01-first/module.yml", "hours: 2.5", "hours: many")))
    assert done.exit_code == 1
    assert done.stdout == "01-first/module.yml:8: wrong-type: hours: should be a number, found text\n"
    assert done.stderr == "1 errors, 0 warnings.\n"


def test_warnings_alone_end_with_nothing(check, tmp_path):
    done = check(small.write(tmp_path, ("01-first/media/spare.svg", None, small.BOX)))
    assert (done.exit_code, done.stdout) == (0, "01-first/media/spare.svg:1: unused-picture: no section shows this picture (warning)\n")


def test_faults_can_be_read_by_a_program(check, tmp_path):
    done = check("--json", "--editorial", small.write(tmp_path, ("01-first/module.yml", "hours: 2.5", "hours: many")))
    found = json.loads(done.stdout)
    assert found["errors"][0]["code"] == "wrong-type"
    assert found["measures"][0]["slug"] == "first"


def test_the_editorial_standard_is_measured_on_request(check, tmp_path):
    done = check("--editorial", small.write(tmp_path))
    assert done.exit_code == 1
    assert done.stdout.startswith("module  words")
    assert "01-first/module.yml:1: editorial-words: 21; the standard asks for 5000 to 8000" in done.stdout


def test_a_path_that_is_a_file_is_a_wrong_usage(check, tmp_path):
    (tmp_path / "file").write_text("x")
    assert check(tmp_path / "file").exit_code == 2


def test_publishing_twice_says_so(in_house, tmp_path):
    folder = small.write(tmp_path)
    assert in_house("publish", folder).stdout == "Release 1: the series, first.\n"
    assert in_house("publish", folder).stdout == "Nothing has changed.\n"
    assert in_house("export", tmp_path / "out").stdout == f"{len(small.FILES)} files.\n"
    assert in_house("rerender").stdout == "0 texts changed.\n"
