"""The clean unit of the tests of cross-checks: made once a module, and put back after each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clean_unit import CleanUnit

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> CleanUnit:
    return CleanUnit.make(tmp_path_factory.mktemp("clean"))


@pytest.fixture
def unit(clean: CleanUnit) -> Iterator[CleanUnit]:
    yield clean
    clean.restore()
