"""A person's text is rendered with limits, and what exceeds them is refused with a message."""

import os
import subprocess
import threading
import time

import pytest

from elearn import bounded, text
from elearn.errors import Invalid
from tests.data.hostile import BLOW_UPS, HTML, MARKDOWN

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(autouse=True)
def _no_process_is_left_waiting():
    yield
    for child in children():
        assert not ("defunct" in child and "python" in child)


def children():
    listed = subprocess.run(
        ["ps", "-ww", "--ppid", str(os.getpid()), "-o", "pid=,stat=,args="], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if " ps -ww" not in line]


def test_a_text_is_rendered_below_the_headings_of_its_page():
    assert text.render_personal("# A\n\nb *c*") == "<h3>A</h3>\n<p>b <em>c</em></p>"


def test_nothing_becomes_nothing():
    assert text.render_personal("  \n") == ""


@pytest.mark.parametrize("typed", ["é " * 5000, "a\ud800b", "\x00\x01", "𝒳" * 100])
def test_any_characters_can_be_typed(typed):
    assert text.render_personal(typed)


def test_two_texts_on_one_page_do_not_share_ids():
    first, second = (text.render_personal(f"{word}[^1]\n\n[^1]: note") for word in ("one", "two"))
    assert 'id="fn-' in first
    assert not {part.split('"')[0] for part in first.split('id="')[1:]} & {part.split('"')[0] for part in second.split('id="')[1:]}


@pytest.mark.parametrize("typed", [*HTML[:20], *MARKDOWN])
def test_what_a_person_types_is_cleaned(typed):
    rendered = text.render_personal(typed)
    assert text.clean(rendered) == rendered


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(Invalid, match="too long: at most 200 KB"):
        text.render_personal("é" * (text.LARGEST_PERSONAL // 2 + 1))


def test_an_honest_long_text_is_rendered():
    paragraph = "Evidence is *collected*, [described](https://example.org) and kept. " * 8 + "\n\n"
    assert "<em>collected</em>" in text.render_personal(paragraph * 150, seconds=20)


@pytest.mark.parametrize("name", BLOW_UPS)
def test_a_text_that_takes_too_long_is_refused(name):
    source = BLOW_UPS[name]
    assert len(source.encode()) <= text.LARGEST_PERSONAL
    with pytest.raises(Invalid, match="could not be laid out in time"):
        text.render_personal(source, seconds=1)  # Each takes more than three times as long here.


def test_after_a_refusal_the_next_text_is_rendered():
    with pytest.raises(Invalid):
        text.render_personal(BLOW_UPS["brackets"], seconds=0.3)
    assert text.render_personal("a") == "<p>a</p>"


def test_a_process_that_died_meanwhile_is_replaced():
    text.render_personal("a")
    for worker in bounded._workers.idle():
        worker.process.kill()
        worker.process.wait()
    assert text.render_personal("b") == "<p>b</p>"


def test_a_hostile_text_does_not_keep_others_waiting():
    refused = []

    def type_brackets():
        try:
            text.render_personal(BLOW_UPS["brackets"], seconds=30)
        except Invalid:
            refused.append(True)

    hostile = threading.Thread(target=type_brackets)
    hostile.start()
    while bounded._workers.places.qsize() == 2:
        time.sleep(0.01)
    assert text.render_personal("a") == "<p>a</p>"
    assert hostile.is_alive()
    waiting = {worker.process.pid for worker in bounded._workers.idle()}
    (busy,) = {int(child.split()[0]) for child in children() if "elearn.bounded" in child} - waiting
    os.kill(busy, 9)
    hostile.join()
    assert refused == [True]


def test_many_at_once_each_get_their_own_text():
    rendered = {}

    def type_number(number):
        rendered[number] = text.render_personal(f"{number}", seconds=20)

    threads = [threading.Thread(target=type_number, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rendered == {number: f"<p>{number}</p>" for number in range(24)}
    assert len(bounded._workers.idle()) <= 2


def test_a_forked_server_has_processes_of_its_own():
    text.render_personal("a")
    program = (
        "import os, sys\n"
        "from elearn import bounded, text\n"
        "assert text.render_personal('a') == '<p>a</p>'\n"
        "before = bounded._workers.idle()[0].process.pid\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    assert text.render_personal('b') == '<p>b</p>'\n"
        "    assert bounded._workers.idle()[0].process.pid != before\n"
        "    sys.exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "assert text.render_personal('c') == '<p>c</p>'\n"
        "assert bounded._workers.idle()[0].process.pid == before\n"
        "print(before)\n"
    )
    done = subprocess.run([os.sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert not done.stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)
