"""The Jinja environment of forms: sandboxed, strict about names, the same output every time."""

from __future__ import annotations

import io
import types
from collections import deque
from collections.abc import Callable, Iterable, Mapping, MutableMapping, MutableSequence, MutableSet, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, TypeAlias

from jinja2 import StrictUndefined, Template, TemplateRuntimeError, UndefinedError, nodes
from jinja2.filters import FILTERS
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import missing

from builder.rendering.generating import FormCodeGenerator, StoryCodeGenerator
from builder.rendering.printing import printed, printed_as_block, printed_in_attribute
from builder.rendering.suggestions import is_it

# Jinja's own filters that a form may use. Left out are those that give floats (round, float: amounts are exact),
# chance (random), unescaped text (safe), HTML (urlize, xmlattr, tojson …) or attributes past the sandbox (attr).
SAFE_FILTERS = (
    "abs", "batch", "count", "d", "default", "dictsort", "first", "groupby", "int", "items", "join", "last", "length",
    "list", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "select", "selectattr", "slice", "sort",
    "string", "sum", "trim", "unique",
)  # fmt: skip
# Types some of whose attributes lead out of the sandbox or change the object, by jinja2.sandbox's rules.
_WATCHED = (
    type, types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.CodeType, types.TracebackType,
    types.FrameType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, types.ModuleType,
    str, bytes, MutableSet, MutableMapping, MutableSequence, deque, Undefined,
)  # fmt: skip


UNKNOWN = object()
Reader: TypeAlias = Callable[[object], Sequence[bytes]]
"""What reads certain names of a thing, as they are printed."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a form may use beside the names of its context: filters and global names."""

    filters: Mapping[str, Callable[..., object]]
    globals: Mapping[str, object]
    mistake: Callable[[str, Sequence[object], Mapping[str, object]], str] = lambda _filter, _given, _named: ""
    """What is wrong with what a tag gives a filter; `UNKNOWN` stands for what only a unit's data can tell."""
    charts: Mapping[str, int] | None = None
    """How many series the data of each chart has, where that is known."""


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


class FormEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox, with names looked up first among a mapping's keys: rows of tables are mappings with Chinese keys.

    The sandbox's own test of every attribute costs more than the rest of printing a cell. Its answer depends on the
    object's type alone for names that do not begin with an underscore, so it is remembered by type.
    """

    code_generator_class = FormCodeGenerator
    story_generator_class = StoryCodeGenerator
    printed = staticmethod(printed)
    printed_in_attribute = staticmethod(printed_in_attribute)
    printed_as_block: Callable[[Any], str] = staticmethod(printed_as_block)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        finder = _Finder(super().getattr)
        self.name_of, self.reader = finder.name_of, finder.reader

    def story(self, tree: nodes.Template) -> Template:
        """Compile a story; its render function yields bytes. Raises TemplateSyntaxError."""
        stream = io.StringIO()
        self.story_generator_class(self, None, None, stream).visit(tree)
        code = compile(stream.getvalue(), "<template>", "exec")
        return Template.from_code(self, code, self.make_globals(None))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return ``obj.attribute`` for a template."""
        return super().getattr(obj, attribute) if attribute.startswith("_") else self.name_of(obj, attribute)


_ANY = frozenset[str]()


class _Readable(dict[type, "frozenset[str] | None"]):
    """Types by the attributes without an underscore that are safe to read, as the sandbox would find.

    ``_ANY`` stands for whichever an object has; where its type says which (it has slots), names that are none of them
    need not be asked for: an attribute that is not there costs more than all the rest. None: the sandbox must look.
    """

    def __missing__(self, kind: type) -> frozenset[str] | None:
        readable: frozenset[str] | None = None
        if not issubclass(kind, (*_WATCHED, Mapping)):
            is_open = kind.__dictoffset__ or hasattr(kind, "__getattr__") or not hasattr(kind, "__getitem__")
            readable = _ANY if is_open else frozenset(dir(kind))
        self[kind] = readable
        return readable


class _Printers(dict[type, "Callable[[object, Sequence[str]], Sequence[bytes]] | None"]):
    """Types by what prints several names of their things; None where these do not know it by themselves."""

    def __missing__(self, kind: type) -> Callable[[object, Sequence[str]], Sequence[bytes]] | None:
        known: Callable[[object, Sequence[str]], Sequence[bytes]] | None = getattr(kind, "__printed__", None)
        self[kind] = known
        return known


class _Finder:
    """Looks up names for templates; ``careful`` is the sandbox's own look-up, for all but the plain cases."""

    def __init__(self, careful: Callable[[Any, str], Any]) -> None:
        self._careful = careful
        self._readable = _Readable()
        self._printers = _Printers()

    def name_of(self, obj: Any, name: str) -> Any:
        """Return what a name without underscore stands for in a thing."""
        kind = type(obj)
        attributes = self._readable[kind]
        if attributes is not None:
            if attributes is _ANY or name in attributes:
                try:
                    return getattr(obj, name)
                except AttributeError:
                    pass
            try:
                return obj[name]
            except (LookupError, TypeError):
                pass
        elif kind is dict or isinstance(obj, Mapping):
            try:
                return obj[name]
            except LookupError:
                pass
        return self._careful(obj, name)

    def reader(self, *names: str) -> Reader:
        """Return what reads several such names of a thing, as they are printed in running text.

        A thing that knows it by itself has ``__printed__``.
        """
        get = attrgetter(*names, names[0])  # one name more, so that it gives a tuple also of one
        printers = self._printers

        def read(thing: object) -> Sequence[bytes]:
            kind = type(thing)
            known = printers[kind]
            if known is not None:
                return known(thing, names)
            values: Sequence[Any]
            try:
                values = get(thing)[:-1] if self._readable[kind] is _ANY else ()
            except AttributeError:
                values = ()
            return [printed(value).encode() for value in values or [self.name_of(thing, name) for name in names]]

        return read


def make_environment(vocabulary: Vocabulary, kind: type[FormEnvironment] = FormEnvironment) -> FormEnvironment:
    """Return the environment in which a form's templates are compiled; docxtpl can render with it too."""
    environment = kind(autoescape=True, undefined=Missing, keep_trailing_newline=True)
    environment.filters = {name: FILTERS[name] for name in SAFE_FILTERS} | dict(vocabulary.filters)
    environment.tests = dict(TESTS)
    environment.globals = {
        name: environment.globals[name] for name in ("range", "namespace")
    } | dict(vocabulary.globals)  # fmt: skip
    return environment
