"""Files are read whole, whatever their size, and links that lead out of the workspace are not followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.loading.folder import Folder
from builder.loading.text_reader import USUAL, content_of


@pytest.mark.parametrize("size", [0, 1, USUAL - 1, USUAL, USUAL + 1, 2 * USUAL, 5 * USUAL + 3])
def test_a_file_is_read_whole(tmp_path: Path, size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    (tmp_path / "file").write_bytes(data)
    assert content_of(str(tmp_path / "file")) == data


def test_a_folder_in_a_folder_knows_its_place_and_does_not_follow_links(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for folder in (root / "a" / "b", outside):
        folder.mkdir(parents=True)
        (folder / "file.yaml").write_text("甲: 乙", encoding="utf-8")
    (root / "a" / "link").symlink_to(outside, target_is_directory=True)
    a = Folder(str(root / "a"), root)
    assert a.inner("b").place_of("file.yaml") == "a/b/file.yaml"
    inside, led_out, missing = (a.inner(name).read("file.yaml") for name in ("b", "link", "c"))
    assert (inside.path, inside.text, inside.findings) == ("a/b/file.yaml", "甲: 乙", ())
    assert led_out.text is None
    assert "不在工作文件夹之内" in led_out.findings[0].message
    assert missing.text is None
    assert "缺少「file.yaml」：文件夹 a/c 也不存在" in missing.findings[0].message
