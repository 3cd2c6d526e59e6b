"""What ``juesuan build`` can be told."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_build_options(build: argparse.ArgumentParser) -> None:
    """Add the arguments of ``juesuan build``."""
    build.add_argument("units", nargs="*", metavar="单位", help="单位名称；可写多个")
    build.add_argument("--year", type=int, metavar="年度", help="只生成这个年度；不写就是各单位最近的年度")
    build.add_argument("--with-units", action="store_true", help="部门连同所属单位（单位.yaml 写明「部门」的）")
    build.add_argument("--pdf", action="store_true", help="同时转成 PDF（需要 LibreOffice）")
    build.add_argument("--draft", action="store_true", help="草稿，每页注明：缺的文字印成【待补充】，核对不成立也生成")
    build.add_argument("--out", type=Path, metavar="文件夹", help="文档写到这里，不写就是 output")
    build.add_argument("--force", action="store_true", help="没有改动的也重新生成")
    build.add_argument("--watch", action="store_true", help="守着资料和格式，保存后自动生成，直到中断")
    build.add_argument("--jobs", type=at_least_one, metavar="个数", help="同时用几个进程；不写就按处理器的个数")
    build.add_argument("--unit-timeout", type=at_least_one, metavar="秒",
                       help="一个单位最多做这么久，再久就强行结束、列为没有生成；用几个进程时才有，不写就是 120 秒")
    build.add_argument("--scheduler", metavar="地址", help="在 Dask 集群上生成，如 tcp://主机:8786")
    build.add_argument("--report", type=Path, metavar="文件", help="把每个单位的结果和全部信息写成 JSON 文件")
    build.add_argument("--format", choices=("text", "json"), default="text", help="结果印成 text（文字）或 json")


def at_least_one(text: str) -> int:
    """Read a number of processes or seconds. Raises ValueError."""
    if (number := int(text)) < 1:
        raise ValueError
    return number
