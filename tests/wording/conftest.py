"""The five houses of the published documents, said in data only (``houses/*.yaml``), and wordings made in a test."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from builder.wording.house import Phrases
from builder.wording.numbers import NumberFormat
from builder.wording.wording import Wording

HOUSES = Path(__file__).parent / "houses"


def wording_of(text: str) -> Wording:
    # BaseLoader reads every value as text, as the program's own reader does.
    sections = yaml.load(text, yaml.BaseLoader)
    formats = TypeAdapter(dict[str, NumberFormat]).validate_python(sections.get("数字格式", {}))
    return Wording.of(formats, Phrases.model_validate(sections.get("措辞", {})))


@pytest.fixture(scope="session")
def said() -> Callable[[str], Wording]:
    """Makes a wording from the YAML of the two sections."""
    return wording_of


@pytest.fixture(scope="session")
def houses() -> dict[str, Wording]:
    return {path.stem: wording_of(path.read_text(encoding="utf-8")) for path in HOUSES.glob("*.yaml")}
