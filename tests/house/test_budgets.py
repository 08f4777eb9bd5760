"""The budgets that keep rooms small, and words that stand in one place only."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "elearn"
FILES = sorted(p for p in PACKAGE.rglob("*.py") if "versions" not in p.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40
MOST_OWN_IMPORTS = 8

#: Where a budget is exceeded, and why.
LONGER_FILES: dict[str, str] = {
    "learning/models.py": "one table after the other; nothing to follow",
    "catalogue/models.py": "one table after the other; nothing to follow",
    "app.py": "names every room's pages, jobs and listeners, one a line; nothing to follow",
}
MORE_IMPORTS: dict[str, str] = {
    "adaptation/course_page_queries.py": "a course seen from everywhere: its texts, updates, editions, colleagues and classes",
    "adaptation/edition_service.py": "resolves a course: its texts, pictures, quiz and references, each from its own room",
    "adaptation/question_service.py": "a question goes from a typed text through the compiler into the overlay",
    "adaptation/editor_views.py": "the editor: its text, draft, preview, what it is based on, and what its fields send",
    "adaptation/update_views.py": "an update: offers, previews, choices, wordings, and what its fields send",
    "catalogue/passage_queries.py": "brings the compiler's parts to one text, from what is published",
    "demo/teaching.py": "a demonstration of everything that teaching takes",
    "catalogue/reader.py": "the compiler's driver: one import per part",
    "reach/views.py": "the desk: figures, formats, drawings, forms",
    "learning/teaching_views.py": "makes a class: a course below, its welcome laid out, its gradebook to keep",
    "app.py": "hands to lower rooms what upper rooms offer",
    "cli.py": "collects the rooms' commands",
    "front/views.py": "composes rooms",
    "learning/service.py": "a class stands on a course, an institution and people",
    "assessment/attempt_access.py": "one statement asks all that the pages of an attempt show",
    "assessment/views.py": "each act of taking a quiz is a service of its own",
    "demo/lives.py": "does what students do, through the doors and services of two rooms",
    "reach/professors.py": "asks three rooms who taught",
}


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_files_stay_small() -> None:
    too_long = {name(p): n for p in FILES if (n := len(p.read_text().splitlines())) > MOST_LINES and name(p) not in LONGER_FILES}
    assert not too_long


def test_functions_stay_small() -> None:
    too_long = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_LINES_OF_A_FUNCTION:
                    too_long.append(f"{name(path)}:{node.lineno} {node.name}: {lines}")
    assert not too_long


def test_files_know_few_others() -> None:
    knowing = {}
    for path in FILES:
        modules = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "elearn":
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("elearn."):
                modules.add(node.module)
        low = {"clock", "db", "errors", "cache", "config", "elearn.db", "elearn.errors", "elearn.clock", "elearn.web.guard", "elearn.cache"}
        rooms = modules - low
        if len(rooms) > MOST_OWN_IMPORTS + 2 and name(path) not in MORE_IMPORTS:
            knowing[name(path)] = len(rooms)
    assert not knowing


@pytest.mark.parametrize(
    ("pattern", "allowed", "why"),
    [
        (r"except (Base)?Exception\b", {"db.py"}, "nobody catches Exception; the unit of work rolls back and raises on"),
        (r"datetime\.now|datetime\.utcnow|date\.today|time\.time\(", {"clock.py"}, "there is one clock"),
        (r"\brelationship\(|\bback_populates", set(), "a parent does not know its children"),
        (r"\.commit\(\)", {"db.py"}, "one place commits"),
        (r"\bMarkup\((?!['\")])", {"text.py", "web/charts.py", "catalogue/queries.py", "catalogue/render.py"}, "HTML has one door"),
    ],
)
def test_some_words_stand_in_one_place_only(pattern: str, allowed: set[str], why: str) -> None:
    offenders = {name(p) for p in FILES if re.search(pattern, _code(p))} - allowed
    assert not offenders, why


def _code(path: Path) -> str:
    """Return the file without its docstrings and comments."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body[0].value = ast.Constant(value="")  # type: ignore[attr-defined]
    return ast.unparse(tree)


def test_no_file_is_called_utils_or_helpers() -> None:
    assert not [name(p) for p in FILES if p.stem in {"utils", "helpers", "util", "helper", "manager"}]


def test_templates_trust_nothing_and_carry_no_script() -> None:
    offenders = [
        str(t.relative_to(ROOT))
        for t in TEMPLATES
        if re.search(r"\|\s*safe\b|autoescape false|<script(?! [^>]*src=)|<style|\son[a-z]+=|\sstyle=", t.read_text())
    ]
    assert not offenders


def test_packages_hold_nothing_to_import() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        tree = ast.parse(path.read_text())
        assert all(isinstance(node, ast.Expr) for node in tree.body), name(path)
