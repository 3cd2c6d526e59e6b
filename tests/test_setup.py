"""Setting up: what dev.py installs and when, what it says where it cannot, and what the lock files hold."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
PIP_CALLS = 3  # the lock, the project, and the check that both agree


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load dev.py as if it stood in an empty project, with a pip that only notes its calls in ``dev.calls``."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("ROOT", "VENV", "WHEELS", "RUNTIME_LOCK", "DEV_LOCK", "PYPROJECT"):
        monkeypatch.setattr(module, name, tmp_path / getattr(module, name).relative_to(ROOT))
    module.VENV.mkdir()
    for path in (module.RUNTIME_LOCK, module.DEV_LOCK, module.PYPROJECT):
        path.write_text("lxml==1\n", encoding="utf-8")
    module.calls, module.pip_result = [], 0

    def note(*words: object, quiet: bool = False) -> int:
        module.calls.append(words)
        return module.pip_result

    monkeypatch.setattr(module, "python", note)
    return module


def test_installs_once_and_again_after_a_change(dev: ModuleType) -> None:
    dev.install(dev.RUNTIME_LOCK)
    dev.install(dev.RUNTIME_LOCK)
    assert len(dev.calls) == PIP_CALLS
    assert "--require-hashes" in dev.calls[0]
    dev.RUNTIME_LOCK.write_text("lxml==2\n", encoding="utf-8")
    dev.install(dev.RUNTIME_LOCK)
    dev.PYPROJECT.write_text("[project]\n", encoding="utf-8")
    dev.install(dev.RUNTIME_LOCK)
    assert len(dev.calls) == 3 * PIP_CALLS


def test_installs_again_where_the_folder_was_moved(dev: ModuleType, tmp_path: Path) -> None:
    dev.install(dev.RUNTIME_LOCK)
    dev.ROOT = tmp_path / "别处"
    dev.install(dev.RUNTIME_LOCK)
    assert len(dev.calls) == 2 * PIP_CALLS


def test_failed_installation_is_explained_and_tried_again(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "create_environment", lambda: None)
    dev.pip_result = 1
    assert dev.main(["build"]) == 1
    assert "requirements.lock" in capsys.readouterr().out
    assert len(dev.calls) == 1
    assert dev.main(["build"]) == 1
    assert len(dev.calls) == 2


def test_wheels_folder_is_used_without_the_network(dev: ModuleType) -> None:
    dev.WHEELS.mkdir()
    dev.install(dev.RUNTIME_LOCK)
    assert {"--no-index", "--find-links", dev.WHEELS} <= set(dev.calls[0])


def test_python_without_venv_is_told_what_to_install(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else "here")
    assert dev.main(["test"]) == 1
    message = capsys.readouterr().out
    assert "缺少 ensurepip 模块" in message
    assert "apt-get install python3-venv" in message


def test_old_python_is_told_so(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 2))
    assert dev.main(["build"]) == 1
    assert "请安装 Python 3.11 或更新版本" in capsys.readouterr().out


def test_tests_run_on_all_processors_unless_told_otherwise(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "prepare", lambda *, development: None)
    assert dev.main(["test", "-n", "0", "-k", "名称"]) == 0
    (words,) = dev.calls
    assert words[:4] == ("-m", "pytest", "--numprocesses", "logical")
    assert words[-4:] == ("-n", "0", "-k", "名称")  # of two, pytest takes the last


def test_unknown_command_lists_the_known_ones(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["生成"]) == 2
    message = capsys.readouterr().out
    assert "没有 “生成” 这个命令" in message
    assert all(f"  {name} " in message for name in dev.COMMANDS)


def locked(name: str) -> dict[str, str]:
    """Return the packages of a lock file with their versions."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def wanted(*groups: str) -> list[Requirement]:
    """Return what pyproject.toml asks for: the program's dependencies and those of the named groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = list(project["project"]["dependencies"])
    for group in groups:
        names += project["dependency-groups"][group]
    return [Requirement(name) for name in names]


@pytest.mark.parametrize(
    ("name", "groups"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_locks_hold_what_the_project_asks_for(name: str, groups: list[str]) -> None:
    versions = locked(name)
    behind = [str(need) for need in wanted(*groups) if versions.get(need.name.lower(), "0") not in need.specifier]
    assert behind == [], "run: make lock"


def test_tests_run_with_the_versions_of_the_build() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_packages_and_hashes_only(name: str) -> None:
    line = re.compile(r"[a-z0-9-]+==[\w.]+( ; [\w .'<>=!-]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [row for row in text.splitlines() if not line.fullmatch(row)] == []
