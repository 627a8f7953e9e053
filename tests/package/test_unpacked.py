"""The package is all that the app needs: unpacked where nothing else is, it claims a license.

Installs what is deployed, so a package registry must be within reach.
"""

import json
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from localhost.app_settings import app_settings
from localhost.data_folder import PROJECT_FOLDER, DataFolder
from localhost.emulator import Azurite
from localhost.issuer import DevelopmentIssuer
from release.cold_start import import_seconds
from release.environment import EnvironmentNotMadeError, make_environment
from release.package import build, unpack
from release.requirement_files import DEPLOYED_LOCK, requirements_of, version_of
from tests.package.unpacked import Told, Unpacked, request

pytestmark = pytest.mark.slow

TENANT = "6d0f6f2c-3f53-4f57-9a52-0c1b2d3e4f50"
TEAMS = "microsoft-teams"
SKU = "18181a46-0d4e-45cd-891e-60aabd171b4e"
PLAN = {"servicePlanId": "57ff2da0-773e-42df-b2af-ffb7a2317929", "servicePlanName": "TEAMS1", "displayName": "Teams"}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    folder = tmp_path_factory.mktemp("package")
    unpack(build(PROJECT_FOLDER, folder / "autoclaim.zip"), folder / "app")
    return Unpacked(folder / "app", make_environment(folder / "app", folder / "environment"))


@pytest.fixture(scope="module")
def told(unpacked: Unpacked, azurite: Azurite, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A tenant's first license, from the tables to the claim, and the docs page."""
    data = DataFolder(tmp_path_factory.mktemp("data"))
    settings = app_settings(data, azurite.port)
    manager = {"authorization": f"Bearer {DevelopmentIssuer(data).administrator_token(TENANT)}"}
    product = {"skuPartNumber": "STANDARDPACK", "displayName": "Office 365 E1", "totalLicenses": 1}
    policy = {"name": "Teams for everyone", "appId": TEAMS, "products": [{"skuId": SKU}]}
    sign_in = {"tenantId": TENANT, "appId": TEAMS, "user": {"id": "ada"}}
    unpacked.run("-m", "functions.create_tables", settings=settings)
    return unpacked.call(
        [
            request("get_health", "GET", "health"),
            request(
                *("put_product", "PUT", f"products/{SKU}", {**product, "servicePlans": [PLAN]}),
                headers=manager,
                route_params={"skuId": SKU},
            ),
            request(
                *("update_settings", "PATCH", "settings", {"autoClaimEnabled": True}),
                headers={**manager, "if-match": "*"},
            ),
            request("create_policy", "POST", "policies", policy, headers=manager),
            request("sign_in", "POST", "sign-ins", sign_in),
            request("sign_in", "POST", "sign-ins", {**sign_in, "user": {"id": "bob"}}),
            request("list_policies", "GET", "policies", headers=manager),
            request("get_docs", "GET", "docs"),
            request("get_docs_file", "GET", "docs/swagger-ui.css", route_params={"file": "swagger-ui.css"}),
        ],
        settings,
    )


def _json(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


def test_the_unpacked_app_claims_a_license(told: Told) -> None:
    health, product, settings, policy, ada, bob, policies, *_ = told.answers

    assert _json(health)["storage"] == "ok"
    assert (product["status"], settings["status"], policy["status"]) == (201, 200, 201)
    assert (_json(ada)["outcome"], _json(bob)["outcome"]) == ("claimed", "noLicenses")
    assert _json(ada)["license"]["skuId"] == SKU
    assert [each["claimedLicenses"] for each in _json(policies)["value"]] == [1]


def test_the_unpacked_app_serves_its_docs_page(told: Told) -> None:
    page, style = told.answers[-2:]

    assert page["status"] == 200
    assert "swagger-ui-bundle.js" in page["body"]
    assert style["status"] == 200
    assert ".swagger-ui" in style["body"]


def test_the_app_is_imported_from_its_folder_and_its_environment_alone(unpacked: Unpacked, told: Told) -> None:
    files = {name: Path(file) for name, file in told.modules.items() if file is not None and name != "__main__"}
    ours = {name for name, file in files.items() if file.is_relative_to(unpacked.app)}
    packages = {name for name, file in files.items() if file.is_relative_to(unpacked.python.parents[1])}
    standard = {
        name
        for name, file in files.items()
        if any(file.is_relative_to(sysconfig.get_path(part)) for part in ("stdlib", "platstdlib"))
    }

    assert {"function_app", "functions.composition", "storage.engine.committer", "domain.sign_ins"} <= ours
    assert {"azure.functions", "azure.data.tables", "pydantic"} <= packages
    assert files.keys() - ours - packages - standard == set()


def test_what_a_claim_does_not_need_is_not_imported(told: Told) -> None:
    """Each of these takes long to import, and a new instance keeps a caller waiting."""
    late = ("azure.identity", "azure.monitor", "opentelemetry.sdk", "msal", "requests")

    assert not [name for name in told.modules if name.startswith(late)]


def test_a_cold_start_is_timed_in_processes_of_their_own(unpacked: Unpacked) -> None:
    whole, least = import_seconds(unpacked.python, unpacked.app, ("function_app", "azure.functions"), times=1)

    assert 0 < least < whole
    assert not list(unpacked.app.rglob("__pycache__")), "the next one would be no cold start"


def test_the_environment_has_what_the_lock_names_and_pip(unpacked: Unpacked) -> None:
    done = subprocess.run(
        [unpacked.python, "-m", "pip", "--disable-pip-version-check", "list", "--format", "json"],
        check=True,
        capture_output=True,
        text=True,
    )
    installed = {each["name"].lower().replace("_", "-"): each["version"] for each in json.loads(done.stdout)}
    locked = {
        each.name: version_of(each)
        for each in requirements_of(DEPLOYED_LOCK)
        if each.marker is None or each.marker.evaluate()
    }

    assert {name: installed[name] for name in installed.keys() - {"pip", "setuptools"}} == locked


def test_a_package_that_is_not_the_one_of_the_lock_is_not_installed(tmp_path: Path) -> None:
    lock = DEPLOYED_LOCK.read_text()
    start = lock.index("isodate==")
    other_file = re.sub(r"(?<=sha256:)\w{8}", "0" * 8, lock[start : lock.index("\n    # via", start)])
    (tmp_path / "requirements-locked.txt").write_text(other_file + "\n")
    (tmp_path / "requirements.txt").write_text("-r requirements-locked.txt\nisodate>=0.7  # as it stands there\n")

    with pytest.raises(EnvironmentNotMadeError, match="DO NOT MATCH THE HASHES"):
        make_environment(tmp_path, tmp_path / "environment")
