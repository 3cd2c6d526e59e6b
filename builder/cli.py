"""The command line: arguments in, messages out, nothing else."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from builder import __version__
from builder.cli_build import add_build_options
from builder.cli_parser import ChineseParser
from builder.console import Console
from builder.findings import InputError
from builder.workbooks.amounts import UNITS
from builder.workspace import Workspace, find_workspace, is_remote, local_path

FAILED = 1
DESCRIPTION = """\
由结构化的资料和 Word 格式生成部门决算公开文档。

资料在 content/单位/年度/，格式在 templates/风格/，文档写到 output/年度/单位/。"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 1 where the input is wrong, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = parser().parse_args(arguments)
    console = Console()
    command: Callable[[argparse.Namespace, Console], int] = options.command
    try:
        return command(options, console)
    except InputError as error:
        console.findings(error.findings)
        return FAILED
    except KeyboardInterrupt:
        console.failure("已中断；正在做的这一份没有写出，原有的文件没有改动")
        return FAILED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has gone; nobody is left to tell
        return FAILED
    except Exception as error:  # noqa: BLE001 - a defect of the program: the user gets a record to send, no traceback
        console.defect(error)
        return FAILED


def parser() -> ChineseParser:
    """Return the parser of all commands."""
    top = ChineseParser(prog="juesuan", description=DESCRIPTION)
    top.add_argument("--version", action="version", version=f"juesuan {__version__}", help="显示版本")
    commands = top.add_subparsers(title="命令", metavar="命令", required=True, parser_class=ChineseParser)

    new = _command(commands, "new", new_unit, "新建单位的年度文件夹，放入待填的资料文件和采集表")
    new.add_argument("unit", metavar="单位", help="单位全称，就是文件夹的名称")
    new.add_argument("year", type=int, metavar="年度", help="年度，四位数字")
    new.add_argument("--style", metavar="风格", help="用哪种格式；单位已经有 单位.yaml 时不写")
    new.add_argument("--department", default="", metavar="主管部门", help="主管部门的名称，写进 单位.yaml")

    build = _command(commands, "build", build_units, "生成文档（不写单位就是全部单位）")
    add_build_options(build)

    listing = _command(commands, "list", list_units, "列出单位、年度、风格和状态：最新、过期、有错、草稿、已发布")
    listing.add_argument("--format", choices=("text", "json"), default="text", help="text（文字）或 json")

    checking = _command(commands, "check", check_units, "核对勾稽关系，逐条列出不符的地方（不写单位就是全部单位）")
    checking.add_argument("units", nargs="*", metavar="单位", help="单位名称；可写多个")
    checking.add_argument("--year", type=int, metavar="年度", help="只核对这个年度；不写就是各单位最近的年度")
    checking.add_argument("--with-units", action="store_true", help="部门连同所属单位（单位.yaml 写明「部门」的）")
    checking.add_argument("--format", choices=("text", "json", "html", "xlsx"), metavar="格式",
                          help="text（文字）、json、html（网页）、xlsx；不写就按 --output 的扩展名，或是文字")
    checking.add_argument("--output", type=Path, metavar="文件",
                          help="报告写到这个文件；不写，html、xlsx 写到 output/核对，其余印在屏幕上")

    _add_rollup(commands)

    paginate = _command(commands, "paginate", paginate_units, "用 LibreOffice 量出目录的页码，存到单位的年度文件夹")
    paginate.add_argument("units", nargs="*", metavar="单位", help="单位名称；不写就是全部单位")
    paginate.add_argument("--year", type=int, metavar="年度", help="只量这个年度")

    _add_import(commands)

    export = _command(commands, "export", export_tables, "把公开表导出为工作簿或 CSV")
    export.add_argument("unit", metavar="单位", help="单位名称")
    export.add_argument("year", type=int, metavar="年度", help="年度，四位数字")
    export.add_argument("--out", type=Path, metavar="文件夹", help="写到这里；不写就是 output/年度/单位")
    export.add_argument("--format", choices=("xlsx", "csv"), default="xlsx", help="xlsx 或 csv（每表一个文件）")

    schema = _command(commands, "schema", write_schemas, "导出资料文件的 JSON Schema，供编辑器补全和检查栏目名")
    schema.add_argument("kind", nargs="?", metavar="文件", help="只导出一种，如 决算；不写就是全部，写到 --out")
    schema.add_argument("--out", type=Path, metavar="文件夹", help="写到这个文件夹；不写就印在屏幕上")

    template = _command(commands, "template", None, "检查格式，或导出部件的文字")
    actions = template.add_subparsers(title="命令", metavar="命令", required=True, parser_class=ChineseParser)
    check = _command(actions, "check", check_templates, "检查部件里的标签和名称")
    check.add_argument("styles", nargs="*", metavar="风格", help="风格名称；不写就是全部")
    text = _command(actions, "text", write_text_views, "更新部件旁边的文字版（部件.docx.txt）")
    text.add_argument("styles", nargs="*", metavar="风格", help="风格名称；不写就是全部")
    text.add_argument("--check", action="store_true", help="只检查文字版是不是最新，不写文件")

    _add_releases(commands)
    _add_pull(commands)

    explain = _command(commands, "explain", explain_figure, "说明一个数从哪里来：公式、单元格、每个事实所在的文件和行")
    explain.add_argument("unit", metavar="单位", help="单位名称")
    explain.add_argument("year", type=int, metavar="年度", help="年度，四位数字")
    explain.add_argument("indicator", nargs="?", metavar="指标", help="指标名称，如 收入.合计；不写就列出全部指标")
    return top


def _add_import(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    """Add ``juesuan import``."""
    bring = _command(commands, "import", import_workbook, "把工作簿里的公开表导入资料：先列出改动，问过再写")
    bring.add_argument("file", type=Path, metavar="文件", help="工作簿，.xlsx 或 .xls")
    bring.add_argument("--unit", required=True, metavar="名称", help="单位名称；还没有的单位要写 --style")
    bring.add_argument("--year", type=int, required=True, metavar="年度", help="导入到这个年度")
    bring.add_argument("--style", metavar="风格", help="按这种格式认表；不写就是 单位.yaml 里的风格")
    bring.add_argument("--as-last-year", action="store_true", help="工作簿是上一年度的：写入 上年.yaml")
    bring.add_argument("--amount-unit", choices=tuple(UNITS), metavar="金额单位",
                       help=f"表上没有写明金额单位时用：{'、'.join(UNITS)}")
    bring.add_argument("--yes", action="store_true", help="不问，直接写入")


def _add_rollup(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    """Add ``juesuan rollup``."""
    rollup = _command(commands, "rollup", roll_up, "汇总：所属单位的数相加，成为部门的 决算.yaml；先列出改动，问过再写")
    rollup.add_argument("unit", metavar="部门", help="部门名称，就是文件夹的名称")
    rollup.add_argument("year", type=int, metavar="年度", help="年度，四位数字")
    rollup.add_argument("--compare", action="store_true", help="不写文件，把部门现有的数与所属单位之和逐格比较")
    rollup.add_argument("--format", choices=("text", "json"), default="text", metavar="格式",
                        help="比较的结果：text（文字）或 json")
    rollup.add_argument("--yes", action="store_true", help="不问，直接写入")


def _add_releases(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    """Add the commands about what was published."""
    release = _command(commands, "release", release_unit, "发布：生成、核对后，把文档连同资料原样存档，以后不再改动")
    release.add_argument("unit", metavar="单位", help="单位名称")
    release.add_argument("year", type=int, metavar="年度", help="年度，四位数字")
    release.add_argument("--note", default="", metavar="说明", help="为什么发布，如 更正因公出国境费")
    release.add_argument("--date", metavar="日期", help="公开的日期，如 2023-09-01；不写就是今天")

    redline = _command(commands, "redline", mark_revisions, "生成带 Word 修订标记的文档，与发布时对照，供审阅")
    redline.add_argument("unit", metavar="单位", help="单位名称")
    redline.add_argument("year", type=int, metavar="年度", help="年度，四位数字")
    redline.add_argument("--from", dest="old", metavar="编号", help="同哪一份发布对照，如 001；不写就是最近的一份")
    redline.add_argument("--output", type=Path, metavar="文件",
                         help="写到这个文件；不写就是 output/年度/单位/修订对照.docx")

    releases = _command(commands, "releases", list_releases, "列出发布：编号、日期、是否完好、与现在的资料是否一致")
    releases.add_argument("unit", nargs="?", metavar="单位", help="单位名称；不写就是全部")
    releases.add_argument("year", nargs="?", type=int, metavar="年度", help="年度；不写就是全部")
    releases.add_argument("--format", choices=("text", "json"), default="text", metavar="格式",
                          help="text（文字）或 json")

    diff = _command(commands, "diff", compare_releases, "列出与发布时的差异：哪些格、哪些句子变了，是哪项改动引起的")
    diff.add_argument("unit", metavar="单位", help="单位名称")
    diff.add_argument("year", type=int, metavar="年度", help="年度，四位数字")
    diff.add_argument("--from", dest="old", metavar="编号", help="同哪一份发布比，如 001；不写就是最近的一份")
    diff.add_argument("--to", dest="new", default="现在", metavar="编号", help="比到哪一份发布；不写就是现在的资料")
    diff.add_argument("--format", choices=("text", "json", "html", "docx"), metavar="格式",
                      help="text（文字）、json、html（网页）、docx（更正说明）；不写就按 --output 的扩展名，或是文字")
    diff.add_argument("--output", type=Path, metavar="文件",
                      help="写到这个文件；不写，html、docx 写到 output/年度/单位，其余印在屏幕上")
    diff.add_argument("--note", default="", metavar="说明",
                      help="更正说明里的原因；不写就用发布时的说明，或写出改了什么")


def _add_pull(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    """Add the command that brings home what was edited in Word."""
    pull = _command(commands, "pull", pull_edits, "把在 Word 里改的文字带回资料：先列出改动，问过再写")
    pull.add_argument("file", type=Path, metavar="文件", help="改过的文档，.docx")
    pull.add_argument("--unit", required=True, metavar="单位", help="单位名称")
    pull.add_argument("--year", type=int, required=True, metavar="年度", help="年度，四位数字")
    pull.add_argument("--yes", action="store_true", help="不问，直接写入")


def _command(
    commands: argparse._SubParsersAction[ChineseParser],
    name: str, action: Callable[[argparse.Namespace, Console], int] | None, summary: str,
) -> ChineseParser:
    made = commands.add_parser(name, help=summary, description=summary)
    made.add_argument("--workspace", metavar="文件夹", help="工作文件夹；不写就是当前文件夹或它的上级")
    made.set_defaults(command=action)
    return made


def workspace_of(options: argparse.Namespace) -> Workspace:
    """Return the workspace that the command is about. Raises InputError."""
    return find_workspace(local_path(options.workspace or ".").resolve())


def new_unit(options: argparse.Namespace, console: Console) -> int:
    """``juesuan new``."""
    from builder.commands import new  # noqa: PLC0415

    return new.run(workspace_of(options), options, console)


def build_units(options: argparse.Namespace, console: Console) -> int:
    """``juesuan build``."""
    from builder.commands import build  # noqa: PLC0415 - Word's libraries are loaded only where a command needs them

    remote = is_remote(options.workspace)
    if options.scheduler or remote:
        from builder.commands import elsewhere  # noqa: PLC0415

        return elsewhere.run(options.workspace if remote else workspace_of(options), options, console)
    return build.run(workspace_of(options), options, console)


def check_units(options: argparse.Namespace, console: Console) -> int:
    """``juesuan check``."""
    from builder.commands import check  # noqa: PLC0415

    return check.run(workspace_of(options), options, console)


def list_units(options: argparse.Namespace, console: Console) -> int:
    """``juesuan list``."""
    from builder.commands import listing  # noqa: PLC0415

    return listing.run(workspace_of(options), options.format, console)


def roll_up(options: argparse.Namespace, console: Console) -> int:
    """``juesuan rollup``."""
    from builder.commands import rollup  # noqa: PLC0415

    return rollup.run(workspace_of(options), options, console)


def paginate_units(options: argparse.Namespace, console: Console) -> int:
    """``juesuan paginate``."""
    from builder.commands import paginate  # noqa: PLC0415

    return paginate.run(workspace_of(options), options.units, options.year, console)


def import_workbook(options: argparse.Namespace, console: Console) -> int:
    """``juesuan import``."""
    from builder.commands import importing  # noqa: PLC0415

    return importing.run(workspace_of(options), options, console)


def export_tables(options: argparse.Namespace, console: Console) -> int:
    """``juesuan export``."""
    from builder.commands import export  # noqa: PLC0415

    return export.run(workspace_of(options), options, console)


def write_schemas(options: argparse.Namespace, console: Console) -> int:
    """``juesuan schema``."""
    from builder.commands import schemas  # noqa: PLC0415

    return schemas.run(options.kind, options.out, console)


def check_templates(options: argparse.Namespace, console: Console) -> int:
    """``juesuan template check``."""
    from builder.commands import templates  # noqa: PLC0415

    return templates.check(workspace_of(options), options.styles, console)


def write_text_views(options: argparse.Namespace, console: Console) -> int:
    """``juesuan template text``."""
    from builder.commands import templates  # noqa: PLC0415

    return templates.text(workspace_of(options), options.styles, console, only_check=options.check)


def release_unit(options: argparse.Namespace, console: Console) -> int:
    """``juesuan release``."""
    from builder.commands import release  # noqa: PLC0415

    return release.run(workspace_of(options), options, console)


def list_releases(options: argparse.Namespace, console: Console) -> int:
    """``juesuan releases``."""
    from builder.commands import releases  # noqa: PLC0415

    return releases.run(workspace_of(options), options, console)


def compare_releases(options: argparse.Namespace, console: Console) -> int:
    """``juesuan diff``."""
    from builder.commands import diff  # noqa: PLC0415

    return diff.run(workspace_of(options), options, console)


def mark_revisions(options: argparse.Namespace, console: Console) -> int:
    """``juesuan redline``."""
    from builder.commands import redline  # noqa: PLC0415

    return redline.run(workspace_of(options), options, console)


def pull_edits(options: argparse.Namespace, console: Console) -> int:
    """``juesuan pull``."""
    from builder.commands import pull  # noqa: PLC0415

    return pull.run(workspace_of(options), options, console)


def explain_figure(options: argparse.Namespace, console: Console) -> int:
    """``juesuan explain``."""
    from builder.commands import explain  # noqa: PLC0415

    return explain.run(workspace_of(options), options.unit, options.year, options.indicator, console)


if __name__ == "__main__":
    sys.exit(main())
