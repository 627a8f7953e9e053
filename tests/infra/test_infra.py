"""What is deployed to Azure, checked offline, and each check shown to find the faults that it is for.

There is no Bicep compiler here. These checks find what one would find as far as they reach, and what none could:
that infrastructure and code agree, and that alerts ring. checkov is left out: its parser cannot read a loop with a
condition (storage.bicep), and of a file that it cannot read it says nothing.
"""

import inspect
import shutil
from itertools import chain
from pathlib import Path

import pytest

from localhost.data_folder import PROJECT_FOLDER
from tests.infra.model import Infra
from tests.infra.planted import MODULES, PLANTED, Check, Fault


@pytest.mark.parametrize("check", PLANTED, ids=lambda check: check.__name__)
def test_the_infrastructure_has_no_fault(check: Check) -> None:
    assert list(check(Infra.read(PROJECT_FOLDER))) == []


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        pytest.param(check, fault, id=f"{check.__name__}-{fault.new.strip() or fault.old.strip()}")
        for check, faults in PLANTED.items()
        for fault in faults
    ],
)
def test_a_planted_fault_is_found_by_its_check_alone(check: Check, fault: Fault, tmp_path: Path) -> None:
    shutil.copytree(PROJECT_FOLDER / "infra", tmp_path / "infra")
    shutil.copy2(PROJECT_FOLDER / "azure.yaml", tmp_path)
    path = tmp_path / fault.file
    text = path.read_text(encoding="utf-8")
    assert text.count(fault.old) == 1, f"{fault.file} must have this once, and has it {text.count(fault.old)} times"
    path.write_text(text.replace(fault.old, fault.new), encoding="utf-8")

    infra = Infra.read(tmp_path)
    found = {each.__name__: problems for each in PLANTED if (problems := list(each(infra)))}

    assert set(found) == {check.__name__}, found


def test_every_check_has_a_fault_to_find() -> None:
    functions = chain.from_iterable(inspect.getmembers(module, inspect.isfunction) for module in MODULES)
    checks = {each for _, each in functions if list(inspect.signature(each).parameters) == ["infra"]}

    assert {check for check, faults in PLANTED.items() if faults} == {
        each for each in checks if each.__name__[0] != "_"
    }
