"""What must hold for the document of every published example, whatever its form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from published import built
from workspaces import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from documents import BuiltDocument


@pytest.fixture(scope="module", params=EXAMPLES, ids=[unit for unit, _ in EXAMPLES])
def document(request: pytest.FixtureRequest) -> BuiltDocument:
    return built(*request.param)


def test_nothing_of_the_tag_language_is_left(document: BuiltDocument) -> None:
    assert not re.search(r"\{\{|\}\}|\{%|%\}|【待补充|None|缺少格式", document.text)


def test_valid_word(
    document: BuiltDocument,
    ooxml_validator: Callable[[Path], list[str]],
    audit: Callable[[Path], list[str]],
    tmp_path: Path,
) -> None:
    path = tmp_path / "文档.docx"
    path.write_bytes(document.data)
    assert ooxml_validator(path) == []
    assert audit(path) == []
