"""The edits of texts as changes of their files; what contradicts itself or the files is refused, with both shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from builder.findings import Finding, Level
from builder.loading.document import Path
from builder.loading.unit import UNWRITTEN
from builder.pulling.aligning import Pair, same
from builder.pulling.homes import Home
from builder.pulling.inserting import inserted
from builder.pulling.judging import TextEdit, Verdicts
from builder.pulling.long_texts import LineChange, UnfitError, edited_text
from builder.pulling.markdown_lines import escaped
from builder.pulling.reading import mark_of
from builder.pulling.splicing import BOM, replaced
from builder.rendering.marks import digest
from builder.rendering.passages import Passage
from builder.rendering.wml import shortened

LIMIT = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One text of a file as it is and as it becomes."""

    file: str
    line: int
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        """Return file:line, and what is and will be there."""
        old, new = self.old or "（没有）", self.new or "（删去）"
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.what}\n    旧：{old}\n    新：{new}"


@dataclass(slots=True)
class Changer:
    """Collects the changes of one unit-year's files.

    ``base`` are the homes of texts when the document was made, ``now`` those of the present; ``levels`` the outline
    levels of the form's headings for Markdown's from 1 on; ``outdated`` are the digests of the document's texts as they
    were made, of those that ``base`` has otherwise.
    """

    base: Mapping[str, Home]
    now: Mapping[str, Home]
    levels: Sequence[int]
    outdated: Mapping[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _scalars: dict[str, dict[Path, str]] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _expected: dict[str, list[str]] = field(default_factory=dict)
    _added: set[Path] = field(default_factory=set)

    def take(self, verdicts: Verdicts, passages: Sequence[Passage]) -> None:
        """Take the edits of texts, made in the document with these passages."""
        for mark, edits in verdicts.texts.items():
            places = sum(mark_of(s.mark) == mark for passage in passages for s in passage.segments if s.mark)
            self._short(mark, edits, places)
        for mark, runs in verdicts.long_texts.items():
            changed = [run for run in runs if any(pair.changed for pair in run)]
            if changed:
                self._long(mark, changed, len(runs))

    def files(self, root: FilePath) -> dict[str, str]:
        """Return the new text of every file that changes, by its path in the workspace. Raises InputError."""
        made: dict[str, str] = {}
        for file, texts in self._scalars.items():
            written = {path: text for path, text in texts.items() if path not in self._added}
            made[file] = replaced(_read(root / file), list(written.items()), file)
            for path, text in texts.items():
                if path in self._added:
                    made[file] = inserted(made[file], path, text, file)
        for file, text in self._texts.items():
            made[file] = (BOM if _read(root / file).startswith(BOM) else "") + text
        return made

    def differing(self, passages: Sequence[Passage]) -> Iterator[Finding]:
        """Yield a warning for each text that a document with these passages prints otherwise than the edited one."""
        for mark, expected in self._expected.items():
            home = self.now[mark]
            if home.path:
                found = [s.text for passage in passages for s in passage.segments if mark_of(s.mark) == mark]
                wrong = next((text for text in found if same(text) != same(expected[0])), None)
            else:
                prints = (p for p in passages if any(mark_of(s.mark) == mark for s in p.segments))
                whole = [same(passage.text) for passage in prints if passage.text.strip()]
                wrong = next((text for text in whole if text not in expected), None)
            if wrong is not None:
                message = f"写入后，{home.label}会印成「{shortened(wrong, LIMIT)}」，与文档里改的不完全一样；请看一看"
                yield Finding(message, home.source, Level.WARNING)

    def _short(self, mark: str, edits: Sequence[TextEdit], places: int) -> None:
        home = self.now.get(mark)
        versions = list(dict.fromkeys(edit.new for edit in edits))
        if len(versions) > 1:
            both = "；".join(f"{edit.spot}：「{shortened(edit.new, LIMIT)}」" for edit in edits)
            why = f"在文档里有两处，改得不一样，没有带回（{both}）；请在文档里改成一样，或直接改这里"
            self._refuse(self.base[mark], why)
            return
        edit = edits[0]
        if home is not None and mark in self.outdated:
            self._conflict(home, edit.new, same_as_made=digest(edit.new) == self.outdated[mark])
        elif home is None:
            self._refuse(self.base[mark], "现在的资料里没有了，改的文字没有带回")
        elif home.text != self.base[mark].text:
            if edit.new in home.text:
                self.findings.append(Finding(f"{home.label}在资料里已经是改后的文字", home.source, Level.NOTE))
                return
            self._conflict(home, edit.new)
        else:
            self._put(mark, home, edit)
            for also in edit.also:
                if also in self.now and also != mark:
                    self._put(also, self.now[also], edit)
            if places > len(edits):
                message = f"{home.label}在文档里印了 {places} 处，只改了 {len(edits)} 处；写入后各处都会改"
                self.findings.append(Finding(message, home.source, Level.NOTE))

    def _put(self, mark: str, home: Home, edit: TextEdit) -> None:
        new = edit.new.strip()
        text = home.text.replace(edit.old, new, 1) if home.text and edit.old in home.text else new
        self._scalars.setdefault(home.file, {})[home.path] = text
        if not home.text:
            self._added.add(home.path)
        self._expected[mark] = [new]
        self.changes.append(Change(home.file, home.source.line, home.label, home.text, text))

    def _long(self, mark: str, runs: Sequence[Sequence[Pair]], places: int) -> None:
        home, base = self.now.get(mark), self.base[mark]
        if home is not None and mark in self.outdated:
            text = "".join(pair.new.text for pair in runs[0] if pair.new is not None)
            self._conflict(home, text, same_as_made=digest(text) == self.outdated[mark])
            return
        if home is None or home.text != base.text:
            self._refuse(home or base, "在文档生成以后已在资料里改过，没有带回；请直接改这个文件")
            return
        if not home.text:
            self._first(mark, home, [pair.new.text.strip() for pair in runs[0] if pair.new is not None])
            return
        if all(pair.new is None for pair in runs[0] if pair.old is not None):
            self._refuse(home, "整篇删去了，没有带回；不再需要这篇长文，请删去这个文件")
            return
        try:
            versions: list[tuple[str, list[LineChange]]] = [edited_text(home.text, run, self.levels) for run in runs]
        except UnfitError as error:
            self._refuse(home, f"改的地方没有带回：{error}；请直接改这个文件")
            return
        if len({text for text, _changes in versions}) > 1:
            self._refuse(home, "在文档里有两处，改得不一样，没有带回；请在文档里改成一样，或直接改这个文件")
            return
        text, changes = versions[0]
        self._texts[home.file] = text
        self._expected[mark] = [same(pair.new.text) for pair in runs[0] if pair.new is not None]
        self.changes += (Change(home.file, made.line, home.label, made.old, made.new) for made in changes)
        if places > len(runs):
            message = f"{home.label}在文档里印了 {places} 处，只改了 {len(runs)} 处；写入后各处都会改"
            self.findings.append(Finding(message, home.source, Level.NOTE))

    def _first(self, mark: str, home: Home, lines: Sequence[str]) -> None:
        """Take what was typed in the place of a long text that nobody had written."""
        written = [line for line in (UNWRITTEN.sub("", line).strip() for line in lines) if line]
        if written:
            self._texts[home.file] = "".join(f"{escaped(line)}\n" for line in written)
            self._expected[mark] = [same(line) for line in written]
            self.changes += (Change(home.file, number, home.label, "", line) for number, line in enumerate(written, 1))

    def _conflict(self, home: Home, new: str, *, same_as_made: bool = False) -> None:
        """Say that a text was changed in the files after the document was made; no error where only there."""
        if same_as_made:
            message = f"{home.label}在文档生成以后已在资料里改过，文档里还是原来的文字，不必带回"
            self.findings.append(Finding(message, home.source, Level.NOTE))
        else:
            change = f"资料里现在是「{shortened(home.text, LIMIT)}」，文档里是「{shortened(new, LIMIT)}」"
            self._refuse(home, f"在文档生成以后已在资料里改过，没有带回；{change}；请直接改这里，或重新生成文档再改")

    def _refuse(self, home: Home, why: str) -> None:
        self.findings.append(Finding(f"{home.label}{why}", home.source))


def _read(path: FilePath) -> str:
    """Return a file's text with its line ends as they are; nothing of one that is not there yet."""
    return path.read_bytes().decode("utf-8") if path.exists() else ""
