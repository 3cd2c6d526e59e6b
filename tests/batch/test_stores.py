"""Workspaces in a store: the same documents as from a folder, each attempt and each run as often as it likes."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from many_units import FACTS, files, make, put_workspace, spoil
from workspaces import YEAR

from builder.batch import stores
from builder.batch.stores import Job, Store, build_stored
from builder.batch.work import Order, Result
from builder.cli import main
from builder.findings import InputError

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (the extra juesuan[cluster])")
S3 = pytest.param("s3", marks=pytest.mark.s3)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of three units, one of them wrong, built where it is."""
    root = tmp_path_factory.mktemp("local")
    spoil(root, make(root, 3)[2])
    assert main(["build", "--workspace", f"file://{root.as_posix()}", "--jobs", "1"]) == 1
    return root


@pytest.fixture(params=["memory", "file", S3])
def url(request: pytest.FixtureRequest, local: Path, tmp_path: Path) -> str:
    """Return the address of the same workspace, not built, in a store."""
    if request.param == "file":
        for folder in ("content", "templates"):
            shutil.copytree(local / folder, tmp_path / folder)
        return f"file://{tmp_path.as_posix()}"
    if request.param == "memory":
        url = "memory://ws"
        fsspec.filesystem("memory").store.clear()
    else:
        url = request.getfixturevalue("s3")
    put_workspace(local, url)
    return url


def made(url: str) -> dict[str, bytes]:
    """Return every file below output/ of a store, hidden ones too."""
    fs, root = fsspec.core.url_to_fs(url)
    fs.invalidate_cache()
    return {path.removeprefix(f"{root}/"): fs.cat_file(path) for path in fs.find(f"{root}/output")}


def units(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "content").iterdir())


def test_the_same_documents_as_from_a_folder(url: str, local: Path) -> None:
    job = Job.of(Store(url), Order(Path("output")))
    outcomes = {name: build_stored(job, name, YEAR) for name in units(local)}
    assert [outcome.result for outcome, _ in outcomes.values()] == [Result.MADE, Result.MADE, Result.FAILED]
    assert "亿元" in str(outcomes[units(local)[2]][0].findings[0])
    assert made(url) == files(local)
    assert len(made(url)) == 4


def test_a_task_that_is_done_again_is_told_as_made_and_leaves_the_same(url: str, local: Path) -> None:
    name = units(local)[0]
    job = Job.of(Store(url), Order(Path("output")))
    first = build_stored(job, name, YEAR)
    documents = made(url)
    left = f"output/{YEAR}/{name}/.写入中-{job.run}-x"
    fs, root = fsspec.core.url_to_fs(url)
    fs.pipe_file(f"{root}/{left}", b"half")
    assert build_stored(job, name, YEAR) == first
    assert first[0].result is Result.MADE
    assert made(url) == documents


def test_what_is_not_stale_is_left_alone(url: str, local: Path) -> None:
    name, other = units(local)[:2]
    order = Order(Path("output"))

    def results(order: Order = order) -> list[Result]:
        job = Job.of(Store(url), order)
        return [build_stored(job, each, YEAR)[0].result for each in (name, other)]

    assert results() == [Result.MADE, Result.MADE]
    assert results() == [Result.UNCHANGED, Result.UNCHANGED]
    fs, root = fsspec.core.url_to_fs(url)
    path = f"{root}/content/{name}/{FACTS}"
    fs.pipe_file(path, fs.cat_file(path) + "# 备注\n".encode())
    assert results() == [Result.MADE, Result.UNCHANGED]
    (document,) = (name for name in made(url) if other in name and name.endswith(".docx"))
    fs.pipe_file(f"{root}/{document}", b"edited")
    assert results() == [Result.UNCHANGED, Result.MADE]
    assert made(url)[document] != b"edited"
    assert results(Order(Path("output"), force=True)) == [Result.MADE, Result.MADE]


@pytest.mark.parametrize("url", ["memory", S3], indirect=True)  # file:// is a folder as any other to the command
def test_the_command_builds_a_workspace_in_a_store(
    url: str, local: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["build", "--workspace", url, "--format", "json"]
    assert main(words) == 1
    report = json.loads(capsys.readouterr().out)
    assert [each["结果"] for each in report["单位"]] == ["已生成", "已生成", "没有生成"]
    assert report["单位"][0]["文档"] == [name for name in sorted(files(local)) if name.endswith(".docx")][:1]
    assert main([*words, units(local)[0]]) == 0
    assert json.loads(capsys.readouterr().out)["合计"]["没有改动"] == 1
    assert made(url) == files(local)


def test_forms_that_change_meanwhile_stop_their_units(url: str, local: Path) -> None:
    job = Job.of(Store(url), Order(Path("output")))
    stores._copy.cache_clear()  # as in a process that has not built yet
    fs, root = fsspec.core.url_to_fs(url)
    fs.pipe_file(f"{root}/templates/湖北/style.yaml", b"")
    outcome, _ = build_stored(job, units(local)[0], YEAR)
    assert outcome.result is Result.FAILED
    assert "格式在生成过程中有改动" in str(outcome.findings[0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--workspace", "memory://nothing"], "「memory://nothing」里没有 content 和 templates"),
        (["--workspace", "nonsense://x"], "打不开「nonsense://x」"),
        (["--workspace", "memory://ws", "--watch"], "--watch 不能同 --scheduler 或存储地址一起用"),
        (["--workspace", "memory://ws", "--pdf", "--jobs", "2"], "--jobs、--pdf 不能"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", *words]) == 1
    assert said in capsys.readouterr().err


def test_other_commands_want_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--workspace", "memory://ws"]) == 1
    assert "只有 juesuan build 能用" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(InputError, match=r"没有装「fsspec」.*pip install .*cluster"):
        Store("memory://ws")
