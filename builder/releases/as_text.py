"""A difference as text for the accountant: by what was corrected, and by place."""

from __future__ import annotations

from collections.abc import Iterator

from builder.releases.causes import Difference
from builder.releases.telling import chain, change_words, groups, input_words, title


def text_lines(difference: Difference) -> Iterator[str]:
    """Yield the report line by line."""
    yield title(difference)
    if not difference.changes:
        yield "文档没有差异" + ("" if difference.inputs else "，资料、格式和程序也没有改动")
    else:
        yield f"共改动 {len(difference.inputs)} 项，文档里有 {len(difference.changes)} 处不同"
        yield ""
        yield "一、按改动"
        yield from _by_cause(difference)
        yield ""
        yield "二、按位置"
        yield from _by_place(difference)
    if difference.without_effect:
        yield ""
        yield "改动了，但印出来的内容没有变："
        yield from (f"  {input_words(change)}" for change in difference.without_effect)


def _by_cause(difference: Difference) -> Iterator[str]:
    for number, group in enumerate(groups(difference), 1):
        first, *others = group.inputs
        yield f"{number}. {input_words(first)}" + ("（以及下列改动共同引起）" if others else "")
        yield from (f"   {input_words(other)}" for other in others)
        yield f"   由此变动 {len(group.found)} 处："
        for each in group.found:
            yield f"   · {each.change.place}：{change_words(each.change)}"
            if steps := chain(each.causes[0]):
                yield f"     ← {steps}"
    if left := difference.unexplained:
        yield f"没有原因的变动 {len(left)} 处（见下面的错误）"


def _by_place(difference: Difference) -> Iterator[str]:
    documents = {each.change.document for each in difference.changes}
    last = ""
    for each in difference.changes:
        if len(documents) > 1 and last != (last := each.change.document):
            yield f"《{last}》"
        yield f"   {each.change.place}：{change_words(each.change)}"
