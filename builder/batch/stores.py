"""A workspace on a share or in an object store, through fsspec: its files are fetched, what is made is put back.

Units are built in a folder of this computer by the same code as those of a local workspace. A process fetches and
compiles the forms once a run, and only if they are those that the run began with.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from builder.batch.inputs import FORM, LARGEST, NOT_READ, READ, program_digest, shortened
from builder.batch.states import FOLDER as STATES
from builder.batch.states import read_state, state_file, states_of
from builder.batch.work import Order, Outcome, Result, UnitYear, Work
from builder.findings import InputError
from builder.workspace import CONTENT, OUTPUT, TEMPLATES, UNIT_FILE, Workspace
from builder.writing import UNFINISHED, disk_errors, put_files

MADE_FROM = (*FORM, ".csv")
"""How the files end that are fetched of ``templates/``."""
RUN = "运行"
"""The key of a state in a store that tells which run has written it."""
PROGRAM = program_digest()
"""The program as this process has loaded it: one that is installed later does not count before a restart."""
INSTALL = '没有装「{name}」；请在本程序的文件夹里运行 python -m pip install ".[cluster]"'

Made = tuple[Outcome, Sequence[tuple[str, str]]]
"""An outcome that goes from computer to computer: its documents apart, by their path in the workspace."""


class Store:
    """The files of a workspace elsewhere, by their path in the workspace. All methods raise InputError."""

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - of an extra
        except ImportError:
            raise InputError(INSTALL.format(name="fsspec")) from None
        try:
            self._fs, root = url_to_fs(url)
        except (ImportError, ValueError) as error:
            hint = "按地址的开头另要一个程序包，如 s3:// 要 s3fs，请在各台计算机上安装"
            raise InputError(f"打不开「{url}」：{error}；{hint}") from error
        self._root = root.rstrip("/")

    @contextmanager
    def _refusals(self, what: str) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise
        except Exception as error:  # each kind of store has errors of its own
            reason = str(error) or type(error).__name__
            raise InputError(f"{what}「{self.url}」没有成功：{reason}；请检查地址、网络和权限后再试") from error

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders in a folder."""
        with self._refusals("读取"):
            self._fs.invalidate_cache()
            found = self._fs.ls(f"{self._root}/{folder}", detail=True)
        return sorted(each["name"].rstrip("/").rpartition("/")[2] for each in found if each["type"] == "directory")

    def files(self, folder: str) -> dict[str, int]:
        """Return the files below a folder, with their sizes in bytes; no links, for they may lead out of it."""
        with self._refusals("读取"):
            self._fs.invalidate_cache()
            found = self._fs.find(f"{self._root}/{folder}", detail=True)
        named = ((path[len(self._root) + 1 :], info) for path, info in found.items() if not info.get("islink"))
        within = ((name, name[len(folder) + 1 :].split("/"), info) for name, info in named)
        return {
            name: info["size"] or 0 for name, parts, info in within if not any(p.startswith(NOT_READ) for p in parts)
        }

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Return the content of files, without those that there are not."""
        with self._refusals("读取"):
            found = self._fs.cat_ranges([f"{self._root}/{name}" for name in names], None, None, on_error="return")
            wrong = [data for data in found if isinstance(data, Exception) and not isinstance(data, FileNotFoundError)]
            if wrong:
                raise wrong[0]
        return {name: data for name, data in zip(names, found, strict=True) if isinstance(data, bytes)}

    def write(self, files: Mapping[str, bytes], run: str) -> None:
        """Write files: each beside its place first, and when all are there each is moved to it, in order."""
        beside = {name: f"{self._root}/{name.rpartition('/')[0]}/{_mark(run)}{uuid.uuid4().hex}" for name in files}
        with self._refusals("写入"):
            for name, path in beside.items():
                try:
                    self._fs.pipe_file(path, files[name])
                except FileNotFoundError:  # a store that has folders
                    self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
                    self._fs.pipe_file(path, files[name])
            for name, path in beside.items():
                self._fs.mv(path, f"{self._root}/{name}")

    def clear(self, folder: str, run: str) -> None:
        """Delete what a lost attempt of the same run has left in a folder."""
        with self._refusals("写入"):
            self._fs.invalidate_cache()
            for path in self._fs.find(f"{self._root}/{folder}", maxdepth=1):
                if path.rpartition("/")[2].startswith(_mark(run)):
                    self._fs.rm_file(path)

    def forms(self) -> dict[str, bytes]:
        """Return the files that forms and subject lists are made from."""
        found = self.read([name for name in self.files(TEMPLATES) if name.endswith(MADE_FROM)])
        return found or self._nothing()

    def _nothing(self) -> NoReturn:
        raise InputError(f"「{self.url}」里没有 {CONTENT} 和 {TEMPLATES} 两个文件夹，或者读不到；请检查地址和权限")

    @contextmanager
    def listed(self) -> Iterator[Workspace]:
        """Give a workspace that has the store's units and years, and of their files only 单位.yaml."""
        with tempfile.TemporaryDirectory(prefix="juesuan-") as name:
            root = Path(name).resolve()
            (root / TEMPLATES).mkdir()
            found = self.files(CONTENT) or self._nothing()
            for year in {tuple(each.split("/")[:3]) for each in found if each.count("/") > 2}:  # noqa: PLR2004
                root.joinpath(*year).mkdir(parents=True)
            put(root, self.read([each for each in found if each.split("/")[2:] == [UNIT_FILE]]))
            yield Workspace(root)


def put(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files of a workspace below ``root``. Raises InputError where the disk refuses."""
    with disk_errors(root):
        put_files(root, files)


def digest_of_forms(forms: Mapping[str, bytes]) -> str:
    """Return what tells forms from others."""
    return shortened(repr([(name, shortened(data)) for name, data in sorted(forms.items())]).encode())


@dataclass(frozen=True, slots=True)
class Job:
    """What all units of a run have in common, small enough to go with each: it is sent to other computers.

    ``forms`` and ``program`` are digests: what the run began with, and must be the same wherever a unit is built.
    """

    url: str
    forms: str
    program: str
    run: str
    draft: bool = False
    force: bool = False

    @classmethod
    def of(cls, store: Store, order: Order) -> Job:
        """Return a new run on a store. Raises InputError where the store cannot be read."""
        forms = digest_of_forms(store.forms())
        return cls(store.url, forms, PROGRAM, uuid.uuid4().hex[:12], order.draft, order.force)


class Copy:
    """A workspace of this process for one run: a store's forms, and the files of one unit at a time."""

    def __init__(self, job: Job) -> None:
        """Fetch what all units need. Raises InputError."""
        if job.program != PROGRAM:
            raise InputError("juesuan 与发起的计算机不是同一版本；请装成同一版本，重启工作进程后再运行")
        self._job = job
        self._store = Store(job.url)
        forms = self._store.forms()
        if digest_of_forms(forms) != job.forms:
            raise InputError(f"「{job.url}」的格式在生成过程中有改动，或者这台计算机读到的是另一份；请再运行一次")
        self._folder = tempfile.TemporaryDirectory(prefix="juesuan-", ignore_cleanup_errors=True)
        self._workspace = Workspace(Path(self._folder.name).resolve())
        put(self._workspace.root, forms)
        for unit in self._store.folders(CONTENT):  # all of them, for checks know the other units' names
            (self._workspace.content / unit).mkdir(parents=True)
        self._work = Work(self._workspace, Order(self._workspace.output))

    def build(self, task: UnitYear) -> Made:
        """Build a unit-year and put what was made into the store, its state last. Raises InputError."""
        job, root, output, (unit, year) = self._job, self._workspace.root, self._workspace.output, task
        state = state_file(states_of(self._workspace, output), unit, year, draft=job.draft)
        try:
            before = self._fetch(task, self._name(state))
            again = _run_of(before.get(self._name(state))) == job.run  # its worker was lost before it could tell
            self._work.order = Order(output, job.draft, job.force or again)
            outcome = self._work(task)
            if outcome.result is not Result.UNCHANGED:
                made = {self._name(path): path.read_bytes() for path in output.rglob("*") if path.is_file()}
                changed = {name: data for name, data in made.items() if before.get(name) != data}
                self._store.clear(f"{OUTPUT}/{year}/{unit}", job.run)
                self._store.write(changed | {self._name(state): _with_run(state.read_bytes(), job.run)}, job.run)
            documents = [(self._name(path), sha) for path, sha in outcome.documents]
            return replace(outcome, documents=()), documents
        finally:
            for folder in (*(self._workspace.content / unit).glob("*/"), output, root / STATES):
                shutil.rmtree(folder, ignore_errors=True)
            (self._workspace.content / unit / UNIT_FILE).unlink(missing_ok=True)

    def _fetch(self, task: UnitYear, state: str) -> dict[str, bytes]:
        """Fetch what a unit-year is made from, and its state and the documents that this names."""
        (unit, year), root = task, self._workspace.root
        sizes = self._store.files(f"{CONTENT}/{unit}/{year}") | self._store.files(f"{CONTENT}/{unit}/{year - 1}")
        wanted = [name for name, size in sizes.items() if name.endswith(READ) and size <= LARGEST]
        found = self._store.read([*wanted, f"{CONTENT}/{unit}/{UNIT_FILE}", state])
        put(root, dict.fromkeys(sizes, b"") | found)
        for name in sizes.keys() - found.keys():  # of some only the names are looked at, of large ones also the size
            os.truncate(root / name, sizes[name] if name.endswith(READ) else 0)
        if not self._job.force and (last := read_state(root / state)) is not None:
            folder = self._name(Order(self._workspace.output).folder(unit, year))
            documents = self._store.read([f"{folder}/{name}" for name in last.documents])
            put(root, documents)
            found |= documents
        return found

    def _name(self, path: Path) -> str:
        return path.relative_to(self._workspace.root).as_posix()


def _mark(run: str) -> str:
    """Return how the names of files begin that a run is writing."""
    return f"{UNFINISHED}{run}-"


def _run_of(state: bytes | None) -> str | None:
    try:
        record: Any = json.loads(state or b"{}")
        return str(record.get(RUN))
    except (ValueError, AttributeError, RecursionError):
        return None


def _with_run(state: bytes, run: str) -> bytes:
    return json.dumps(json.loads(state) | {RUN: run}, ensure_ascii=False, separators=(",", ":")).encode()


_one_at_a_time = threading.Lock()
_copy = lru_cache(maxsize=1)(Copy)


def prepare(job: Job) -> str:
    """Fetch and check what all units of a run need; return what is wrong with it here, empty where nothing is."""
    with _one_at_a_time:
        try:
            _copy(job)
        except InputError as error:
            return "；".join(finding.message for finding in error.findings)
    return ""


def build_stored(job: Job, unit: str, year: int) -> Made:
    """Build a unit-year of a store; whatever is wrong is its outcome. A process builds one at a time."""
    with _one_at_a_time:
        try:
            return _copy(job).build((unit, year))
        except InputError as error:
            return Outcome(unit, year, Result.FAILED, (), error.findings), ()


def received(workspace: Workspace, made: Made) -> Outcome:
    """Return an outcome with its documents in this workspace."""
    outcome, documents = made
    return replace(outcome, documents=tuple((workspace.root / name, sha) for name, sha in documents))


def outcomes_here(job: Job, workspace: Workspace, tasks: Iterable[UnitYear]) -> Iterator[Outcome]:
    """Yield what comes of each unit-year of a store, built by this process."""
    return (received(workspace, build_stored(job, *task)) for task in tasks)
