"""The other files of a new year: 单位, 上年, 说明, long texts and frames of 绩效, each with what the form asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from builder.accounts.facts import UnitCard
from builder.accounts.performance import Overall, Project
from builder.asking import SUBJECT, Asked
from builder.loading.files import LastYearFile, NotesFile
from builder.workbooks.yaml_files import dump, load

from .explaining import HOW, explained, keys_of, purpose_of

FRAME = "## 填好以后，把文件名开头的「_」去掉，才会用上；不需要就删去这个文件。\n"
EACH = f"「{SUBJECT}」换成项级科目代码，一个科目一条"
RESULTS = ("实际", "完成", "执行", "得分", "偏差", "原因", "改进", "结果", "问题", "下一步", "评价", "产出和效益")
"""Words of keys of 绩效 that say how the year went, and not what was planned."""
PLANNED = ("执行率分值", "绩效指标")
"""Keys with such a word that are part of the plan."""


def card_text(unit: str, style: str, department: str) -> str:
    """Return ``单位.yaml``."""
    given = {"名称": unit, "主管部门": department, "类型": "单位", "风格": style}
    examples = {
        "简称": "简称", "代码": '"001001"', "主管部门": "主管部门的名称", "部门": "部门文件夹的名称",
        "性质": "行政单位",
    }
    lines = ["## 单位的基本信息，各年通用。", *HOW.splitlines()[:1]]
    for key, _ in keys_of(UnitCard):
        lines.append(f"## {key}：{purpose_of(UnitCard, key)}")
        if given.get(key):
            lines.append(f"{key}: {given[key]}")
        elif key == "科目":
            lines += ["# 科目:", "#   2010397: 地方科目的名称"]
        else:
            lines.append(f"# {key}: {examples[key]}")
    return "\n".join(lines) + "\n"


def last_year_text(year: int, asked: Asked, parts: Mapping[str, tuple[str, ...]]) -> str:
    """Return ``上年.yaml``: an entry for each figure that the form compares with last year's."""
    lines = [
        f"## {year - 1} 年度的决算数，取自上年公开的部门决算（各句话里的数）或上年的决算报表。",
        "## 每条三种写法任选一种：{上年: 数}、{增减: 数}、{增减率: 百分数}。", *HOW.splitlines(),
        *explained(LastYearFile),
        "金额单位: 万元", "指标: {}",
    ]  # fmt: skip
    for name, wanted in asked.last_year.items():
        notes = [wanted.heading, EACH if SUBJECT in name else ""]
        notes.append(f"不填就由 {'、'.join(parts[name])} 的上年数相加" if name in parts else "")
        lines += [f"## {'；'.join(filter(None, notes))}", f"#   {name}: {{上年: 0.00}}"]
    return "\n".join(lines) + "\n"


def notes_text(asked: Asked, before: Mapping[str, Any] | None) -> str:
    """Return ``说明.yaml``: a place for each reason and short text that the form may want; last year's texts shown."""
    lines = ["## 增减变动的原因和短文字。没有变动的、印不到的不用写；还缺哪些，生成时会逐条说出。", *HOW.splitlines()]
    lines += [*explained(NotesFile), "", "原因: {}"]
    against: dict[str, list[str]] = {}
    for name, comparison in asked.reasons:
        against.setdefault(name, []).append(comparison)
    for name, comparisons in against.items():
        heading = asked.reasons[name, comparisons[0]].heading
        lines += [f"## {heading}{f'；{EACH}' if SUBJECT in name else ''}", f"#   {name}:"]
        lines += [f"#     {comparison}: 原因文字" for comparison in comparisons]
    old = (before or {}).get("文本") or {}
    lines += ["", "文本: {}", *(["## 下面的文字照抄上年，请核对"] if old else [])]
    for name, wanted in asked.texts.items():
        kept = {key: text for key, text in old.items() if key == name or (SUBJECT in name and _alike(key, name))}
        notes = [wanted.heading, EACH if SUBJECT in name else "", "可以没有" if wanted.optional else ""]
        lines.append(f"## {'；'.join(filter(None, notes))}".rstrip())
        lines += [f"#   {key}: {text}" for key, text in (kept or {name: "文字"}).items()]
    optional = [f"{name}.md（{wanted.heading}）" for name, wanted in asked.long_texts.items() if wanted.optional]
    if optional:
        lines += ["", f"## 另可写的长文，没有就不要这个文件：{'、'.join(optional)}"]
    return "\n".join(lines) + "\n"


def _alike(key: str, name: str) -> bool:
    """Tell whether a key is one subject's of a name that stands for all: 用途.212 of 用途.科目代码."""
    stem, _, code = key.rpartition(".")
    return stem == name.rpartition(".")[0] and code.isdigit()


def long_texts(asked: Asked, year: int, before: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each long text that the form prints: last year's, marked so, or only its place."""
    for name, wanted in asked.long_texts.items():
        if name in before:
            mark = f"【待补充：以下照抄 {year - 1} 年度的「{name}」，改成 {year} 年度的以后删去这一行】"
            yield f"{name}.md", f"{mark}\n\n{before[name].strip()}\n"
        elif not wanted.optional:
            yield f"{name}.md", f"【待补充：{name}（{wanted.heading}）；写好以后删去这一行。一行是一段】\n"


def frames(asked: Asked, fields: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield a frame for each kind of 绩效 file that the form prints; its name begins with ``_``."""
    for kind in asked.forms:
        lines = [f"## {kind}：一张表一个文件。", FRAME.rstrip(), HOW.splitlines()[0], f"表: {kind}", "# 顺序: 1"]
        yield f"_{kind}.yaml", "\n".join([*lines, *_fields(fields[kind])]) + "\n"
    if asked.projects:
        yield "_项目.yaml", _model_frame(Project, "一个项目的预算、执行和绩效自评：一个项目一个文件。", ("项目名称",))
    if asked.overall:
        yield "_整体.yaml", _model_frame(Overall, "整体支出绩效自评。", ())


def _fields(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, kind in fields.items():
        if isinstance(kind, str):
            word, _, required = kind.partition(" ")
            yield f"## {name}：{word}{'，必填' if required else ''}"
            yield f"{'' if required else '# '}{name}: {_blank(kind)}"
        else:
            yield f"## {name}：{'一组内容' if isinstance(kind, Mapping) else '每行一项'}"
            yield f"# {name}: {_blank(kind)}" if isinstance(kind, Mapping) else f"# {name}:"
            yield from () if isinstance(kind, Mapping) else [f"#   - {_blank(kind[0])}"]


def _blank(kind: Any) -> str:
    """Return how a field of a kind is written, with something in it that shows what belongs there."""
    if isinstance(kind, Mapping):
        return "{" + ", ".join(f"{name}: {_blank(inner)}" for name, inner in kind.items()) + "}"
    if not isinstance(kind, str):
        return f"[{_blank(kind[0])}]"
    return {"文字": "文字", "词语": "[词语]", "金额": "0.00"}.get(kind.split()[0], "0")


def _model_frame(model: type[BaseModel], purpose: str, live: tuple[str, ...]) -> str:
    lines = [f"## {purpose}", FRAME.rstrip(), HOW.splitlines()[0]]
    for key, inner in keys_of(model):
        lines += explained(model, (key,))
        if inner is not None:
            shown = ", ".join(f"{name}: {'0' if name in {'分值', '得分'} else '文字'}" for name, _ in keys_of(inner))
            lines += [f"# {key}:", f"#   - {{{shown}}}"]
            continue
        field = next(field for field in model.model_fields.values() if field.alias == key)
        is_text = field.annotation is str or key in {"项目类别", "项目属性", "项目类型", "项目名称"}
        value = "万元" if key == "金额单位" else "文字" if is_text else "0"
        lines.append(f"{'' if key in live else '# '}{key}: {value}")
    return "\n".join(lines) + "\n"


def without_results(name: str, text: str, year: int) -> str:
    """Return last year's 绩效 file as a frame for this year: what was planned, without what came of it."""
    document = load(text, name)
    _take_out_results(document)
    return f"## 照抄 {year - 1} 年度的，去掉了执行和自评的结果；请改成 {year} 年度的。\n{FRAME}{dump(document)}"


def _take_out_results(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _take_out_results(item)
    elif isinstance(node, dict):
        for key in [key for key in node if key not in PLANNED and any(word in key for word in RESULTS)]:
            del node[key]
        for value in node.values():
            _take_out_results(value)
