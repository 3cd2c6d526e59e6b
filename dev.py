"""Set up, build, test: one implementation for ``make``, for Windows without make, and for CI.

Runs on a machine that has nothing but Python ≥ 3.11; uses the standard library only. The dependencies go into
``.venv`` beside this file, in the versions and with the hashes of the lock files, and are installed again only
when a lock file or pyproject.toml changes, or when the folder has been moved.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WHEELS = ROOT / "wheels"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
PYPROJECT = ROOT / "pyproject.toml"
OLDEST = (3, 11)
INTERRUPTED = 130  # what a shell reports for a program ended by Ctrl-C

INSTALL_PYTHON = "请安装 Python 3.11 或更新版本（Windows 安装时勾选 “Add python.exe to PATH”），再运行一次。"
INSTALL_VENV = (
    "这台机器的 Python 缺少 {missing} 模块，无法建立独立环境。\n"
    "  Debian／Ubuntu：sudo apt-get install python3-venv\n"
    "  其他系统：用官方安装包重新安装 Python 3.11 或更新版本。\n"
    "装好后再运行一次。"
)
INSTALL_FAILED = (
    "安装 {lock} 中的程序包没有成功（原因见上面 pip 的提示）。\n"
    "  · 能上网：检查网络，或用 pip config set global.index-url <镜像地址> 改用单位的镜像，再运行一次；\n"
    "  · 不能上网：在能上网、系统和 Python 版本相同的电脑上运行 python dev.py offline，\n"
    "    把生成的 wheels 文件夹拷到 {root}，再运行一次。"
)
LOCK_BEHIND = "锁文件落后于 pyproject.toml（见上）。开发人员请运行 make lock，并提交两个 requirements*.lock 文件。"


class Stop(Exception):  # noqa: N818 - not a defect but the end of a command, with what to tell the user
    """The command cannot go on; the message says in Chinese what is missing and what to do."""


def say(message: str) -> None:
    """Print one message at once, so that it stands before the output of the program started next."""
    print(message, flush=True)


def environment() -> dict[str, str]:
    """Return the variables for child programs: UTF-8 everywhere, and pip bound to the project's environment."""
    return os.environ | {"PYTHONUTF8": "1", "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def run(command: Sequence[str | Path], *, quiet: bool = False) -> int:
    """Run a program in the project's folder and return its exit code."""
    out = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        [str(word) for word in command], cwd=ROOT, env=environment(), stdout=out, stderr=out, check=False
    ).returncode


def program(name: str) -> Path:
    """Return the path of a program of the project's environment, e.g. ``python`` or ``juesuan``."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def python(*words: str | Path, quiet: bool = False) -> int:
    """Run the environment's Python with these arguments and return the exit code."""
    return run([program("python"), *words], quiet=quiet)


def create_environment() -> None:
    """Make ``.venv`` where it is absent or its Python has gone or become too old (a Python was uninstalled)."""
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    if program("python").exists() and python("-c", check, quiet=True) == 0:
        return
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise Stop(INSTALL_VENV.format(missing="、".join(missing)))
    say("正在建立独立的 Python 环境 .venv …")
    if run([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        raise Stop(f"无法在 {VENV} 建立 Python 环境（原因见上）。请检查这个文件夹能否写入、磁盘是否已满。")


def fingerprint(lock_file: Path) -> str:
    """Return what an installation depends on: the lock, the project's declaration, and where the project stands."""
    parts = (lock_file.read_bytes(), PYPROJECT.read_bytes(), os.fsencode(ROOT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install(lock_file: Path) -> None:
    """Install one lock file, with the runtime's also the project itself, unless that was done since they last changed.

    Raises `Stop` when pip fails or when the lock lacks something that pyproject.toml asks for.
    """
    stamp = VENV / f"{lock_file.name}.installed"
    wanted = fingerprint(lock_file)
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    say(f"正在安装 {lock_file.name} 中的程序包（首次约需一分钟）…")
    sources: list[str | Path] = ["--find-links", WHEELS] if WHEELS.is_dir() else []
    if sources and lock_file == RUNTIME_LOCK:
        sources.append("--no-index")
    pip = ("-m", "pip", "install", "--quiet", *sources)
    if python(*pip, "--require-hashes", "-r", lock_file) != 0:
        raise Stop(INSTALL_FAILED.format(lock=lock_file.name, root=ROOT))
    # The build tool comes from the lock too: an isolated build would fetch an unpinned one, and needs the network.
    project = ("--no-deps", "--no-build-isolation", "--editable", ROOT)
    if lock_file == RUNTIME_LOCK and python(*pip, *project) != 0:
        raise Stop("安装本程序没有成功（原因见上面 pip 的提示）。")
    if python("-m", "pip", "check", quiet=True) != 0:
        python("-m", "pip", "check")  # once more, to show what is missing
        raise Stop(LOCK_BEHIND)
    stamp.write_text(wanted, encoding="ascii")


def prepare(*, development: bool = False) -> None:
    """Bring ``.venv`` up to date, for building or also for testing."""
    create_environment()
    install(RUNTIME_LOCK)
    if development:
        install(DEV_LOCK)


def build(words: list[str]) -> int:
    """Set up for building, then build the documents of every unit, or as the arguments say."""
    return juesuan(["build", *words])


def juesuan(words: list[str]) -> int:
    """Set up, then run one juesuan command: for those who do not activate the environment first."""
    prepare()
    return run([program("juesuan"), *words])


def test(words: list[str]) -> int:
    """Set up for testing, then run pytest with the arguments, a file at a time on each processor (-n 0: all on one)."""
    prepare(development=True)
    return python("-m", "pytest", "--numprocesses", "logical", "--dist", "loadfile", *words)


def bench(words: list[str]) -> int:
    """Set up for testing, then measure how long building takes: one document, or with --units a batch."""
    prepare(development=True)
    script = "batch.py" if any(word.startswith("--") for word in words) else "bench.py"
    return python(ROOT / "tests" / "benchmarks" / script, *words)


def published_check(words: list[str]) -> int:
    """Set up for testing, then examine the published documents; their findings go to output/published/."""
    prepare(development=True)
    return python(ROOT / "tests" / "published" / "check.py", *words)


def lint(words: list[str]) -> int:
    """Run every checker, also after one has complained, and return the worst exit code."""
    prepare(development=True)
    checks = (["ruff", "check", ".", *words], ["mypy"], ["mypy", "--strict", "dev.py"])
    return max([python("-m", *check) for check in checks])


def lock(words: list[str]) -> int:
    """Write both lock files anew; versions stay as locked unless the arguments say --upgrade."""
    create_environment()
    uv = shutil.which("uv")
    if uv is None:
        if python("-m", "pip", "install", "--quiet", "uv") != 0:
            raise Stop("生成锁文件需要 uv，但没有装上（原因见上面 pip 的提示）。")
        uv = str(program("uv"))
    # Neither addresses nor paths of this machine may stand in the locks: no header, no annotations, no index.
    options = ["--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    options += ["--universal", "--python-version", "3.11", "--generate-hashes", "--group", "build", *words]
    agreeing = ["--constraints", RUNTIME_LOCK.name]
    for target, more in ((RUNTIME_LOCK, []), (DEV_LOCK, ["--group", "dev", "--extra", "cluster", *agreeing])):
        code = run([uv, "pip", "compile", PYPROJECT.name, *options, *more, "--output-file", target.name])
        if code != 0:
            return code
    return 0


def offline(words: list[str]) -> int:
    """Download what the runtime lock names into wheels/, from which `install` takes it without a network."""
    create_environment()
    WHEELS.mkdir(exist_ok=True)
    (WHEELS / ".gitignore").write_text("*\n", encoding="ascii")
    download = ["-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--require-hashes"]
    return python(*download, "-r", RUNTIME_LOCK, "--dest", WHEELS, *words)


def clean(_words: list[str]) -> int:
    """Delete the environment and the caches: what this script and the tools made, nothing of the user."""
    if Path(sys.prefix).resolve() == VENV:
        raise Stop("正在使用 .venv 里的 Python，不能删除它自己。请退出该环境（deactivate）后再运行一次。")
    caches = [".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "build", "dist"]
    folders = [VENV, *(ROOT / name for name in caches), *ROOT.glob("*.egg-info")]
    for code in ("builder", "tests"):
        folders += (ROOT / code).rglob("__pycache__")
    for folder in folders:
        if folder.exists():
            shutil.rmtree(folder)
    return 0


COMMANDS: dict[str, tuple[Callable[[list[str]], int], str]] = {
    "build": (build, "生成全部单位的决算文档（其后的参数交给 juesuan build）"),
    "juesuan": (juesuan, "运行 juesuan 的一个命令，如 juesuan list（不必先激活环境）"),
    "test": (test, "运行测试（其后的参数交给 pytest）"),
    "bench": (bench, "测量生成速度（其后可写单位名称；--units 1000 测很多单位）"),
    "published-check": (published_check, "核对五份公开的决算（其后可写编号，如 002），结果写到 output/published"),
    "lint": (lint, "检查代码：ruff 和 mypy（其后的参数交给 ruff check）"),
    "lock": (lock, "重新生成锁文件（保留已锁定的版本；加 --upgrade 全部升级）"),
    "offline": (offline, "下载离线安装包到 wheels 文件夹，拷到不能上网的电脑即可安装（其后的参数交给 pip download）"),
    "clean": (clean, "删除独立环境和各种缓存（不动 content、templates 和 output）"),
}


def usage() -> str:
    """Return the list of commands with what each does."""
    lines = [f"  {name:<15} {purpose}" for name, (_, purpose) in COMMANDS.items()]
    return "\n".join(["用法：python dev.py 命令 [参数]（Windows：py dev.py 命令 [参数]）", "", *lines])


def main(words: list[str]) -> int:
    """Run one command and return the exit code; 2 for a command that does not exist."""
    if sys.version_info < OLDEST:  # this is the one file that any Python may start
        say(f"现在的 Python 是 {sys.version.split()[0]}，版本太旧。{INSTALL_PYTHON}")
        return 1
    if not words or words[0] in {"-h", "--help", "help"}:
        say(usage())
        return 0
    if words[0] not in COMMANDS:
        say(f"没有 “{words[0]}” 这个命令。\n{usage()}")
        return 2
    try:
        command, _ = COMMANDS[words[0]]
        return command(words[1:])
    except Stop as stop:
        say(f"\n{stop}")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console that lacks a character still prints the rest
    sys.exit(main(sys.argv[1:]))
