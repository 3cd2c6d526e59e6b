"""Nothing is undocumented and nothing documented is not there: keys of files, names and filters of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import pytest
from guides import FILLING_IN, FORMS, ROOT
from pydantic import BaseModel

from builder.building import vocabulary
from builder.names import CORRECTION_NAMES, known_names
from builder.rendering.environment import SAFE_FILTERS
from builder.schema import KINDS
from builder.style import StyleSheet, load_style
from builder.wording.house import Phrases
from builder.wording.phrase_sets import PhraseSet
from builder.workspace import Workspace

CODE = re.compile(r"`([^`]+)`")
MODELS = {kind.name: kind.model for kind in KINDS}
FILES = {
    kind.pattern.removeprefix("content/*/").removeprefix("*/"): kind.model
    for kind in KINDS
    if kind.pattern.startswith("content/")
}


def sections(document: str) -> dict[str, str]:
    """Return the text below each heading of the second level, by the heading."""
    parts = re.split(r"^## (.+)$", (ROOT / document).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_cells(text: str) -> set[str]:
    """Return what stands as code in the first column of the tables of a text."""
    rows = re.findall(r"^\| (.+?) (?<!\\)\|", text, re.MULTILINE)
    return {code for row in rows for code in CODE.findall(row)}


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Yield the keys of a model and of all models in it."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in models_in(field.annotation):
            yield from keys(inner)
    if model.model_config.get("extra") == "allow":
        for inner in models_in(get_type_hints(model)["__pydantic_extra__"]):
            yield from keys(inner)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


@pytest.mark.parametrize("file", FILES)
def test_every_key_of_a_file_is_documented_and_no_other(file: str) -> None:
    assert first_cells(sections(FILLING_IN)[file]) == set(keys(FILES[file]))


def test_every_key_of_a_style_is_documented_and_no_other() -> None:
    documented = first_cells(sections(FORMS)["style.yaml"])
    documented |= set(CODE.findall("".join(re.findall(r"^\| `\S+` \|(.*?)\|", phrase_table(), re.MULTILINE))))
    assert documented == set(keys(StyleSheet))


def test_every_key_of_a_bureaus_rules_is_documented_and_no_other() -> None:
    assert first_cells(sections(FORMS)["checks.yaml"]) == set(keys(MODELS["勾稽"]))


def phrase_table() -> str:
    return sections(FORMS)["style.yaml"].partition("| 种类 |")[2].partition("\n\n")[0]


def test_every_slot_of_a_phrase_is_documented_and_no_other() -> None:
    sets = [part for field in Phrases.model_fields.values() for part in models_in(field.annotation)]
    assert all(issubclass(part, PhraseSet) for part in sets)
    slots = {slot for part in sets for allowed in part.ALLOWED.values() for slot in allowed}  # type: ignore[attr-defined]
    after = sections(FORMS)["style.yaml"].partition("每种说法还可以用")[2].partition("\n")[0]
    assert set(re.findall(r"`\{(\S+?)\}`", phrase_table() + after)) == slots


def test_every_filter_is_documented_and_no_other() -> None:
    section = sections(FORMS)["格式词"]
    assert first_cells(section) == vocabulary().filters.keys()
    general = section.partition("通用的格式词")[2].partition("。")[0]
    assert set(CODE.findall(general)) == set(SAFE_FILTERS)


def test_every_name_is_documented_and_no_other() -> None:
    """Names below indicators and tables are the style's own; all others are the program's, and so the document's."""
    style = load_style(Workspace(ROOT), "湖北")
    tree = known_names(style)
    assert tree is not None
    own = {name.partition(".")[0].removesuffix("[]") for name in style.sheet.indicators} | style.sheet.tables.keys()
    own |= {field.alias for field in MODELS["决算"].model_fields.values()} - {"机构", "人员"}
    roots = {name: below for name, below in tree.items() if name not in own}
    tables = [*split_tables(sections(FORMS)["名称"])]
    assert first_cells(tables[0]) == roots.keys()
    for name in ("单位", "机构", "人员"):
        assert set(re.findall(rf"`{name}\.(\w+)`", tables[0])) == named(roots[name])
    figure = tree["收入"]["合计"]
    assert first_cells(tables[1]) == named(figure)
    subject, beside = tree["公开05"], tree["公开06"]
    assert first_cells(tables[2]) == named(subject)
    assert set(re.findall(r"`行\.(左|右|一|二|三)`", sections(FORMS)["名称"])) == {"左", "右", "一", "二", "三"}
    assert {"一", "二", "三"} <= named(beside["行"]["*"])
    columns = {column for block in style.sheet.tables["公开05"].blocks.values() for column in block.columns}
    assert first_cells(tables[3]) == named(subject["行"]["*"]) - columns
    performance = roots["绩效"]
    assert first_cells(tables[4]) == named(performance)
    project = performance["项目"]["*"]
    assert first_cells(tables[5]) == named(project)
    row = next(line for line in tables[5].splitlines() if line.startswith("| `指标行`"))
    assert set(CODE.findall(row)) - {"指标行", "纵并"} == named(project["指标行"]["*"])


def test_every_name_of_a_correction_is_documented_and_no_other() -> None:
    section = sections(FORMS)["更正说明.docx"]
    table = next(split_tables(section))
    below = CORRECTION_NAMES["更正"]
    group = below["组"]["*"]
    rows = {row.split("`")[1]: set(CODE.findall(row.split("|")[2])) for row in table.splitlines()[2:]}
    assert rows == {
        "更正": named(below) - {"组"}, "更正.组": named(group), "组.项": named(group["项"]["*"]) | {"纵并"},
    }
    assert {"年度", "单位"} == named(CORRECTION_NAMES) - {"更正"}


def split_tables(text: str) -> Iterator[str]:
    """Yield each table of a text."""
    yield from (found[0] for found in re.finditer(r"(?:^\|.*\n)+", text, re.MULTILINE))


def named(tree: Any) -> set[str]:
    assert isinstance(tree, Mapping)
    return {name for name in tree if name != "*"}
