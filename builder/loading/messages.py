"""What is wrong with a value, in words: one writer for each type of error that a model can raise."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .document import Path
from .structure import meant_by

NUMERALS = "零一两三四五六七八九"
LONGEST = 30
"""How much of a wrong text a message quotes."""
LISTED = 16
"""How many allowed words a message lists at most."""
COLON = re.compile(r"[：:]")


def label(path: Path) -> str:
    """Return the name of a value for a message: 「基本支出」, or 「支出」第 3 项."""
    if not path:
        return "文件"
    if isinstance(path[-1], int):
        above = next((step for step in reversed(path) if isinstance(step, str)), "")
        return f"「{above}」第 {path[-1] + 1} 项"
    return f"「{path[-1]}」"


def short(found: object) -> str:
    """Return a found text as a message quotes it."""
    text = str(found)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _wrong_amount(name: str, found: Any, details: Mapping[str, Any]) -> str:
    if found == "":
        return f"{name}没有填金额；请填数字，没有金额就写 0 或删去这一行"
    if reading := details.get("reading"):
        return f"{name}的金额写作「{short(found)}」；请改为 {reading}"
    if str(found).endswith("元"):
        return f"{name}的金额写作「{short(found)}」；本文件的金额单位是{details.get('unit', '万元')}，请换算后只写数字"
    return f"{name}的金额写作「{short(found)}」，不是金额；请填数字（如 1,064.50 或 -3.2），没有金额就写 0"


def _too_many_places(name: str, found: Any, details: Mapping[str, Any]) -> str:
    unit, places, decimals = details["unit"], NUMERALS[details["places"]], details["decimals"]
    many = NUMERALS[decimals] if decimals < len(NUMERALS) else str(decimals)
    advice = "请核对，或四舍五入" if unit == "元" else "请四舍五入，或把「金额单位」改为元、全部按元填写"
    return f"{name}的金额写作「{short(found)}」，有{many}位小数；金额单位为{unit}时最多{places}位小数，{advice}"


def _wrong_number(name: str, found: Any, details: Mapping[str, Any]) -> str:
    if found == "":
        return f"{name}没有填数；请填数字，或删去这一行"
    if reading := details.get("reading"):
        return f"{name}写作「{short(found)}」；请改为 {reading}"
    return f"{name}写作「{short(found)}」，不是数字；请填数字"


def _wrong_count(name: str, found: Any, details: Mapping[str, Any]) -> str:
    if found == "":
        return f"{name}没有填数；请填数字，没有就写 0 或删去这一行"
    reading = str(details.get("reading", "")).removesuffix(".0").removesuffix(".00")
    if reading.isdigit():
        return f"{name}写作「{short(found)}」；请改为 {reading}"
    if number := re.fullmatch(r"([0-9]+)\s*[个辆人台套批次名]+", str(found)):
        return f"{name}写作「{short(found)}」；只写数字，请改为 {number[1]}"
    return f"{name}写作「{short(found)}」；应是不小于 0 的整数，请改正"


def _wrong_code(name: str, found: Any, details: Mapping[str, Any]) -> str:
    what = "科目代码" if name == f"「{found}」" else name
    reading = str(details.get("reading", ""))
    if re.fullmatch(r"[0-9]{3}(?:[0-9]{2}){0,2}", reading):
        return f"{what}写作「{short(found)}」；请改为 {reading}"
    if leading := re.match(r"([0-9]{3}(?:[0-9]{2}){0,2})(?![0-9])", str(found)):
        return f"{what}写作「{short(found)}」；只写代码，请改为 {leading[1]}"
    if not found:
        return f"{name}没有填科目代码；请填 7 位项级代码，如 2080505"
    return f"{what}写作「{short(found)}」；应是 3、5 或 7 位数字（类、款、项），请核对"


def _wrong_choice(name: str, found: Any, details: Mapping[str, Any]) -> str:
    allowed: list[str] = details["allowed"]
    choices = "、".join(allowed[:LISTED])
    if found == "":
        return f"{name}没有填；应是 {choices} 之一"
    if name == f"「{found}」":  # a key
        return f"{name}不是这里的栏目名；应是 {choices} 之一"
    meant = meant_by(str(found), allowed)
    advice = f"请改为「{meant}」" if meant else "请改正"
    return f"{name}写作「{short(found)}」；应是 {choices} 之一，{advice}"


def _not_list(name: str, found: Any, _details: Mapping[str, Any]) -> str:
    if found == "":
        return f"{name}下面是空的；应是列表（每项以「- 」开头），没有就写 []"
    if isinstance(found, Mapping):
        return f"{name}应是列表：每一项以「- 」开头；请在各项前面加上「- 」"
    return f"{name}应是列表（每项以「- 」开头），读到的却是文字「{short(found)}」；{_colon_advice(found)}"


def _not_mapping(name: str, found: Any, _details: Mapping[str, Any]) -> str:
    if found == "":
        return f"{name}下面是空的；请填写，没有就删去这一行"
    if isinstance(found, list):
        return f"{name}应是一组「名称: 内容」，读到的却是列表；请去掉「- 」"
    return f"{name}应是一组「名称: 内容」，读到的却是文字「{short(found)}」；{_colon_advice(found)}"


def _not_text(name: str, _found: Any, _details: Mapping[str, Any]) -> str:
    return f"{name}没有填；请填写"


def _wrong_rate(name: str, found: Any, _details: Mapping[str, Any]) -> str:
    return f"{name}写作「{short(found)}」；百分数请写作「15%」或「-3.2%」"


def _exactly_one(name: str, _found: Any, details: Mapping[str, Any]) -> str:
    choices = "、".join(details["allowed"])
    given = details.get("given") or []
    if given:
        return f"{name}同时填了{'、'.join(given)}；{choices}只填一个，请删去其余的"
    return f"{name}没有填数；请填{choices}中的一个"


def _colon_advice(found: Any) -> str:
    match = COLON.search(str(found))
    if match is None:
        return "请改正"
    if match[0] == "：":
        return "多半是冒号用了全角「：」，请改为半角冒号加一个空格「: 」"
    return "多半是冒号后面缺少空格，请改为「: 」"


MESSAGES: dict[str, Callable[[str, Any, Mapping[str, Any]], str]] = {
    "amount": _wrong_amount,
    "amount_places": _too_many_places,
    "number": _wrong_number,
    "count": _wrong_count,
    "code": _wrong_code,
    "choice": _wrong_choice,
    "rate": _wrong_rate,
    "exactly_one": _exactly_one,
    "list_type": _not_list,
    "model_type": _not_mapping,
    "dict_type": _not_mapping,
    "string_too_short": _not_text,
}
"""Type of an error (pydantic's own, and those of the models' types) → its message."""

WANTED = {
    "amount": "金额",
    "amount_places": "金额",
    "number": "数字",
    "count": "整数",
    "code": "科目代码",
    "choice": "一个词",
    "string_type": "文字",
    "string_too_short": "文字",
    "rate": "百分数",
}
"""Type of an error → what should stand there, where a list or mapping does."""
