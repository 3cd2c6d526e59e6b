"""The READMEs: every command that they name exists, and both languages name the same ones."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
COMMAND = re.compile(r"(?:\$ +)?(?:(make|juesuan)|(?:py|python3?) (dev\.py))(?= |$)(.*)")


def commands(readme: str) -> set[tuple[str, ...]]:
    """Return each command in a README's code, as its words: the program (``make``, ``dev.py``, ``juesuan``) first."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    lines = [line for block in FENCED.findall(text) for line in block.splitlines()]
    lines += INLINE.findall(FENCED.sub("", text))
    found = (COMMAND.match(line.strip()) for line in lines)
    return {(match[1] or match[2], *shlex.split(match[3], comments=True)) for match in found if match}


def of_program(program: str) -> list[tuple[str, ...]]:
    return sorted({words for readme in READMES for words in commands(readme) if words[0] == program and words[1:]})


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", *words], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


def test_both_languages_give_the_two_commands_first() -> None:
    for readme in READMES:
        first = FENCED.search((ROOT / readme).read_text(encoding="utf-8"))
        lines = [line for line in first[1].splitlines() if line.startswith("make ")]
        assert [line.split()[1] for line in lines] == ["build", "test"]


def test_both_languages_name_the_same_commands() -> None:
    # the words that stand for the user's own names differ between the languages
    chinese, english = ({words[:2] for words in commands(readme)} for readme in READMES)
    assert chinese == english


@pytest.mark.parametrize("words", of_program("make"), ids=" ".join)
def test_make_targets_exist(words: tuple[str, ...]) -> None:
    rules = re.findall(r"^([a-z][a-z ]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    targets = {target for rule in rules for target in rule.split()}
    assert {word for word in words[1:] if "=" not in word} <= targets


@pytest.mark.parametrize("words", of_program("dev.py"), ids=" ".join)
def test_dev_commands_exist(words: tuple[str, ...]) -> None:
    listed = re.findall(r"^  ([a-z]+) ", run("dev.py", "--help").stdout, re.MULTILINE)
    assert words[1] in listed


@pytest.mark.parametrize("words", of_program("juesuan"), ids=" ".join)
def test_juesuan_commands_and_their_options_exist(words: tuple[str, ...]) -> None:
    start = "import sys; from builder.cli import main; sys.exit(main())"
    result = run("-c", start, words[1], "--help")
    assert result.returncode == 0, result.stderr
    options = {word.split("=")[0] for word in words[2:] if word.startswith("--")}
    assert options <= set(re.findall(r"--[\w-]+", result.stdout))
