"""Fixtures for all tests: the outside programs, each skipping its tests with a reason where it is not installed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import validators

from builder import building
from builder.rendering.compiling import CompiledForm, FormFiles, Vocabulary, compile_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="session", autouse=True)
def _forms_compiled_once() -> Iterator[None]:
    """Compile Word parts of the same names and bytes once a process, in whichever copy of the workspace they stand."""
    compiled: dict[tuple[tuple[str, bytes], ...], CompiledForm] = {}

    def compile_once(files: FormFiles, vocabulary: Vocabulary) -> CompiledForm:
        if not all(path.is_file() and path.is_relative_to(files.root) for path in (files.base, *files.parts)):
            return compile_form(files, vocabulary)  # which says what is wrong
        key = tuple((path.relative_to(files.root).as_posix(), path.read_bytes()) for path in (files.base, *files.parts))
        if key not in compiled:
            compiled[key] = compile_form(files, vocabulary)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "compile_form", compile_once)
        yield


@pytest.fixture(scope="session")
def libreoffice() -> Path:
    """Return LibreOffice's program; without it, the test is skipped."""
    program = validators.find_soffice()
    if program is None:
        pytest.skip(validators.SOFFICE_MISSING)
    return program


@pytest.fixture(scope="session")
def soffice(libreoffice: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Return ``soffice(document) -> pdf``: the document as LibreOffice lays it out."""
    folder = tmp_path_factory.mktemp("libreoffice")
    return lambda document: validators.to_pdf(libreoffice, document, folder)


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
