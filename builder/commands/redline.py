"""``juesuan redline``: the present document with Word's tracked changes against a released one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from builder.building import Builder
from builder.console import Console
from builder.findings import InputError
from builder.releases.reading import Release, opened, release_folder
from builder.releases.snapshots import documents_of
from builder.rendering.compared import Kind
from builder.rendering.redlining import Counts, Done, Redline, redline
from builder.workspace import Workspace
from builder.writing import disk_errors, write_together

NAME = "修订对照.docx"


def run(workspace: Workspace, options: argparse.Namespace, console: Console) -> int:
    """Compare the present document, and each published apart, with a release. Raises InputError."""
    unit, year = options.unit, options.year
    release = opened(workspace, unit, year, options.old)
    try:
        built = Builder(workspace).build(unit, year)
    except InputError:
        console.failure(f"没有生成修订对照：{unit} {year} 年度")
        raise
    now = documents_of(built)
    path = _path(workspace, release, options.output, now)
    made = {
        path.with_name(name): redline(old, new, author=unit, date=f"{release.date}T00:00:00Z")
        for name, old, new in _pairs(path, release, now)
    }
    changed = {each: found for each, found in made.items() if found.counts}
    if changed:
        with disk_errors(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_together(path.parent, {each.name: found.docx for each, found in changed.items()})
    against = f"发布 {release.number}（{release.date}）"
    for each, found in changed.items():
        console.success(f"已生成 {workspace.relative(each)}，与{against}对照：{_told(found.counts)}")
    if not changed:
        console.say(f"文字与{against}相同，没有生成修订对照")
    for line in _untracked(release, now, made):
        console.note(line)
    if not built.rendered.paginated and any((Done.CHANGED, Kind.ENTRY) in found.counts for found in made.values()):
        how = f"要对照页码，请先运行 juesuan paginate {unit} --year {year}"
        console.note(f"现在的目录没有页码，所以发布时的页码都标为删去；{how}")
    return 0


def _path(workspace: Workspace, release: Release, output: Path | None, now: Mapping[str, bytes]) -> Path:
    """Return the file to write. Raises InputError where it is no .docx, or one that is not to be touched."""
    folder = workspace.output / str(release.year) / release.unit
    path = output or folder / NAME
    if path.suffix.lower() != ".docx":
        raise InputError(f"「{path}」不是 .docx；请把 --output 写成 Word 文件，如 {NAME}")
    place = path.resolve()
    kept = release_folder(workspace, release.unit, release.year).resolve()
    if place.is_relative_to(kept) or place in {(folder / name).resolve() for name in now}:
        raise InputError(f"「{path}」是发布的文件夹，或就是生成的文档；请把 --output 写成别的文件，如 {NAME}")
    return path


def _pairs(path: Path, release: Release, now: Mapping[str, bytes]) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the old and the new of each document that is in both, with the name of the file for its redline."""
    (main, *others), (present, *_) = release.documents, now
    yield path.name, (release.folder / main).read_bytes(), now[present]
    for name in others:
        if name in now and name != present:
            yield f"{path.stem}（{Path(name).stem}）.docx", (release.folder / name).read_bytes(), now[name]


def _told(counts: Counts) -> str:
    """Return counts in words: 改动 3 段、12 格；增加 1 行."""
    actions = (
        (done, [f"{number} {kind.value}" for (each, kind), number in counts.items() if each is done]) for done in Done
    )
    return "；".join(f"{done.value} {'、'.join(kinds)}" for done, kinds in actions if kinds)


def _untracked(release: Release, now: Mapping[str, bytes], made: Mapping[Path, Redline]) -> Iterator[str]:
    """Yield what has changed without being tracked."""
    if charts := dict.fromkeys(chart for found in made.values() for chart in found.charts):
        yield f"{'、'.join(charts)} 的数据有改动；图表按新的数据画，不标修订"
    if apart := dict.fromkeys(each for found in made.values() for each in found.apart):
        yield f"{'、'.join(apart)}有改动，按新的印，不标修订"
    if gone := [name for name in release.documents[1:] if name not in now]:
        yield f"发布里有、现在没有，没有对照：{'、'.join(gone)}"
    if come := [name for name in list(now)[1:] if name not in release.documents]:
        yield f"现在有、发布里没有，没有对照：{'、'.join(come)}"
