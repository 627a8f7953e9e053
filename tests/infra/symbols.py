"""Checks that a compiler would make: every file parses, names are declared and used, modules get what they ask for."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import Final

from tree_sitter import Node

from tests.infra.bicep import MISSING, BicepFile, Expression, Value, descendants, functions_called, names_used, text_of
from tests.infra.model import MAIN, Infra

FUNCTIONS: Final = frozenset(
    {
        *("concat", "empty", "items", "length", "range", "string", "union", "guid", "uniqueString"),
        *("subscription", "tenant", "environment", "subscriptionResourceId", "loadJsonContent", "loadTextContent"),
        "listKeys",  # known here, and forbidden elsewhere
        *("description", "metadata", "allowed", "minLength", "maxLength", "minValue", "maxValue"),
    }
)
"""The functions and decorators of Bicep that are used here, looked up in its reference."""

_OF_PYTHON: Final[dict[str, Callable[[Value], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string[]": lambda value: isinstance(value, list),
}
_MEMBER: Final = re.compile(r"\b(\w+)(?:\[\w+\])?\.outputs\.(\w+)")
_PLACEHOLDER: Final = re.compile(r"\$\{([A-Z_]+)(?:=(.*))?\}")
_AZD: Final = {"environmentName": "AZURE_ENV_NAME", "location": "AZURE_LOCATION"}
"""Parameters that azd has names of its own for."""


def every_file_parses(infra: Infra) -> Iterator[str]:
    """No file has a place that the grammar does not know, or two things in a line without a comma between them."""
    for path, file in infra.files.items():
        for node in descendants(file.root):
            if node.is_error or node.is_missing or _lacks_comma(node):
                yield f"{path}:{node.start_point.row + 1}: cannot be parsed at {text_of(node)[:40]!r}"


def names_are_declared_and_used(infra: Infra) -> Iterator[str]:
    """Every name that is used is declared once, and every parameter and variable that is declared is used."""
    for path, file in infra.files.items():
        symbols = [each.name for each in file.declarations if each.kind != "output"]
        used = set(chain.from_iterable(names_used(each.node) for each in file.declarations))
        yield from (f"{path}: {name} is declared twice" for name in set(symbols) if symbols.count(name) > 1)
        yield from (f"{path}: {name} is used, and declared nowhere" for name in sorted(used - set(symbols)))
        needed = file.of_kind("parameter") | file.of_kind("variable")
        yield from (f"{path}: {name} is declared, and used nowhere" for name in needed if name not in used)
        unknown = functions_called(file.root) - FUNCTIONS
        yield from (f"{path}: {name} is no function that is known" for name in sorted(unknown))


def modules_get_what_they_ask_for(infra: Infra) -> Iterator[str]:
    """Each module's file is there, gets its parameters and no others, of their types, and its outputs are used."""
    files = {infra.folder / path for path in infra.files} - {infra.main.path}
    called = {infra.folder / MAIN.parent / each.type for each in infra.main.of_kind("module").values()}
    yield from (f"{path.name} is no module of {MAIN}" for path in sorted(files - called))
    yield from (f"{MAIN}: {path.name} is not there" for path in sorted(called - files))
    outputs = set(_MEMBER.findall(text_of(infra.main.root)))
    for name, module in infra.main.of_kind("module").items():
        file = infra.module_file(module)
        if file is None:
            continue
        made, asked = set(file.of_kind("output")), {output for of, output in outputs if of == name}
        yield from (f"{MAIN}: {name} has no output {output}" for output in sorted(asked - made))
        same_file = [each.name for each in infra.main.of_kind("module").values() if each.type == module.type]
        used = {output for of, output in outputs if of in same_file}
        yield from (f"{file.path.name}: output {output} is used nowhere" for output in sorted(made - used))
        yield from (f"{MAIN}: {name}: {fault}" for fault in _arguments(infra.main, module.at("params"), file))


def parameters_can_be_set(infra: Infra) -> Iterator[str]:
    """main.parameters.json has every parameter, under a name that follows from its own, with the same default."""
    declared = infra.main.of_kind("parameter")
    yield from (
        f"{MAIN}: {name} cannot be set: it is not in the parameters" for name in declared.keys() - infra.parameters
    )
    yield from (f"parameters: there is no {name} in {MAIN}" for name in infra.parameters.keys() - declared.keys())
    for name, value in infra.parameters.items():
        variable, default = _placeholder(value)
        wanted = _AZD.get(name, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper())
        if variable != wanted:
            yield f"parameters: {name} is {value!r}; it must be filled from {wanted}"
        if name in declared and default != _as_text(declared[name].value):
            yield f"parameters: {name} is {default!r} unless set; {MAIN} says {_as_text(declared[name].value)!r}"
    taken = {_placeholder(value)[0] for value in infra.parameters.values()}
    yield from (
        f"{MAIN}: output {name} would set a parameter" for name in sorted(taken & infra.main.of_kind("output").keys())
    )


def what_is_loaded_is_there(infra: Infra) -> Iterator[str]:
    """Files that Bicep loads are there, each is loaded by somebody, and JSON has what is taken from it and no more."""
    texts = list(chain(*(infra.loaded(file, "loadTextContent") for file in infra.files.values())))
    yield from (f"{path} is loaded, and not there" for path in sorted(set(texts) - infra.queries.keys()))
    yield from (f"{path} is loaded {texts.count(path)} times" for path in infra.queries if texts.count(path) != 1)
    abbreviations = MAIN.parent / "abbreviations.json"
    known = set(json.loads((infra.folder / abbreviations).read_text(encoding="utf-8")))
    members = [text_of(each) for each in descendants(infra.main.root) if each.type == "member_expression"]
    taken = {name for of, _, name in (each.partition(".") for each in members) if of == "abbreviations"}
    yield from (f"{abbreviations}: {name} is taken, and not there" for name in sorted(taken - known))
    yield from (f"{abbreviations}: {name} is there for nobody" for name in sorted(known - taken))


def _lacks_comma(node: Node) -> bool:
    """Whether things in an object or array stand in one line with no comma between: the grammar lets that pass.

    It also takes a call or an index that begins an array's item for two things; give those a name first.
    """
    if node.type not in {"object", "array"}:
        return False
    pairs = pairwise(child for child in node.children if child.type != "comment")
    return any(one.is_named and other.is_named and one.end_point.row == other.start_point.row for one, other in pairs)


def _arguments(caller: BicepFile, given: Value, module: BicepFile) -> Iterator[str]:
    parameters = module.of_kind("parameter")
    assert isinstance(given, dict)
    needed = {name for name, each in parameters.items() if each.value == MISSING}
    yield from (f"gets no {name}" for name in sorted(needed - given.keys()))
    yield from (f"gets {name}, which it does not ask for" for name in sorted(given.keys() - parameters.keys()))
    for name, value in given.items():
        if name in parameters and not _fits(caller, value, parameters[name].type):
            yield f"{name} must be of type {parameters[name].type}"
        allowed = parameters[name].decorators.get("allowed") if name in parameters else None
        if isinstance(value, str) and isinstance(allowed, list) and value not in allowed:
            yield f"{name} is {value!r}; it must be one of {allowed}"


def _fits(caller: BicepFile, value: Value, wanted: str) -> bool:
    """Whether a value is of a type, as far as the caller's file tells."""
    if not isinstance(value, Expression):
        return _OF_PYTHON[wanted](value)
    if parameter := caller.of_kind("parameter").get(value.text):
        return parameter.type == wanted
    if variable := caller.of_kind("variable").get(value.text):
        return _fits(caller, variable.value, wanted)
    return True


def _placeholder(value: str) -> tuple[str, str]:
    found = _PLACEHOLDER.fullmatch(value)
    return (found[1], found[2] or "") if found else ("", value)


def _as_text(default: Value) -> str:
    """A default as azd's placeholders have it; a parameter without one has none there either."""
    return "" if default == MISSING else default if isinstance(default, str) else json.dumps(default)
