"""Whether a template gives sound XML whatever its values are: proved once, so not checked in every document.

Every ``if`` and ``for`` is tried each way, the others left at their first way, and each text so made is parsed. That
is enough: if two ways of one tag are both sound between the same texts before and after, both leave the same elements
open, so they are exchangeable everywhere; and a loop body that may stand there once or not at all leaves open what it
found open, so it may stand there any number of times. Values cannot break this, since they are printed escaped for
the place they stand in, and Markup is checked when it is printed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

from builder.rendering.printing import ATTRIBUTE, BLOCK, TEXT, is_sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Choices = dict[int, int]
_TAG = re.compile(r"<[^\s>]*")
_OTHER_TEXTS = {"<w:instrText", "<w:delText", "<a:t", "<m:t"}  # text in which a line break has no element


class _UnprovableError(Exception):
    """The template does something whose ways cannot be listed, as a macro does."""


def prove(tree: nodes.Template, around: tuple[str, str]) -> bool:
    """Note on every printed expression where it stands, and tell whether all ways through the template are sound.

    ``around`` is what stands before and after it in the document. False says only that each document must be checked.
    """
    try:
        ways = [{}, *_ways(tree.body, {})]
        return all(is_sound(f"{around[0]}{_Walk(way).text(tree.body)}{around[1]}".encode()) for way in ways)
    except _UnprovableError:
        return False


def _branches(node: nodes.Node) -> list[list[nodes.Node]] | None:
    """Return the ways through a tag, the first one first; None for a node that is no fork."""
    if isinstance(node, nodes.If):
        return [node.body, *(other.body for other in node.elif_), node.else_]
    if isinstance(node, nodes.For):
        if node.recursive:
            raise _UnprovableError
        return [node.body, node.else_]
    return None


def _ways(body: list[nodes.Node], path: _Choices) -> Iterator[_Choices]:
    """Yield choices (node → way) under which each fork in a body is passed each other way once."""
    for node in body:
        branches = _branches(node)
        for number, branch in enumerate(branches or ()):
            way = path | {id(node): number}
            if number:
                yield way
            yield from _ways(branch, way)
        if isinstance(node, nodes.With):
            yield from _ways(node.body, path)


class _Walk:
    """The text of one way through a template, its values left out."""

    def __init__(self, choices: Mapping[int, int]) -> None:
        self._choices = choices
        self._element = ""  # how the last tag of the XML so far begins
        self._in_tag = False

    def text(self, body: list[nodes.Node]) -> str:
        """Return the text of a body, following the choices."""
        pieces: list[str] = []
        for node in body:
            branches = _branches(node)
            if branches is not None:
                began_in_tag = self._in_tag
                piece = self.text(branches[self._choices.get(id(node), 0)])
                if self._in_tag != began_in_tag or (began_in_tag and not _is_value(piece)):
                    raise _UnprovableError
                pieces.append(piece)
            elif isinstance(node, nodes.Output):
                pieces += map(self._piece, node.nodes)
            elif isinstance(node, nodes.With):
                pieces.append(self.text(node.body))
            elif not isinstance(node, nodes.Assign):
                raise _UnprovableError
        return "".join(pieces)

    def _piece(self, node: nodes.Expr) -> str:
        if isinstance(node, nodes.TemplateData):
            opening, closing = node.data.rfind("<"), node.data.rfind(">")
            if opening >= 0:
                self._element = _TAG.findall(node.data, opening)[0]
            if opening != closing:  # one of them is there
                self._in_tag = opening > closing
            return node.data
        in_field = self._element in _OTHER_TEXTS
        in_text = self._element == "<w:t" and not self._in_tag
        place = TEXT if in_text else ATTRIBUTE if self._in_tag or in_field else BLOCK
        node.printed_as = place  # type: ignore[attr-defined]
        return ""


def _is_value(text: str) -> bool:
    return not any(char in text for char in '<>"')
