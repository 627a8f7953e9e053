"""What is in the package: the app, all of it, and nothing else."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from functions.docs_page.page import DocsPageMissingError
from localhost.data_folder import PROJECT_FOLDER
from release import package
from release.package import build, deployed_files
from tests.package.azd_rules import azd_deploys

SOURCES = ("domain", "functions", "storage")
AT_THE_TOP = {"function_app.py", "host.json", "requirements.txt", "requirements-locked.txt", *SOURCES}
SWAGGER_UI = "functions/docs_page/node_modules/swagger-ui-dist"


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    """A project in which people have worked: with files that must stay at home, in every place."""
    files = [
        *("function_app.py", "host.json", "requirements.txt", "requirements-locked.txt", "domain/claims.py"),
        *("functions/sources/sign_ins.py", f"{SWAGGER_UI}/swagger-ui.css", f"{SWAGGER_UI}/NOTICE"),
        *(".env", "local.settings.json", ".venv/pyvenv.cfg", ".azure/dev/.env", "notes.txt", "autoclaim.zip"),
        *("tests/test_it.py", "localhost/run.py", "benchmarks/engine.py", "release/lock.py", "infra/main.bicep"),
        *("docs/walk.md", "constraints.txt", "requirements-dev.txt", "portal/index.html", "tests/functions/it.py"),
        *(
            "functions/.DS_Store",
            "functions/.env",
            "domain/__pycache__/claims.cpython-311.pyc",
            "storage/.mypy_cache/x",
        ),
        *(f"{SWAGGER_UI}/swagger-ui.js", f"{SWAGGER_UI}/index.html", f"{SWAGGER_UI}/swagger-ui.css.map"),
        *("functions/docs_page/node_modules/installed", "functions/docs_page/node_modules/@scarf/scarf/report.js"),
        *("functions/docs_page/package.json", "functions/docs_page/package-lock.json", "functions/docs_page/.npmrc"),
    ]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    shutil.copy(PROJECT_FOLDER / ".funcignore", tmp_path)
    return tmp_path


def test_the_package_has_every_module_of_the_app_and_nothing_else_at_the_top(tmp_path: Path) -> None:
    with zipfile.ZipFile(build(PROJECT_FOLDER, tmp_path / "autoclaim.zip")) as opened:
        names = opened.namelist()
        written = {
            path.relative_to(PROJECT_FOLDER).as_posix()
            for folder in SOURCES
            for path in (PROJECT_FOLDER / folder).rglob("*.py")
        }

        assert {name.partition("/")[0] for name in names} == AT_THE_TOP
        assert {name for name in names if name.endswith(".py")} == {"function_app.py", *written}
        for name in names:
            assert opened.read(name) == (PROJECT_FOLDER / name).read_bytes()


def test_what_lies_about_stays_at_home(untidy: Path) -> None:
    assert deployed_files(untidy) == [
        "domain/claims.py",
        "function_app.py",
        f"{SWAGGER_UI}/NOTICE",
        f"{SWAGGER_UI}/swagger-ui.css",
        "functions/sources/sign_ins.py",
        "host.json",
        "requirements-locked.txt",
        "requirements.txt",
    ]


def test_azd_deploys_the_same_files(untidy: Path) -> None:
    assert azd_deploys(untidy) == deployed_files(untidy)
    assert azd_deploys(PROJECT_FOLDER) == deployed_files(PROJECT_FOLDER)


def test_azd_reads_a_lone_star_as_no_one_else_does(untidy: Path) -> None:
    """Why .funcignore has the lines that end in /**."""
    rules = untidy / ".funcignore"
    rules.write_text("".join(line for line in rules.read_text().splitlines(keepends=True) if "**" not in line))

    assert "domain/claims.py" in deployed_files(untidy)
    assert "domain/claims.py" not in azd_deploys(untidy)


def test_the_same_files_give_the_same_bytes(untidy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    for name in sorted(deployed_files(untidy), reverse=True):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(untidy / name, other / name)
        (other / name).chmod(0o600)
        os.utime(other / name, (1, 1))
    shutil.copy(untidy / ".funcignore", other)
    first = build(untidy, untidy / "first.zip").read_bytes()

    assert build(other, other / "second.zip").read_bytes() == first
    (other / "domain" / "claims.py").write_text("changed")
    assert build(other, other / "third.zip").read_bytes() != first


def test_no_package_is_made_without_the_docs_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_base_path: str) -> bytes:
        raise DocsPageMissingError("swagger-ui.css is missing: run `npm ci` in functions/docs_page before deploying")

    monkeypatch.setattr(package, "page", missing)

    assert package.main() == 1
    assert "npm ci" in capsys.readouterr().err
