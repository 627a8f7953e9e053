"""Everything in infra/ that is deployed, and azure.yaml, read once for all checks."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import yaml

from tests.infra.bicep import BicepFile, Declaration, descendants, read_bicep, text_of

MAIN: Final = Path("infra/main.bicep")


@dataclass(frozen=True, slots=True)
class Infra:
    """The infrastructure of one copy of the project.

    Attributes:
        folder: Where that copy is.
        files: Its Bicep files, by path.
        queries: Its queries in KQL, by path.
        parameters: The values of main.parameters.json, by parameter.
        azd: azure.yaml.
    """

    folder: Path
    files: dict[Path, BicepFile]
    queries: dict[Path, str]
    parameters: dict[str, Any]
    azd: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What is in a folder that has infra/ and azure.yaml."""
        files = {path.relative_to(folder): read_bicep(path) for path in sorted(folder.glob("infra/**/*.bicep"))}
        queries = {
            path.relative_to(folder): path.read_text(encoding="utf-8") for path in sorted(folder.glob("infra/**/*.kql"))
        }
        parameters = json.loads((folder / "infra/main.parameters.json").read_text(encoding="utf-8"))["parameters"]
        azd = yaml.safe_load((folder / "azure.yaml").read_text(encoding="utf-8"))
        return cls(folder, files, queries, {name: each["value"] for name, each in parameters.items()}, azd)

    @property
    def main(self) -> BicepFile:
        """The file that azd deploys."""
        return self.files[MAIN]

    def resources(self, kind: str = "") -> list[tuple[Path, Declaration]]:
        """Resources of a type, or all, each with its file."""
        found = [(path, each) for path, file in self.files.items() for each in file.of_kind("resource").values()]
        return [(path, each) for path, each in found if kind in ("", each.type.partition("@")[0])]

    def module_file(self, module: Declaration) -> BicepFile | None:
        """The file of a module of main.bicep, if there is one."""
        return self.files.get(MAIN.parent / module.type)

    def loaded(self, file: BicepFile, function: str) -> list[Path]:
        """The paths that a file loads by a function like `loadTextContent`."""
        calls = [each for each in descendants(file.root) if each.type == "call_expression"]
        return [
            file.path.relative_to(self.folder).parent / text_of(call.named_children[1].named_children[0]).strip("'")
            for call in calls
            if text_of(call.named_children[0]) == function
        ]
