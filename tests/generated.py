"""Units made up by a seed: consistent facts of any kind of unit, and their totals by plain arithmetic.

Amounts are whole numbers of 分. Nothing here uses the program: what a table should print is added up once more.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING

import yaml
from workspaces import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

GENERAL, FUND, CAPITAL, OWN = "一般公共预算", "政府性基金预算", "国有资本经营预算", "非财政拨款"
FISCAL = (GENERAL, FUND, CAPITAL)
FUND_ITEMS = ("20707", "20822", "21208", "21213", "21366", "22960")
CAPITAL_ITEMS = ("22301", "22302", "22303")
SOURCES = ("事业收入", "经营收入", "上级补助收入", "附属单位上缴收入", "其他收入")
OWN_KINDS = ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
VISITS = ("因公出国境费", "公务用车购置费", "公务用车运行维护费", "公务接待费")
BOTH_BUDGETS = ("年初预算", "全年预算")

SWITCHES = (
    "政府性基金",
    "国有资本",
    "自有资金",
    "冲销",
    "有预算没有支出",
    "没有预算",
    "与上年相同",
    "上年为零",
    "今年为零",
    "上年为负",
    "科目多",
    "科目一个",
    "名称长",
    "本级",
    "部门",
    "没有三公",
    "三公不填",
    "只有车辆",
    "外宾",
    "三公有预算没有支出",
    "没有机关运行经费",
    "机关运行经费单列",
    "没有政府采购",
    "没有项目",
    "元",
    "上年文件夹",
    "没有基本支出",
    "没有公用经费",
    "没有支出",
    "预算为负",
    "只有冲销",
    "三公冲销",
)
"""What may be particular about a unit; the rest is ordinary."""


def printed(cents: int) -> Decimal:
    """Return an amount as the tables print it: 万元 with two decimals."""
    return (Decimal(cents) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)


@cache
def subjects(year: int) -> dict[str, dict[str, str]]:
    """Return the subjects of a year: names by kind and code."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with (ROOT / "templates" / "科目" / f"{year}.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found[row["分类"]][row["代码"]] = row["名称"]
    return dict(found)


@dataclass
class Year:
    """The facts of one year by book; keys are (fund, subject, kind)."""

    spent: dict[tuple[str, str, str], int] = field(default_factory=dict)
    income: dict[tuple[str, str], int] = field(default_factory=dict)  # (source or fund, subject)
    opening: dict[tuple[str, str], int] = field(default_factory=dict)
    closing: dict[tuple[str, str], int] = field(default_factory=dict)
    surplus_used: int = 0
    distributed: int = 0
    budget: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)  # 人员经费 of general basic expenditure, by subject
    economic: dict[str, int] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    visit_budget: dict[str, int] = field(default_factory=dict)
    running: int = 0

    def general(self, code: str) -> int:
        return sum(amount for (fund, item, _), amount in self.spent.items() if fund == GENERAL and item == code)

    def fiscal_income(self) -> int:
        return sum(amount for (source, _), amount in self.income.items() if source in FISCAL)

    def total_spent(self, *funds: str) -> int:
        return sum(amount for (fund, _, _), amount in self.spent.items() if not funds or fund in funds)

    def total_income(self, *sources: str) -> int:
        return sum(amount for (source, _), amount in self.income.items() if not sources or source in sources)

    def carried(self, book: Mapping[tuple[str, str], int], *funds: str) -> int:
        return sum(amount for (fund, _), amount in book.items() if not funds or fund in funds)

    def indicators(self, *, more: bool = True) -> dict[str, int]:
        """Return the figures that a form may compare with another year's."""
        general = {f"一般公共预算支出.{code}": self.general(code) for code in self.general_codes()}
        visits = {f"三公.{name}": self.visits.get(name, 0) for name in VISITS}
        vehicles = visits["三公.公务用车购置费"] + visits["三公.公务用车运行维护费"]
        fiscal = {"财政拨款收入.合计": self.fiscal_income(), "财政拨款支出.合计": self.total_spent(*FISCAL)}
        kinds = {f"支出.{kind}": sum(v for (_, _, k), v in self.spent.items() if k == kind) for kind in OWN_KINDS}
        return {
            "收支.总计": self.total_income() + self.carried(self.opening) + self.surplus_used,
            "收入.合计": self.total_income(),
            "支出.合计": self.total_spent(),
            "财政拨款收支.总计": self.fiscal_income() + self.carried(self.opening, *FISCAL),
            **(fiscal if more else {}),
            **{f"财政拨款收入.{fund}": self.total_income(fund) for fund in FISCAL},
            "一般公共预算支出.合计": self.total_spent(GENERAL),
            **general,
            "政府性基金.本年支出": self.total_spent(FUND),
            "国有资本经营.本年支出": self.total_spent(CAPITAL),
            **kinds,
            **visits,
            "三公.公务用车": vehicles,
            "三公.合计": sum(self.visits.values()),
            "机关运行经费.决算": self.running,
        }

    def general_codes(self) -> list[str]:
        spent = {code for fund, code, _ in self.spent if fund == GENERAL}
        return sorted(spent | set(self.budget))


@dataclass
class Unit:
    """A made-up unit: its name, what is particular about it, its books, and its files."""

    seed: int
    style: str
    switches: frozenset[str]
    name: str
    year: int
    books: Year
    last: dict[str, int]
    files: dict[str, str]

    def write(self, root: Path) -> None:
        for name, text in self.files.items():
            path = root / "content" / self.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def roll_up(self, pick: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Return amounts by 类, 款 and 项 of amounts by 项, zeros left out where no entry is."""
        found: dict[str, int] = defaultdict(int)
        for code, amount in pick:
            for length in (3, 5, 7):
                found[code[:length]] += amount
        return dict(found)


class Maker:
    """Makes one unit; every choice follows from the seed."""

    def __init__(self, seed: int, style: str, switches: Iterable[str]) -> None:
        self.seed, self.style = seed, style
        self.rng = random.Random(f"{style} {seed}")
        self.on = frozenset(switches)
        self.cents = 1 if "元" in self.on else 10_000
        self.year = self.rng.choice(range(2020 if "上年文件夹" in self.on else 2019, 2025))

    def amount(self, least: float, most: float) -> int:
        """Return an amount between two of 万元, to the unit's precision."""
        return self.rng.randint(int(least * 1_000_000), int(most * 1_000_000)) // self.cents * self.cents

    def text(self, cents: int) -> str:
        return f"{Decimal(cents) / (100 if '元' in self.on else 1_000_000):.2f}"

    def make(self) -> Unit:
        name = self.rng.choice(["云溪市", "江州区", "青湖县", "南川自治州"]) + self.rng.choice(
            ["交通运输局", "第二中学", "水文监测中心", "人民医院", "公共资源交易服务中心"]
        )
        if "名称长" in self.on:
            name += "城乡居民基本养老保险和职业年金基金管理服务中心综合行政执法监督大队"
        name += f"{self.seed}号" + ("（本级）" if "本级" in self.on else "")
        year = self.year
        books = self.books(year)
        last_books = self.books(year - 1) if "上年文件夹" in self.on else None
        last = last_books.indicators() if last_books else self.last_year(books)
        files = {"单位.yaml": self.card(name), f"{year}/决算.yaml": self.facts(books, year)}
        if last_books:
            files[f"{year - 1}/决算.yaml"] = self.facts(last_books, year - 1)
        else:
            stated = {key: {"上年": f"{Decimal(value) / 1_000_000:.2f}"} for key, value in last.items()}
            files[f"{year}/上年.yaml"] = dump({"金额单位": "万元", "指标": stated})
            last = {key: round_cents(value) for key, value in last.items()}
        if "没有项目" not in self.on:
            files |= {f"{year}/绩效/{number}.yaml": text for number, text in enumerate(self.projects(name), 1)}
        return Unit(self.seed, self.style, self.on, name, year, books, last, files)

    # ------------------------------------------------------------ the books

    def books(self, year: int) -> Year:
        known = subjects(year)["功能"]
        items = [code for code in known if len(code) == 7]
        special = (*FUND_ITEMS, *(code for code in known if "基金" in known[code] or "国债" in known[code]))
        outside = ("223", "230", "231", "232", "233", "234", "227")
        special += tuple(code for code in known if len(code) == 5 and "专项" in known[code])
        ordinary = [code for code in items if not code.startswith((*special, *outside))]
        count = 1 if "科目一个" in self.on else 30 if "科目多" in self.on else self.rng.randint(2, 9)
        self.chosen = sorted(self.rng.sample(ordinary, count))
        books = Year()
        basic = [] if "没有基本支出" in self.on else self.chosen[: max(1, count // 2)]
        people = public = 0
        for code in self.chosen if "没有支出" not in self.on else []:
            if code in basic:
                books.people[code] = self.amount(0.5, 900)
                office = 0 if "没有公用经费" in self.on else self.amount(0.01, 90)
                people, public = people + books.people[code], public + office
                books.spent[GENERAL, code, "基本支出"] = books.people[code] + office
            if code not in basic or self.rng.random() < 0.2:
                books.spent[GENERAL, code, "项目支出"] = self.amount(0.01, 5000)
        if "冲销" in self.on and self.chosen:
            books.spent[GENERAL, self.chosen[-1], "项目支出"] = -self.amount(0.5, 3)
        if "只有冲销" in self.on:
            books.spent = {(GENERAL, self.chosen[0], "项目支出"): -self.amount(0.5, 3)}
            books.people, people, public = {}, 0, 0
        books.economic = self.economic(year, people, public)
        books.running = 0 if "没有机关运行经费" in self.on else public
        if "机关运行经费单列" in self.on:
            books.running = self.amount(1, 80)
        for fund, prefixes, wanted in ((FUND, FUND_ITEMS, "政府性基金"), (CAPITAL, CAPITAL_ITEMS, "国有资本")):
            if wanted in self.on:
                codes = [code for code in items if code.startswith(prefixes)]
                for code in self.rng.sample(codes, min(len(codes), self.rng.randint(1, 3))):
                    books.spent[fund, code, "项目支出"] = self.amount(0.1, 800)
        self.carry(books)
        self.own(books)
        self.budgets(books, ordinary)
        self.visiting(books)
        return books

    def economic(self, year: int, people: int, public: int) -> dict[str, int]:
        codes = [code for code in subjects(year)["经济"] if len(code) == 5]
        found: dict[str, int] = {}
        for total, prefixes in ((people, ("301", "303")), (public, ("302", "310"))):
            choices = [code for code in codes if code.startswith(prefixes)]
            chosen = self.rng.sample(choices, min(len(choices), self.rng.randint(1, 9)))
            left = total
            for code in chosen[:-1]:
                found[code] = self.rng.randint(0, left) // self.cents * self.cents
                left -= found[code]
            found[chosen[-1]] = left
        if "冲销" in self.on and found:
            first, *rest = sorted(found)
            if rest:
                found[first], found[rest[0]] = found[first] + 50_000, found[rest[0]] - 50_000
        return {code: amount for code, amount in sorted(found.items()) if amount}

    def carry(self, books: Year) -> None:
        """Carry money over, and let the revenue of each fiscal item be what balances it."""
        for fund, code in {(fund, code): None for fund, code, _ in books.spent}:
            spent = sum(v for (f, c, _), v in books.spent.items() if (f, c) == (fund, code))
            opening = self.amount(0.01, 50) if self.rng.random() < (0.7 if fund == FUND else 0.2) else 0
            closing = self.amount(0.01, 50) if self.rng.random() < (0.7 if fund == FUND else 0.2) else 0
            if spent >= 0:
                closing = max(closing, opening - spent)
            books.opening[fund, code], books.closing[fund, code] = opening, closing
            books.income[fund, code] = spent + closing - opening
        for book in (books.opening, books.closing, books.income):
            for key in [key for key, value in book.items() if not value]:
                del book[key]

    def own(self, books: Year) -> None:
        """Money that is not the treasury's: every source and every kind of expenditure."""
        if "自有资金" not in self.on:
            return
        code = self.chosen[0]
        for kind in OWN_KINDS:
            books.spent[OWN, code, kind] = self.amount(0.1, 60)
        for source in SOURCES:
            books.income[source, code] = self.amount(0.1, 60)
        books.opening[OWN, ""] = self.amount(0, 20)
        gap = books.total_spent(OWN) - books.total_income(*SOURCES) - books.opening[OWN, ""]
        if gap > 0:
            books.surplus_used = gap
        books.distributed = self.amount(0, -gap / 1_000_000) if gap < 0 else 0
        books.closing[OWN, ""] = -gap - books.distributed if gap < 0 else 0

    def budgets(self, books: Year, ordinary: list[str]) -> None:
        for code in self.chosen:
            spent = books.general(code)
            share = self.rng.choice([0, 0.5, 1, 1, 1.3])
            books.budget[code] = max(0, int(spent * share)) // self.cents * self.cents
            if not books.budget[code]:
                del books.budget[code]
        if "有预算没有支出" in self.on:
            more = [code for code in self.rng.sample(ordinary, 2) if code not in self.chosen]
            books.budget |= {code: self.amount(1, 90) for code in more}
        if "没有预算" in self.on:
            books.budget = {}
        if "预算为负" in self.on:
            books.budget = {code: -self.amount(0.1, 5) for code in self.chosen}

    def visiting(self, books: Year) -> None:
        books.visits = dict.fromkeys(VISITS, 0)
        books.visit_budget = dict.fromkeys(VISITS, 0)
        if "没有三公" in self.on or "三公不填" in self.on:
            return
        for name in ("公务用车运行维护费",) if "只有车辆" in self.on else VISITS:
            books.visits[name] = 0 if "三公有预算没有支出" in self.on else self.rng.choice([0, self.amount(0.01, 20)])
            books.visit_budget[name] = self.rng.choice([0, books.visits[name], self.amount(0.01, 30)])
        if "外宾" in self.on:
            books.visits["公务接待费"] = self.amount(1, 3)
        if "三公冲销" in self.on:
            books.visits["公务用车运行维护费"] = -self.amount(0.1, 0.5)

    def last_year(self, books: Year) -> dict[str, int]:
        """Return last year's figures for 上年.yaml; one choice for all, or one for each."""
        found = {}
        for name, value in books.indicators(more=self.style == "陕西").items():
            choice = self.rng.random()
            found[name] = self.amount(0.01, 900) if choice < 0.6 else value if choice < 0.8 else 0
            if "与上年相同" in self.on:
                found[name] = value
            if "上年为零" in self.on:
                found[name] = 0
            if "上年为负" in self.on and name.startswith(("一般公共预算支出.2", "三公", "机关", "政府性基金")):
                found[name] = -self.amount(0.01, 9)
        if "今年为零" in self.on:
            gone = [code for code in subjects(self.year)["功能"] if len(code) == 7 and code.startswith("205")][:2]
            found |= {f"一般公共预算支出.{code}": self.amount(1, 90) for code in gone if code not in self.chosen}
        return found

    # ------------------------------------------------------------ the files

    def card(self, name: str) -> str:
        card = {
            "名称": name,
            "简称": "本中心",
            "主管部门": "云溪市人民政府",
            "性质": "财政拨款事业单位",
            "风格": self.style,
        }
        card["类型"] = "部门" if "部门" in self.on else "单位"
        return dump(card)

    def facts(self, books: Year, year: int) -> str:
        text = self.text
        income: dict[str, dict[str, str]] = defaultdict(dict)
        for (source, code), amount in books.income.items():
            income[code][f"{source}财政拨款" if source in FISCAL else source] = text(amount)
        spent = self.spent_facts(books)
        budget = [{"科目": int(code), "金额": text(amount)} for code, amount in books.budget.items()]
        facts: dict[str, object] = {
            "金额单位": "元" if "元" in self.on else "万元",
            "收入": [{"科目": int(code), **line} for code, line in sorted(income.items())],
            "支出": [{"科目": int(code), "资金来源": fund, **line} for (fund, code), line in sorted(spent.items())],
            "基本支出经济分类": {int(code): text(amount) for code, amount in books.economic.items()},
            "年初结转和结余": self.carried_facts(books.opening),
            "年末结转和结余": self.carried_facts(books.closing),
            **dict.fromkeys(BOTH_BUDGETS, budget),
        }
        for name, amount in (("使用非财政拨款结余", books.surplus_used), ("结余分配", books.distributed)):
            if amount:
                facts[name] = text(amount)
        if "三公不填" not in self.on:
            facts["三公经费"] = self.visit_facts(books)
        if "没有机关运行经费" not in self.on:
            stated = (
                {"口径": "单列", "决算": text(books.running)} if "机关运行经费单列" in self.on else {"口径": "公用经费"}
            )
            half = text(books.running // 2 // self.cents * self.cents)
            facts["机关运行经费"] = stated | dict.fromkeys(BOTH_BUDGETS, half)
        if "没有政府采购" not in self.on:
            goods = self.amount(1, 50)
            part = text(goods // 2 // self.cents * self.cents)
            facts["政府采购"] = {"货物": {"支出": text(goods), "授予中小企业": part, "授予小微企业": part}}
        nothing = dict.fromkeys((*BOTH_BUDGETS, "决算"), text(0)) | {"次数": 0, "人次": 0}
        units = [{"名称": f"下属单位{n}", "性质": "事业单位", "在职人数": n} for n in range(1, 4)]
        offices = {"内设机构": ["办公室", "财务科"]} if self.rng.random() < 0.8 else {}
        return dump(
            facts
            | {
                "会议费": nothing,
                "培训费": nothing,
                "国有资产": {"车辆": {"其他用车": 2}} if self.rng.random() < 0.5 else {},
                "人员": {"编制": {"事业编制": 20}, "在职": {"在职人员": 18}, "离退休": {"退休人员": 3}},
                "机构": offices | {"决算单位": units if "部门" in self.on else units[:1]},
            }
        )

    def spent_facts(self, books: Year) -> dict[tuple[str, str], dict[str, str]]:
        """Return the lines of 支出; basic expenditure is divided where the form needs it, or by chance."""
        split = self.style in ("陕西", "宁德") or self.rng.random() < 0.5
        spent: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for (fund, code, kind), amount in books.spent.items():
            if kind == "基本支出" and (split or (self.style == "厦门" and fund != GENERAL)):
                people = books.people[code] if fund == GENERAL else amount // 2 // self.cents * self.cents
                spent[fund, code] |= {"人员经费": self.text(people), "公用经费": self.text(amount - people)}
            else:
                spent[fund, code][kind] = self.text(amount)
        return spent

    def carried_facts(self, book: Mapping[tuple[str, str], int]) -> list[dict[str, object]]:
        return [
            {"资金来源": fund, **({"科目": int(code), "类型": "项目支出"} if code else {}), "金额": self.text(amount)}
            for (fund, code), amount in book.items()
        ]

    def visit_facts(self, books: Year) -> dict[str, object]:
        lines: dict[str, dict[str, object]] = {}
        for name in VISITS:
            lines[name] = {which: self.text(books.visit_budget[name]) for which in BOTH_BUDGETS}
            lines[name]["决算"] = self.text(books.visits[name])
        lines["因公出国境费"] |= {"团组": 1, "人次": 4} if books.visits["因公出国境费"] else {"团组": 0, "人次": 0}
        lines["公务用车购置费"]["购置数"] = int(bool(books.visits["公务用车购置费"]))
        lines["公务用车运行维护费"]["保有量"] = 2
        reception = lines["公务接待费"]
        reception["国内"] = {"批次": 3, "人次": 20}
        if "外宾" in self.on:
            reception["外宾"] = {"决算": self.text(self.amount(0.1, 0.9)), "批次": 1, "人次": 5}
        return lines

    def projects(self, name: str) -> Iterable[str]:
        for number in range(1, self.rng.randint(2, 4)):
            yield dump(self.project(name, number))

    def project(self, name: str, number: int) -> dict[str, object]:
        title = f"业务项目{number}"
        row = {"一级": "产出指标", "二级": "数量指标", "三级": "个数", "目标值": "≥3个", "完成值": "4个"}
        scored = row | {"分值": 50, "得分": 45}
        if self.style == "湖北":
            full = {
                "一级指标": "产出指标",
                "二级指标": "数量指标",
                "三级指标": "个数",
                "年初目标值": "3个",
                "实际完成值": "4个",
            }
            return {
                "金额单位": "万元",
                "顺序": number,
                "项目名称": title,
                "主管部门": "云溪市人民政府",
                "项目实施单位": name,
                "项目类别": "部门预算项目",
                "项目属性": "持续性项目",
                "项目类型": ["常年性项目"],
                "年初预算": 40,
                "执行数": 38.5,
                "绩效指标": [full | {"分值": 80, "得分": 78}],
                "偏差原因分析": "无",
                "改进措施及结果应用": "继续检查",
                "主要产出和效益": "完成四个。",
            }
        if self.style == "厦门":
            return {
                "表": "一级项目支出绩效自评表",
                "顺序": number,
                "项目名称": title,
                "主管部门": "甲局",
                "实施单位": name,
                "资金": {"当年财政拨款": {"年初预算": 40, "全年预算": 40, "执行": 38.5}},
                "执行率分值": 10,
                "执行得分": 9,
                "预期目标": "完成三个。",
                "完成情况": "完成四个。",
                "指标": [scored],
            }
        if self.style == "陕西":
            values = {"年度指标值": "≥3个", "全年完成值": "4个"}
            return {
                "表": "项目绩效目标自评表",
                "顺序": number,
                "项目名称": title,
                "简称": title,
                "省级主管部门": "甲局",
                "实施单位": name,
                "全年预算数": {"省级财政资金": 40},
                "全年执行数": {"省级财政资金": 38.5},
                "自评得分": 97,
                "年初设定目标": "完成三个。",
                "全年实际完成情况": "完成四个。",
                "指标": [{key: row[key] for key in ("一级", "二级", "三级")} | values],
            }
        if self.style == "河南":
            return {
                "表": "项目支出绩效评价自评表",
                "顺序": number,
                "项目名称": title,
                "项目单位": name,
                "主管部门": "甲局",
                "年初预算": {"市级财政资金": 40},
                "全年预算": {"市级财政资金": 40},
                "实际支出": {"市级财政资金": 38.5},
                "预期目标": "完成三个。",
                "完成情况": "完成四个。",
                "指标": [row],
                "综合得分": 95,
            }
        return {
            "表": "市级财政项目支出绩效自评表",
            "顺序": number,
            "项目名称": title,
            "项目承担单位": name,
            "项目主管部门": "甲局",
            "目标": [scored],
            "资金": {"市级财政资金": {"年初预算": 40, "到位": 40, "支出": 38.5}},
            "总体完成情况": "完成。",
        }


def round_cents(cents: int) -> int:
    """Return an amount as 上年.yaml states it in 万元 with two decimals."""
    return int(Decimal(f"{Decimal(cents) / 1_000_000:.2f}") * 1_000_000)


class Plain(yaml.SafeDumper):
    """Writes what stands in two places twice, not as a reference."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def dump(data: object) -> str:
    """Return YAML as an accountant might write it; amounts stand as numbers."""
    text = yaml.dump(data, Dumper=Plain, allow_unicode=True, sort_keys=False, width=1000)
    return text.replace("'", "")


def make(seed: int, style: str, switches: Iterable[str]) -> Unit:
    """Return the unit of a seed."""
    return Maker(seed, style, switches).make()
