"""The Jinja environment of forms: sandboxed, strict about names, the same output every time."""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable, Iterable, Mapping, MutableMapping, MutableSequence, MutableSet
from dataclasses import dataclass
from functools import partial
from typing import Any

from jinja2 import StrictUndefined, TemplateRuntimeError, UndefinedError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.filters import FILTERS
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import missing

from builder.rendering import wml
from builder.rendering.suggestions import is_it

# Jinja's own filters that a form may use. Left out are those that give floats (round, float: amounts are exact),
# chance (random), unescaped text (safe), HTML (urlize, xmlattr, tojson …) or attributes past the sandbox (attr).
SAFE_FILTERS = (
    "abs", "batch", "count", "d", "default", "dictsort", "first", "groupby", "int", "items", "join", "last", "length",
    "list", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "select", "selectattr", "slice", "sort",
    "string", "sum", "trim", "unique",
)  # fmt: skip
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
# Types some of whose attributes lead out of the sandbox or change the object, by jinja2.sandbox's rules.
_WATCHED = (
    type, types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.CodeType, types.TracebackType,
    types.FrameType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, types.ModuleType,
    str, bytes, MutableSet, MutableMapping, MutableSequence, deque, Undefined,
)  # fmt: skip
_BREAKS = str.maketrans(
    dict.fromkeys("\n\x0b\x85\u2028\u2029", BREAK)  # \x0b is the line break of Word and Excel
    | {"\t": TAB}
    | dict.fromkeys(map(chr, (*range(9), *range(0x0C, 0x20))), "")
    | dict.fromkeys(map(chr, (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF)), "")
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a form may use beside the names of its context: filters and global names."""

    filters: Mapping[str, Callable[..., object]]
    globals: Mapping[str, object]


class MissingNameError(UndefinedError):
    """A template uses a name that is not there; ``known`` are those that are, empty if the context should have it."""

    def __init__(self, message: str, name: str = "", known: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.known = tuple(known)


class Missing(StrictUndefined):
    """A missing name: an error as soon as it is used, except by ``is defined`` and ``default``."""

    __slots__ = ()

    def __init__(self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = None) -> None:
        raised: Any = exc if exc not in {None, UndefinedError} else partial(_missing, obj, name, hint)
        super().__init__(hint, obj, name, raised)


def _missing(owner: object, name: str | None, hint: str | None, _message: str) -> Exception:
    if name is None:
        return TemplateRuntimeError(hint or "")
    known = () if owner is missing else names_of(owner)
    return MissingNameError(f"没有「{name}」这个名称{is_it(name, known)}", name, known)


def names_of(value: object) -> list[str]:
    """Return the names a template may ask ``value`` for."""
    if isinstance(value, Mapping):
        return [str(key) for key in value]
    return [name for name in dir(value) if not name.startswith("_")]


def printed(value: Any) -> str:
    """Return what a printed value becomes in the document's XML.

    Line breaks and tabs become ``w:br`` and ``w:tab``, characters that XML cannot hold are left out (they are invisible
    and come in with pasted text), None prints nothing. Markup passes as it is.
    """
    if type(value) is str:
        text: str = value
    elif value is None:
        return ""
    elif hasattr(value, "__html__"):
        return str(value.__html__())
    else:
        text = str(value)
    # nearly every value is plain, and four searches for a character are faster than any way to replace them
    if "&" in text or "<" in text or ">" in text or '"' in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    if text.isprintable() or not wml.NOT_PLAIN.search(text):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)


class FormCodeGenerator(CodeGenerator):
    """Jinja's compiler, printing through ``printed`` alone: escaping and finishing are one call, not two."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        del node, frame, finalize
        self.write("environment.printed(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        del node, frame, finalize
        self.write(")")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        del finalize
        const = node.as_const(frame.eval_ctx)
        return str(const) if isinstance(node, nodes.TemplateData) else printed(const)


class FormEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox, with names looked up first among a mapping's keys: rows of tables are mappings with Chinese keys.

    The sandbox's own test of every attribute costs more than the rest of printing a cell. Its answer depends on the
    object's type alone for names that do not begin with an underscore, so it is remembered by type.
    """

    code_generator_class = FormCodeGenerator
    printed = staticmethod(printed)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plain_types: dict[type, bool] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return ``obj.attribute`` for a template."""
        kind = type(obj)
        if kind is dict:
            try:
                return obj[attribute]
            except KeyError:
                return super().getattr(obj, attribute)
        plain = self._plain_types.get(kind)
        if plain is None:
            plain = self._plain_types[kind] = not isinstance(obj, _WATCHED) and not isinstance(obj, Mapping)
        if plain and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
        elif isinstance(obj, Mapping):
            try:
                return obj[attribute]
            except LookupError:
                pass
        return super().getattr(obj, attribute)


def make_environment(vocabulary: Vocabulary) -> FormEnvironment:
    """Return the environment in which a form's templates are compiled; docxtpl can render with it too."""
    environment = FormEnvironment(autoescape=True, undefined=Missing, keep_trailing_newline=True)
    environment.filters = {name: FILTERS[name] for name in SAFE_FILTERS} | dict(vocabulary.filters)
    environment.tests = dict(TESTS)
    environment.globals = {
        name: environment.globals[name] for name in ("range", "namespace")
    } | dict(vocabulary.globals)  # fmt: skip
    return environment
