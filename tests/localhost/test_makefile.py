"""The commands as a newcomer meets them."""

import re
import subprocess

from localhost.data_folder import PROJECT_FOLDER
from localhost.issuer import ADMINISTRATOR_NAME, ADMINISTRATOR_ROLE, SAMPLE_TENANT

MAKEFILE = (PROJECT_FOLDER / "Makefile").read_text()


def test_make_alone_lists_every_command() -> None:
    listed = subprocess.run(
        ["make"],  # noqa: S607 - whichever make the newcomer has
        cwd=PROJECT_FOLDER,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    commands = re.findall(r"^make ([\w-]+) +\S", listed, re.MULTILINE)
    expected = "help run token key demo settings azurite rollup rebuild-reports erase-names delete-tenant move-tenant"
    expected += " bench soak test coverage check package lock licenses clean"
    assert commands == expected.split()
    assert len(listed.splitlines()) == len(commands)


def test_the_defaults_of_make_are_those_of_the_code() -> None:
    defaults = dict(re.findall(r"^([A-Z_]+) = (.*)$", MAKEFILE, re.MULTILINE))
    assert (defaults["TENANT"], defaults["ROLE"], defaults["NAME"]) == (
        SAMPLE_TENANT,
        ADMINISTRATOR_ROLE,
        ADMINISTRATOR_NAME,
    )


def test_a_signal_to_make_reaches_the_command() -> None:
    recipes = re.findall(r"^\t@?(.*(?:-m localhost|-m release|\$\(OPERATE\)).*)$", MAKEFILE, re.MULTILINE)
    assert len(recipes) > 10
    assert all(recipe.startswith("exec ") for recipe in recipes)
