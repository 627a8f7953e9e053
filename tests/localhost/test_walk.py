"""What the documents tell newcomers to type, typed: every block as it stands, every answer as promised."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.ports import free_port
from tests.localhost.shell_document import answers, fits, run, steps_of
from tests.service.pages import set_pages
from tests.storms.running_app import RunningApp

README = PROJECT_FOLDER / "README.md"
WALK = PROJECT_FOLDER / "docs" / "walk.md"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """With a storage of its own: the walk counts claims of all tenants, and other tests damage theirs."""
    with RunningApp(DataFolder(tmp_path_factory.mktemp("data")), free_port(), own_azurite=True) as running:
        # A newcomer's answers are those of an emulator.
        set_pages(running.table_port, 0, cut=False)
        yield running


def test_the_walk_answers_what_it_promises(app: RunningApp) -> None:
    steps = steps_of(WALK)

    run(steps, f"{app.address}/api", app.data.path, app.table_port)

    assert sum(bool(step.expected) for step in steps) > 15
    for step in steps:
        promised, printed = answers(step.expected), answers(step.printed)
        assert len(promised) == len(printed), f"{step.commands}\n{step.printed}"
        for expected, answer in zip(promised, printed, strict=True):
            assert fits(expected, answer), f"{step.commands}\npromised {expected}\nprinted {answer}"


def test_the_readmes_first_policy_gives_ada_a_license_and_bob_none(app: RunningApp) -> None:
    steps = [step for step in steps_of(README) if "curl" in step.commands]
    assert len(steps) == 1

    run(steps, f"{app.address}/api", app.data.path, app.table_port)

    product, settings, policy, ada, bob, policies = answers(steps[0].printed)
    assert product["availableLicenses"] == 1
    assert settings["autoClaimEnabled"] is True
    assert (ada["outcome"], ada["policyId"]) == ("claimed", policy["id"])
    assert bob["outcome"] == "noLicenses"
    assert [(each["claimedLicenses"], each["availableLicenses"]) for each in policies["value"]] == [(1, 0)]


def test_what_the_documents_name_is_there() -> None:
    for document in (README, WALK):
        for step in steps_of(document):
            assert "7071" not in step.commands or "API=${API:-http://127.0.0.1:7071/api}" in step.commands
    assert Path(WALK).read_text(encoding="utf-8").count("```sh") == len(steps_of(WALK))
