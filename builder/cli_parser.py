"""The command line's words: an argparse that speaks Chinese, also where it complains."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from typing import NoReturn

WRONG_USAGE = 2

COMPLAINTS = (
    (re.compile(r"the following arguments are required: (.*)"), r"缺少：\1"),
    (re.compile(r"argument (.*?): invalid \w+ value: (.*)"), r"\1 应是数字，读到的是 \2"),
    (re.compile(r"argument (.*?): expected one argument"), r"\1 后面要写一个值"),
    (re.compile(r"argument (.*?): expected at least one argument"), r"\1 后面至少要写一个值"),
    (re.compile(r"argument (.*?): not allowed with argument (.*)"), r"\1 和 \2 不能同时用"),
    (re.compile(r"ambiguous option: (.*?) could match (.*)"), r"\1 不明确，可能是 \2"),
    (re.compile(r"argument (.*?): ignored explicit argument (.*)"), r"\1 后面不能写值 \2"),
)
"""What argparse says in English → the same in Chinese."""

UNKNOWN = re.compile(r"unrecognized arguments: (.*)", re.DOTALL)
CHOICE = re.compile(r"argument (.*?): invalid choice: '?(.*?)'? \(choose from (.*)\)", re.DOTALL)


class ChineseHelp(argparse.RawDescriptionHelpFormatter):
    """Help with Chinese headings."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """Begin with 用法."""
        return super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class ChineseParser(argparse.ArgumentParser):
    """A parser whose help and complaints are in Chinese; options cannot be shortened."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"formatter_class": ChineseHelp, "allow_abbrev": False, **options, "add_help": False})  # type: ignore[arg-type]
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """Let the command itself complain about what it does not know, with its own usage."""
        namespace, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return namespace, unknown

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and leave with status 2."""
        if unknown := UNKNOWN.fullmatch(message):
            message = f"不认识的参数：{unknown[1]}{_nearest(unknown[1], list(self._option_string_actions))}"
        elif choice := CHOICE.fullmatch(message):
            known = re.findall(r"[\w-]+", choice[3])
            hint = _nearest(choice[2], known) or f"；有：{'、'.join(known)}"
            message = f"没有「{choice[2]}」这个{choice[1]}{hint}"
        else:
            for english, chinese in COMPLAINTS:
                if english.search(message):
                    message = english.sub(chinese, message)
                    break
        self.print_usage(sys.stderr)
        message += "" if message.endswith("？") else "。"
        self.exit(WRONG_USAGE, f"{self.prog}：{message}用 {self.prog} --help 看说明\n")


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1, 0.5)
    return f"；是不是 {near[0]}？" if near else ""
