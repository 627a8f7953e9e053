"""What is deployed of other people's work may be deployed, and is listed."""

import json
from pathlib import Path

import pytest

from localhost.data_folder import PROJECT_FOLDER
from release import licenses
from release.licenses import (
    Dependency,
    LicenseError,
    document,
    is_allowed,
    npm_packages,
    portal_packages,
    python_packages,
)
from release.requirement_files import DEPLOYED_LOCK, requirements_of


def test_the_list_of_licenses_is_current() -> None:
    assert (PROJECT_FOLDER / "docs" / "licenses.md").read_text() == document(), "run make licenses"


def test_every_package_of_the_lock_is_listed() -> None:
    listed = {each.name for each in python_packages(DEPLOYED_LOCK)}

    assert {each.name for each in requirements_of(DEPLOYED_LOCK) if each.marker is None} <= listed


def test_of_the_docs_page_only_what_is_served_is_listed() -> None:
    assert [each.name for each in npm_packages(PROJECT_FOLDER)] == ["swagger-ui-dist"]


def test_of_the_administrators_pages_everything_is_listed_that_may_be_in_their_scripts() -> None:
    package = json.loads((PROJECT_FOLDER / "portal" / "package.json").read_text())
    listed = {each.name for each in portal_packages(PROJECT_FOLDER)}

    assert set(package["dependencies"]) <= listed
    assert not listed & set(package["devDependencies"])
    assert {"@azure/msal-common", "scheduler", "d3-scale"} <= listed, "what is needed by what is needed"


def test_two_versions_of_a_package_are_two_and_one_in_two_places_is_one(tmp_path: Path) -> None:
    packages = {
        "": {"name": "portal"},
        "node_modules/a": {"version": "1.0.0", "license": "MIT"},
        "node_modules/b": {"version": "1.0.0"},
        "node_modules/b/node_modules/a": {"version": "0.9.0", "license": "ISC"},
        "node_modules/c/node_modules/a": {"version": "0.9.0", "license": "ISC"},
        "node_modules/d": {"version": "1.0.0", "license": "GPL-3.0-only", "dev": True},
        "node_modules/@types/a": {"version": "1.0.0", "license": "MIT"},
    }
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "package-lock.json").write_text(json.dumps({"packages": packages}))

    assert portal_packages(tmp_path) == [
        Dependency("a", "0.9.0", "ISC"),
        Dependency("a", "1.0.0", "MIT"),
        Dependency("b", "1.0.0", ""),
    ]
    assert not is_allowed("")


@pytest.mark.parametrize(
    "expression", ["MIT", "Apache-2.0 AND MIT", "GPL-3.0-only OR BSD-3-Clause", "(GPL-3.0-only OR MIT) AND ISC"]
)
def test_an_expression_that_allowed_licenses_meet_is_allowed(expression: str) -> None:
    assert is_allowed(expression)


@pytest.mark.parametrize(
    "expression",
    [
        *("GPL-3.0-only", "MIT AND AGPL-3.0-only", "SSPL-1.0 OR BUSL-1.1", "", "Apache-2.0 WITH LLVM-exception"),
        *("MIT AND (GPL-2.0-only OR LGPL-2.1-only)", "(MIT AND GPL-2.0-only) OR (GPL-2.0-only AND MIT)"),
    ],
)
def test_an_expression_that_they_do_not_meet_is_refused(expression: str) -> None:
    assert not is_allowed(expression)


@pytest.mark.parametrize(
    ("license_id", "package"),
    [pytest.param("MPL-2.0", "certifi", id="the app"), pytest.param("0BSD", "tslib", id="the pages")],
)
def test_a_license_that_is_not_allowed_stops_the_list(
    monkeypatch: pytest.MonkeyPatch, license_id: str, package: str
) -> None:
    monkeypatch.setattr(licenses, "ALLOWED", licenses.ALLOWED - {license_id})

    with pytest.raises(LicenseError, match=rf"{package}.*{license_id}"):
        document()


def test_metadata_that_do_not_tell_the_license_stop_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licenses, "_READ_IN_ITS_LICENSE_FILE", {})

    with pytest.raises(LicenseError, match=r"isodate: its metadata say .*BSD License"):
        document()


def test_a_package_in_another_version_than_the_lock_s_stops_the_list(tmp_path: Path) -> None:
    lock = tmp_path / "requirements-locked.txt"
    lock.write_text("idna==0.1 \\\n    --hash=sha256:" + 64 * "0" + "\n")

    with pytest.raises(LicenseError, match=r"idna 0\.1 is in the lock, and here it is \d"):
        python_packages(lock)
