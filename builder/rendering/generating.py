"""Jinja's compiler made for forms: what a tag prints is one call, and the stories of a document come as UTF-8.

A story is mostly fixed XML, encoded when it is compiled. Several tags in a row that print names of one thing (a table's
row: ``{{ 行.左.项目 }} … {{ 行.左.金额 }}``) become one pattern that the values are put into.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from jinja2 import nodes
from jinja2.compiler import CodeGenerator

from builder.rendering import printing
from builder.rendering.printing import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jinja2.compiler import Frame

_Piece: TypeAlias = bytes | nodes.Expr
_FEWEST = 2
"""So many printed names make a pattern."""


class FormCodeGenerator(CodeGenerator):
    """Jinja's compiler, with one call for each printed value (escaping and finishing) and one for each plain name."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        del frame, finalize
        self.write(f"environment.{getattr(node, 'printed_as', TEXT)}(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        del node, frame, finalize
        self.write(")")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        del finalize
        const = node.as_const(frame.eval_ctx)
        if isinstance(node, nodes.TemplateData):
            return str(const)
        print_it: Callable[[Any], str] = getattr(printing, getattr(node, "printed_as", TEXT))
        return print_it(const)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Write the look-up of a name; only those with an underscore need the sandbox's every test."""
        self.write("environment.getattr(" if node.attr.startswith("_") else "environment.name_of(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")


class StoryCodeGenerator(FormCodeGenerator):
    """The compiler of stories, whose render function yields bytes."""

    in_patterns = True
    """Whether names that stand side by side may be printed all at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._readers: dict[tuple[str, ...], str] = {}

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """Write the module; after its functions, what reads several names of a thing at once."""
        super().visit_Template(node, frame)
        for names, reader in self._readers.items():
            self.writeline(f"{reader} = environment.reader(*{names!r})")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """Write what prints fixed text and tags; inside a block that is set to a name it is text, printed later."""
        if frame.buffer is not None:
            super().visit_Output(node, frame)
            return
        run: list[_Piece] = []
        for piece in self._folded(node, frame):
            if isinstance(piece, bytes) or _is_name(piece):
                run.append(piece)
            else:
                self._write_run(run, frame)
                run = []
                self._write_pieces([piece], frame)
        self._write_run(run, frame)

    def start_write(self, frame: Frame, node: nodes.Node | None = None) -> None:
        """Begin to print what a macro or a filter over a block gives, which is text."""
        super().start_write(frame, node)
        if frame.buffer is None:
            self.write("(")

    def end_write(self, frame: Frame) -> None:
        """End it."""
        super().end_write(frame)
        if frame.buffer is None:
            self.write(").encode()")

    def _folded(self, node: nodes.Output, frame: Frame) -> Iterator[_Piece]:
        """Yield what an output consists of, everything that never changes folded into as few pieces as can be."""
        fixed = ""
        for child in node.nodes:
            try:
                fixed += self._output_child_to_const(child, frame, None)
            except Exception:  # noqa: BLE001 - as Jinja has it: what fails now fails again when it is rendered
                if fixed:
                    yield fixed.encode()
                fixed = ""
                yield child
        if fixed:
            yield fixed.encode()

    def _write_pieces(self, pieces: Iterable[_Piece], frame: Frame) -> None:
        for piece in pieces:
            if isinstance(piece, bytes):
                self.writeline(f"yield {piece!r}")
                continue
            self.writeline("yield ", piece)
            self._output_child_pre(piece, frame, None)
            self.visit(piece, frame)
            self._output_child_post(piece, frame, None)
            self.write(".encode()")

    def _write_run(self, run: list[_Piece], frame: Frame) -> None:
        """Write what prints fixed text and names: at once, and where that fails one by one, which tells the tag."""
        names = [piece for piece in run if isinstance(piece, nodes.Getattr)]
        if len(names) < _FEWEST or not self.in_patterns:
            self._write_pieces(run, frame)
            return
        pattern = b"".join(piece.replace(b"%", b"%%") if isinstance(piece, bytes) else b"%b" for piece in run)
        self.writeline("try:", names[0])
        self.indent()
        self.writeline(f"printed = {pattern!r} % (")
        for owner, found in groupby(names, lambda name: name.node):
            attributes = tuple(name.attr for name in found)
            self.write(f"*{self._readers.setdefault(attributes, f'names_{len(self._readers)}')}(")
            self.visit(owner, frame)
            self.write("), ")
        self.write(")")
        self.outdent()
        self.writeline("except Exception:")
        self.indent()
        self.writeline("printed = None")
        self.outdent()
        self.writeline("if printed is not None:")
        self.indent()
        self.writeline("yield printed")
        self.outdent()
        self.writeline("else:")
        self.indent()
        self._write_pieces(run, frame)
        self.outdent()


def _is_name(piece: nodes.Expr) -> bool:
    """Tell whether a tag prints, in running text, a name of a thing that has a name: ``行.左.项目``."""
    if not isinstance(piece, nodes.Getattr) or piece.attr.startswith("_"):
        return False
    owner = piece.node
    while isinstance(owner, nodes.Getattr):
        owner = owner.node
    return isinstance(owner, nodes.Name) and getattr(piece, "printed_as", TEXT) == TEXT
