"""What is wrong with the tags of a part, in words, all of it at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError, nodes

from builder.rendering.directives import WORD as VERTICAL_MERGE
from builder.rendering.suggestions import is_it

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

    from builder.findings import Finding
    from builder.rendering.joining import Story
    from builder.rendering.tags import Tag

_CLOSES = {
    "endif": "if",
    "endfor": "for",
    "endset": "set",
    "endwith": "with",
    "endmacro": "macro",
    "endfilter": "filter",
}
_BETWEEN = {"elif": ("if",), "else": ("if", "for")}
_CELL = {"colspan", "cellbg"}
_BARE = {"vm", "hm"}
_KNOWN = {*_CLOSES, *_CLOSES.values(), *_BETWEEN, *_CELL, *_BARE, VERTICAL_MERGE}
_GOT = re.compile(r"got '(.*)'$")


@dataclass(slots=True)
class _Open:
    word: str
    tag: Tag


def diagnose(story: Story, environment: Environment) -> list[Finding]:
    """Return every mistake in a part's tags that can be seen without a context: form, pairing, unknown filters."""
    findings = [story.finding(broken.message, broken.place) for broken in story.broken]
    for tag in story.tags:
        findings.extend(story.finding(message, tag.place) for message in _tag_mistakes(tag, story, environment))
    if not story.broken:  # a tag that is not closed would make its partner look wrong too
        findings.extend(story.finding(message, tag.place) for tag, message in _pairing_mistakes(story))
    return findings


def _tag_mistakes(tag: Tag, story: Story, environment: Environment) -> Iterator[str]:
    if tag.prefix in {"tr", "tc"} and not story.places[tag.place].in_table:
        yield f"「{tag.typed}」只能写在表格里。段落之间请用 {{%p … %}}。"
        return
    code = _alone(tag)
    if code is None:
        return
    if not code:
        word = tag.body.strip("- ").split()[0]
        yield f"「{tag.typed}」：没有「{word}」这种标签{is_it(word, _KNOWN)}"
        return
    try:
        tree = environment.parse(code)
    except TemplateSyntaxError as error:
        yield f"「{tag.typed}」写法有误：{explained(error)}"
        return
    for found in tree.find_all((nodes.Filter, nodes.Test)):
        known = environment.filters if isinstance(found, nodes.Filter) else environment.tests
        if found.name not in known:
            what = "过滤器" if isinstance(found, nodes.Filter) else "判断"
            yield f"「{tag.typed}」：没有「{found.name}」这个{what}{is_it(found.name, known)}"


def _alone(tag: Tag) -> str | None:
    """Return a template that holds this tag alone, None where there is nothing to check, empty where it is unknown."""
    body = tag.body.strip("- ").rstrip()
    word, _, rest = body.partition(" ")
    code: str | None = ""
    if tag.kind == "#" or (tag.kind == "%" and (word in _CLOSES or word == "else" or word in _BARE)):
        code = None
    elif tag.kind == "{":
        code = f"{{{{ {body} }}}}"
    elif word in _CELL:
        code = f"{{{{ {rest} }}}}"
    elif word == VERTICAL_MERGE:
        code = f"{{% if {rest} %}}{{% endif %}}"
    elif word == "elif":
        code = f"{{% if 1 %}}{{% {body} %}}{{% endif %}}"
    elif word == "set" and "=" in rest:
        code = f"{{% {body} %}}"
    elif word in _CLOSES.values():
        code = f"{{% {body} %}}{{% end{word} %}}"
    return code


def _pairing_mistakes(story: Story) -> Iterator[tuple[Tag, str]]:
    opened: list[_Open] = []
    for tag in story.tags:
        if tag.kind != "%":
            continue
        word, _, rest = tag.body.strip("- ").partition(" ")
        if word in _CLOSES:
            if opened and opened[-1].word == _CLOSES[word]:
                opened.pop()
                continue
            yield tag, f"「{tag.typed}」前面没有与它配对的 {{% {_CLOSES[word]} … %}}{_unclosed(opened)}"
            return
        if word in _BETWEEN:
            if not opened or opened[-1].word not in _BETWEEN[word]:
                yield tag, f"「{tag.typed}」不在 {{% if … %}} 和 {{% endif %}} 之间{_unclosed(opened)}"
                return
        elif word in _CLOSES.values() and not (word == "set" and "=" in rest):
            opened.append(_Open(word, tag))
    for one in opened:
        yield one.tag, f"「{one.tag.typed}」没有与它配对的 {{% end{one.word} %}}（须在同一个部件里）。"


def _unclosed(opened: list[_Open]) -> str:
    return f"（此前的「{opened[-1].tag.typed}」还没有结束）。" if opened else "。"


def explained(error: TemplateSyntaxError) -> str:
    """Return Jinja's complaint in Chinese, as far as it can be told."""
    message = error.message or ""
    got = _GOT.search(message)
    if message == "expected name or number" or (got and got[1].startswith("end of ")):
        return "写得不完整，结尾处缺少内容（如名称、引号或右括号）。"
    if got:
        return f"「{got[1]}」处不对，请检查名称、逗号、括号和引号。"
    if message.startswith("unexpected"):
        return f"{message.removeprefix('unexpected').strip()} 是多余的或位置不对。"
    return f"请检查名称、逗号、括号和引号（{message}）。"
