"""The documents for users do what they say: commands run, files and extracts are read, outputs are seen."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from guides import (
    GUIDES,
    LEFT_TO_THE_READER,
    LIBREOFFICE,
    READMES,
    ROOT,
    Fence,
    Reader,
    extracts,
    fences,
    printed_lines,
    write_paragraphs,
)

from builder.building import Builder
from builder.cli import main
from builder.commands.templates import check
from builder.console import Console
from builder.findings import errors
from builder.loading.document import Document as Loaded
from builder.loading.markdown import parse_markdown
from builder.loading.reader import amount_unit
from builder.loading.validation import validate
from builder.loading.yaml_reader import read_yaml
from builder.schema import KINDS
from builder.style import load_style
from builder.workspace import Workspace

INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
COMMAND = re.compile(r"(?:(make|juesuan)|(?:py|python3?) (dev\.py))(?= |$)(.*)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#]+)[^)]*\)")
LARGEST_PICTURE = 120_000
MODELS = {Path(kind.pattern).name: kind.model for kind in KINDS}
REQUIRED = {"决算.yaml": {"金额单位": "万元", "收入": "[]", "支出": "[]"}}
"""What an extract leaves out because it is about something else."""


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def commands(document: str) -> set[tuple[str, ...]]:
    """Return each command in a document's code, as its words: the program (make, dev.py, juesuan) first."""
    lines = [line for fence in fences(document) for line in fence.commands]
    lines += INLINE.findall(re.sub(r"^```.*?^```$", "", text_of(document), flags=re.MULTILINE | re.DOTALL))
    found = (COMMAND.match(line.strip()) for line in lines)
    return {(match[1] or match[2], *shlex.split(match[3], comments=True)) for match in found if match}


def of_program(program: str) -> list[tuple[str, ...]]:
    return sorted({words for guide in GUIDES for words in commands(guide) if words[0] == program and words[1:]})


@cache
def help_of_dev() -> str:
    command = [sys.executable, "-X", "utf8", "dev.py", "--help"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    Reader(tmp_path)
    return Workspace(tmp_path)


def test_both_languages_give_the_two_commands_first() -> None:
    for readme in READMES:
        assert [line.split()[:2] for line in fences(readme)[0].commands] == [["make", "build"], ["make", "test"]]


def test_both_languages_name_the_same_commands_and_show_the_same_examples() -> None:
    # the words that stand for the user's own names differ between the languages
    chinese, english = ({words[:2] for words in commands(readme)} for readme in READMES)
    assert chinese == english
    chinese, english = ([fence for fence in fences(readme)[1:] if fence.language] for readme in READMES)
    assert chinese == english


@pytest.mark.parametrize("words", of_program("make"), ids=" ".join)
def test_make_targets_exist(words: tuple[str, ...]) -> None:
    rules = re.findall(r"^([a-z][a-z -]*):", text_of("Makefile"), re.MULTILINE)
    targets = {target for rule in rules for target in rule.split()}
    assert {word for word in words[1:] if "=" not in word} <= targets


@pytest.mark.parametrize("words", of_program("dev.py"), ids=" ".join)
def test_dev_commands_exist(words: tuple[str, ...]) -> None:
    listed = re.findall(r"^  ([a-z-]+) ", help_of_dev(), re.MULTILINE)
    assert words[1] in listed


@pytest.mark.parametrize("words", of_program("juesuan"), ids=" ".join)
def test_juesuan_commands_and_their_options_exist(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    named = words[1:3] if words[1] == "template" and len(words) > 2 else words[1:2]
    with pytest.raises(SystemExit) as leaving:
        main([*named, "--help"])
    assert leaving.value.code == 0
    options = {word.split("=")[0] for word in words[2:] if word.startswith("--")}
    assert options <= set(re.findall(r"--[\w-]+", capsys.readouterr().out))


@pytest.mark.parametrize("guide", GUIDES)
def test_a_reader_can_follow(guide: str, tmp_path: Path) -> None:
    reader = Reader(tmp_path, shell=guide == "README.md")  # which has the same commands as the other README
    reader.follow(guide)
    shown = [line for fence in fences(guide) if fence.language == "bash" for line in fence.commands]
    expected = [line for line in shown if not line.startswith(LEFT_TO_THE_READER) and not LIBREOFFICE.match(line)]
    assert reader.ran == expected
    assert expected


def test_the_steps_that_need_libreoffice(soffice: Callable[[Path], Path], tmp_path: Path) -> None:
    reader = Reader(tmp_path, libreoffice=True)
    reader.follow("README.zh-CN.md")
    assert [line for line in reader.ran if LIBREOFFICE.match(line)]
    assert list((tmp_path / "output").rglob("*.pdf"))
    assert list((tmp_path / "content").rglob("云溪*/*/页码.yaml"))


@pytest.mark.parametrize(("_guide", "fence", "_printed"), extracts("yaml"))
def test_extracts_of_files_are_read_without_a_mistake(
    _guide: str, fence: Fence, _printed: Fence | None, workspace: Workspace
) -> None:
    if fence.info == "style.yaml":
        write_style(workspace, fence.body)
        assert load_style(workspace, "例").name == "例"
        return
    stated = {line.partition(":")[0] for line in fence.lines}
    base = REQUIRED.get(fence.info, {})
    given = "".join(f"{key}: {value}\n" for key, value in base.items() if key not in stated)
    path = workspace.root / Path(fence.info).name
    path.write_text(given + fence.body, encoding="utf-8")
    document: Loaded = read_yaml(path, workspace.root)
    model = MODELS.get(path.name, MODELS["公开*.yaml" if path.name.startswith("公开") else "*.yaml"])
    places = 4 if fence.info.startswith("绩效/") else 2
    loaded, findings = validate(model, document, {"unit": amount_unit(document), "places": places})
    assert loaded is not None
    assert [*document.findings, *findings] == []


def write_style(workspace: Workspace, body: str) -> None:
    """Write a style that says this and inherits the rest."""
    folder = workspace.templates / "例"
    folder.mkdir()
    (folder / "style.yaml").write_text(f"名称: 例\n继承: 湖北\n{body}", encoding="utf-8")


@pytest.mark.parametrize(("_guide", "fence", "printed"), extracts("word"))
def test_extracts_of_parts_are_tags_and_print_what_is_shown(
    _guide: str, fence: Fence, printed: Fence | None, workspace: Workspace
) -> None:
    write_style(workspace, "部件: [例.docx]\n")
    write_paragraphs(workspace.templates / "例" / "例.docx", fence.lines)
    assert check(workspace, ["例"], Console()) == 0
    unit, = workspace.units()
    card = workspace.unit_folder(unit) / "单位.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("风格: 湖北", "风格: 例"), encoding="utf-8")
    built = Builder(workspace).build(unit, workspace.years(unit)[-1])
    assert errors(built.findings) == []
    made = workspace.root / "例.docx"
    made.write_bytes(built.rendered.docx)
    lines = printed_lines(made)
    assert not [line for line in lines if "{" in line or "｛" in line]
    assert set(printed.lines if printed else []) <= lines


@pytest.mark.parametrize(("_guide", "fence", "_printed"), extracts("markdown"))
def test_long_texts_are_read_without_a_mistake(_guide: str, fence: Fence, _printed: Fence | None) -> None:
    blocks, findings = parse_markdown(fence.body, fence.info)
    assert blocks
    assert findings == []


def test_json_is_json_and_names_schemas_that_are_written() -> None:
    for guide in GUIDES:
        for fence in fences(guide):
            if fence.language == "json":
                for path, pattern in json.loads(fence.body)["yaml.schemas"].items():
                    assert Path(path).name.removesuffix(".schema.json") in {kind.name for kind in KINDS}
                    assert Path(pattern).suffix == ".yaml"


@pytest.mark.parametrize("guide", GUIDES)
def test_links_and_pictures_lead_somewhere(guide: str) -> None:
    for target in LINK.findall(text_of(guide)):
        path = (ROOT / guide).parent / target
        assert path.exists(), target
        if path.suffix == ".png":
            assert path.read_bytes().startswith(b"\x89PNG")
            assert path.stat().st_size < LARGEST_PICTURE
