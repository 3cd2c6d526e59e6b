"""``juesuan build --watch``: saved, made; wrong, told; until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest
from batches import start
from workspaces import WorkspaceCopy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of another program needs signals")
def test_what_is_saved_is_made_until_ctrl_c(tmp_path: Path) -> None:
    workspace = WorkspaceCopy.make(tmp_path)
    said = tmp_path / "said.txt"
    with said.open("w") as file, start(tmp_path, "build", "--watch", output=file) as process:
        wait_until(workspace.document.exists)
        first = wait_for_rest(workspace.document)
        workspace.edit("决算.yaml", "30101: 140.31", "30101: 一百四十")
        wait_until(lambda: "「30101」的金额写作「一百四十」" in said.read_text(encoding="utf-8"))
        assert workspace.document.read_bytes() == first
        workspace.edit("决算.yaml", "30101: 一百四十", "30101: 140.31")
        workspace.edit("说明.yaml", "\n文本:", "\n文本:\n  不用的: 甲")
        wait_until(lambda: said.read_text(encoding="utf-8").count("已生成") > 1)
        style = tmp_path / "templates" / "湖北" / "style.yaml"
        style.write_bytes(style.read_bytes() + b"\n")
        wait_until(lambda: said.read_text(encoding="utf-8").count("已生成") > 2)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 0
    text = said.read_text(encoding="utf-8")
    assert "已停止" in text
    assert "Traceback" not in text
    assert workspace.document.read_bytes() == first


def wait_for_rest(path: Path) -> bytes:
    """Return a file's bytes when its program has come to rest."""
    time.sleep(0.5)
    return path.read_bytes()


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "too long"
        time.sleep(0.02)
