"""The workspace that tests of loading put something wrong (or something more) into."""

from __future__ import annotations

from pathlib import Path

import pytest
from example_unit import ExampleWorkspace


@pytest.fixture
def workspace(tmp_path: Path) -> ExampleWorkspace:
    return ExampleWorkspace(tmp_path)
