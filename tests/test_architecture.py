"""The rooms of builder/ and the one way that data flows through them."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BUILDER = ROOT / "builder"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in BUILDER.rglob("*.py")
}
LONGEST = 320

# Room → what it must never import, for it knows nothing of it.
WORD, FILES = ("docx", "docxtpl", "lxml", "jinja2"), ("yaml", "pathlib")
FORBIDDEN = {
    "builder.findings": ("builder.",),
    "builder.accounts": ("builder.loading", "builder.rendering", "builder.style", *WORD, *FILES),
    "builder.wording": ("builder.loading", "builder.rendering", "builder.style", *WORD, *FILES),
    "builder.rendering": ("builder.accounts", "builder.wording", "builder.loading", "builder.style", "yaml"),
    "builder.loading": ("builder.rendering", "builder.checks", *WORD),
    "builder.workbooks": ("builder.rendering", "builder.style", "builder.checks", *WORD),
    "builder.checks": ("builder.rendering", "builder.reports", "yaml", *WORD),
    "builder.reports": ("builder.rendering", "builder.commands", "yaml", "docx", "docxtpl", "lxml"),
}

# Rooms that stand at the end of the way: what makes a document knows nothing of them.
LAST = tuple(
    f"builder.{room}"
    for room in ("batch", "collecting", "commands", "departments", "pulling", "releases", "reports", "scaffolding")
)
FIRST = tuple(f"builder.{room}" for room in ("accounts", "loading", "wording", "rendering", "checks", "workbooks"))


def imports(path: Path, name: str) -> set[str]:
    """Return the modules that a module imports, by full name."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            found.add(base)
            found.update(f"{base}.{alias.name}" for alias in node.names if f"{base}.{alias.name}" in MODULES)
    return found


GRAPH = {name: imports(path, name) for name, path in MODULES.items()}


@pytest.mark.parametrize("room", FORBIDDEN)
def test_a_room_knows_nothing_of_what_lies_behind_it(room: str) -> None:
    members = [name for name in GRAPH if name == room or name.startswith(f"{room}.")]
    assert members
    wrong = [
        f"{name} imports {imported}"
        for name in members
        for imported in GRAPH[name]
        for forbidden in FORBIDDEN[room]
        if (imported == forbidden or imported.startswith(f"{forbidden.rstrip('.')}."))
    ]
    assert wrong == []


def test_what_makes_a_document_knows_nothing_of_what_is_done_with_it() -> None:
    assert all(any(name.startswith(room) for name in GRAPH) for room in (*FIRST, *LAST))
    wrong = {
        name: imported
        for name in GRAPH
        if name.startswith(tuple(f"{room}." for room in FIRST))
        for imported in GRAPH[name]
        if imported.startswith(LAST)
    }
    assert wrong == {}


def test_no_module_comes_round_to_itself() -> None:
    inner = {
        name: {i for i in imported if i in MODULES and MODULES[i].name != "__init__.py"}
        for name, imported in GRAPH.items()
    }
    list(TopologicalSorter(inner).static_order())  # raises CycleError


def test_modules_are_read_in_one_sitting() -> None:
    lengths = {name: path.read_text(encoding="utf-8").count("\n") for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_code_knows_no_unit_style_or_year() -> None:
    names = [path.name for path in (ROOT / "content").iterdir() if path.is_dir()]
    names += [path.name for path in (ROOT / "templates").iterdir() if any(path.glob("封面.docx"))]
    code = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    named = [f"{name}: {word}" for name, text in code.items() for word in names if word in text]
    assert named == []
    dated = [f"{name}: {year}" for name, path in MODULES.items() for year in years(path)]
    assert dated == []


def years(path: Path) -> list[str]:
    """Return the years that a module's code has, docstrings and examples (如 …) left aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            text = re.sub(r"如[^；。]*|schemas?[./][^ ]*|purl\.org[^ ]*|json-schema[^ ]*", "", str(node.value))
            found += re.findall(r"(?<!\d)20(?:1[5-9]|2[0-9])(?!\d)", text) if isinstance(node.value, str | int) else []
    return found
