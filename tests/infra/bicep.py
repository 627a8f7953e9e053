"""One Bicep file as the checks see it: what it declares, with values as Python's own where they are plain.

The parser is tree-sitter's Bicep grammar. It reads on after an error and marks the place, and it does not know what a
type is: it is no compiler.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

_PARSER: Final = Parser(Language(tree_sitter_bicep.language()))
_KINDS: Final = {f"{kind}_declaration": kind for kind in ("parameter", "variable", "resource", "module", "output")}
_ESCAPE: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Expression:
    """A value that only the deployment knows, as it is written, with one blank where there are several or line ends."""

    text: str


Value = str | int | bool | None | Expression | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """Something that a file declares.

    Attributes:
        kind: parameter, variable, resource, module or output.
        name: Its symbol.
        type: The type of a parameter or output, the type and API version of a resource, the path of a module; else "".
        value: Its default, value or body; of a loop or a condition, what is repeated or made. MISSING if it has none.
        decorators: The value of each decorator's first argument, by the decorator's name.
        node: Where it is in the tree.
    """

    kind: str
    name: str
    type: str
    value: Value
    decorators: Mapping[str, Value]
    node: Node

    def at(self, path: str) -> Value:
        """What its body has at a path like `properties.sku.name`; MISSING where there is nothing."""
        value = self.value
        for name in path.split("."):
            value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
        return value


MISSING: Final = Expression("nothing")


@dataclass(frozen=True, slots=True)
class BicepFile:
    """A file's declarations, in its order, and its tree."""

    path: Path
    root: Node
    declarations: tuple[Declaration, ...]

    def of_kind(self, kind: str) -> dict[str, Declaration]:
        """Declarations of one kind, by name."""
        return {each.name: each for each in self.declarations if each.kind == kind}


def read_bicep(path: Path) -> BicepFile:
    """Parse a file, as far as it can be parsed."""
    root = _PARSER.parse(path.read_bytes()).root_node
    declarations = []
    decorators: dict[str, Value] = {}
    for node in root.named_children:
        if node.type == "decorators":
            decorators = dict(map(_decorator, node.named_children))
        elif node.type in _KINDS:
            declarations.append(_declaration(node, decorators))
            decorators = {}
    return BicepFile(path, root, tuple(declarations))


def descendants(node: Node) -> Iterator[Node]:
    """A node and all that is in it, in the file's order."""
    yield node
    for child in node.children:
        yield from descendants(child)


def text_of(node: Node) -> str:
    """What is written there."""
    return (node.text or b"").decode()


def names_used(node: Node) -> set[str]:
    """The symbols that an expression or declaration refers to; not those of its own loops, nor its own name."""
    own = {text_of(each) for each in descendants(node) if each.type in {"loop_variable", "loop_enumerator"}}
    own |= {text_of(each.named_children[0]) for each in descendants(node) if each.type == "for_statement"}
    return {text_of(each) for each in descendants(node) if each.type == "identifier" and _refers(each)} - own


def functions_called(node: Node) -> set[str]:
    """The names of the functions that an expression or declaration calls."""
    calls = [each for each in descendants(node) if each.type == "call_expression"]
    return {text_of(call.named_children[0]).rpartition(".")[2] for call in calls}


def value_of(node: Node) -> Value:
    """What an expression is, as far as the file tells."""
    parts = [each for each in node.named_children if each.type != "comment"]
    text = text_of(node)
    value: Value = Expression(" ".join(text.split()))
    match node.type:
        case "object":
            pairs = [each.named_children for each in parts if each.type == "object_property"]
            value = {text_of(key).strip("'"): value_of(of) for key, of, *_ in pairs}
        case "array":
            value = [value_of(each) for each in parts]
        case "for_statement" | "if_statement":
            value = value_of(parts[-1])
        case "string" if not any(each.type == "interpolation" for each in parts):
            value = _ESCAPE.sub(r"\1", text.strip("'"))
        case "number" | "boolean" | "null":
            value = json.loads(text)
    return value


def _declaration(node: Node, decorators: Mapping[str, Value]) -> Declaration:
    kind = _KINDS[node.type]
    name, *rest = [each for each in node.named_children if each.type != "comment"]
    has_type = bool(rest) and kind != "variable"
    declared = text_of(rest[0]).strip("'") if has_type else ""
    has_value = len(rest) > has_type
    return Declaration(kind, text_of(name), declared, value_of(rest[-1]) if has_value else MISSING, decorators, node)


def _decorator(node: Node) -> tuple[str, Value]:
    name, arguments = node.named_children[0].named_children[:2]
    return text_of(name), value_of(arguments.named_children[0]) if arguments.named_children else None


def _refers(node: Node) -> bool:
    """Whether an identifier stands for a symbol: not where it names a property, a function or what is declared."""
    parent = node.parent
    assert parent is not None
    is_first = parent.named_children[0] == node
    names_itself = parent.type in {"object_property", "call_expression"} or parent.type in _KINDS
    return not (is_first and names_itself)
