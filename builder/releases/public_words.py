"""What was corrected, in a sentence for the public: names of subjects (科目) and amounts with their unit, no paths."""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.accounts.subjects import Subjects
from builder.loading.unit import FACTS, LAST_YEAR, NOTES, STATED
from builder.releases.facts import InputChange, Kind
from builder.releases.states import State

WITHOUT_DETAIL = {
    Kind.SENTENCE: "文字更正", Kind.FILE: "格式更正", Kind.PROGRAM: "计算程序更正", Kind.ORDER: "排列顺序更正",
}
LONGEST = 40
"""With more letters than this, what was corrected is named only: the table has the words."""
AMOUNT = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
CODE = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}")
IDENTITY = re.compile(r"(?:\S+ [^、]+)(?:、\S+ [^、]+)*")
"""How a line of a list is told from others: 科目 2101599、资金来源 一般公共预算."""
UNIT = re.compile(r"^金额单位:\s*(万元|元)", re.MULTILINE)
WORDS = {
    "三公经费": "“三公”经费", "三公": "“三公”经费",
    "上年": "上年决算数", "增减": "比上年的增减额", "增减率": "比上年的增减率",
}
"""How the public knows what a key names."""
NO_AMOUNTS = ("面积", "率")
"""How keys end whose numbers with decimals are no amounts."""


@dataclass(frozen=True, slots=True)
class PublicWords:
    """Tells corrections of one unit-year, whose present state gives the unit of amounts and whose year the subjects."""

    subjects: Subjects
    state: State

    def told(self, change: InputChange) -> str:
        """Return e.g. ``支出“行政运行”（2101501）的人员经费由388.40万元更正为378.40万元``."""
        if change.kind in WITHOUT_DETAIL:
            return WITHOUT_DETAIL[change.kind]
        if change.file.endswith(f"/{NOTES}"):
            return "文字更正"
        what = self._what(change)
        if change.old is None:
            return f"补充漏填的{what}"
        if change.new is None:
            return f"删去误填的{what}"
        if len(change.old) + len(change.new) > LONGEST:
            return f"更正{what}"
        unit = self._unit(change, change.old, change.new)
        return f"{what}由{change.old}{unit}更正为{change.new}{unit}"

    def _what(self, change: InputChange) -> str:
        """Return what a fact is, from the way to it in its file."""
        steps = list(change.where)
        if change.file.endswith(f"/{LAST_YEAR}") and len(steps) > 1:
            steps = steps[1:]
        elif change.file.endswith(f"/{STATED}") and len(steps) > 1:
            steps = [*steps[1:-1], f"“{steps[-1]}”栏"]
        economic = "经济分类" in "".join(steps)
        *first, last = [self._step(step, economic=economic) for step in steps]
        head = "".join(first)
        return f"{head}的{last}" if head and not last.startswith("“") else head + last

    def _step(self, step: str, *, economic: bool) -> str:
        if step in WORDS:
            return WORDS[step]
        if " " in step and IDENTITY.fullmatch(step):
            _key, _, value = step.partition(" ")
            name, *others = [value.partition("、")[0], *(part.partition(" ")[2] for part in step.split("、")[1:])]
            return self._named(name, others, economic=economic)
        head, _, name = step.rpartition(".")
        if head:
            return WORDS.get(head, head) + (self._named(name, [], economic=economic) if CODE.fullmatch(name) else name)
        return self._named(step, [], economic=economic) if CODE.fullmatch(step) else step

    def _named(self, name: str, others: list[str], *, economic: bool) -> str:
        """Return a subject by its name, its code behind it; anything else as it is, with what tells it from others."""
        if CODE.fullmatch(name) and (known := self.subjects.name(name, economic=economic)) != name:
            others, name = [name, *others], known
        return f"“{name}”" + (f"（{'，'.join(others)}）" if others else "")

    def _unit(self, change: InputChange, *values: str) -> str:
        """Return the unit of what was entered: only amounts have decimals, and those of one file are in one unit."""
        is_amount = all(AMOUNT.fullmatch(value) for value in values) and any("." in value for value in values)
        in_figures = change.file.endswith((f"/{FACTS}", f"/{LAST_YEAR}", f"/{STATED}"))
        if not is_amount or not in_figures or change.where[-1].endswith(NO_AMOUNTS):
            return ""
        found = UNIT.search(self.state.files.get(change.file, b"").decode("utf-8-sig", errors="replace"))
        return found[1] if found else "万元"
