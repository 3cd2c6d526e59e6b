"""Fixtures for all tests: the outside programs, each skipping its tests with a reason where it is not installed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import validators

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MARKERS = {"soffice": pytest.mark.libreoffice, "ooxml_validator": pytest.mark.ooxml}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-amount", action="store_true", help="change every stated amount, not a sample of them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the programs it uses, so that ``-m "not libreoffice"`` leaves out every slow one."""
    for item in items:
        for fixture, marker in MARKERS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Return ``soffice(document) -> pdf``: the document as LibreOffice lays it out."""
    program = validators.find_soffice()
    if program is None:
        pytest.skip(validators.SOFFICE_MISSING)
    folder = tmp_path_factory.mktemp("libreoffice")
    return lambda document: validators.to_pdf(program, document, folder)


@pytest.fixture(scope="session")
def ooxml_validator() -> Callable[[Path], list[str]]:
    """Return ``ooxml_validator(document) -> errors``: what the Open XML SDK finds wrong."""
    program = validators.find_sdk_validator()
    if program is None:
        pytest.skip(validators.SDK_MISSING)
    return partial(validators.sdk_errors, program)


@pytest.fixture
def audit() -> Callable[[Path], list[str]]:
    """Return ``audit(document) -> errors``: what openxml-audit finds wrong."""
    return validators.audit
