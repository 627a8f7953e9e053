"""Checks that the infrastructure and the code mean the same: settings, tables, versions, timers, names in queries."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from domain.upkeep import RETENTION_DAYS_DEFAULT, RETENTION_DAYS_LEAST
from functions.api import ALL_OPERATIONS
from functions.composition import TABLES
from functions.http.operations import BASE_PATH
from functions.settings import environment as settings
from functions.settings.checks import InvalidSettingError
from functions.settings.telemetry import Telemetry, UserIds
from localhost.data_folder import PROJECT_FOLDER
from tests.infra.bicep import Expression, Value
from tests.infra.model import MAIN, Infra

LEFT_OUT: Final = {
    settings.TABLES_CONNECTION_STRING: "it has a key, and keys are off",
    settings.MANAGER_DIRECTORY_ROLES: "the code's default",
    settings.MANAGER_APP_ROLES: "the code's default",
    settings.READER_DIRECTORY_ROLES: "the code's default",
    settings.READER_APP_ROLES: "the code's default",
}
"""Settings that are not set in Azure, and why."""

OF_THE_HOST: Final = frozenset(
    {
        *(f"AzureWebJobsStorage__{name}" for name in ("blobServiceUri", "credential", "clientId")),
        *(f"APPLICATIONINSIGHTS_{name}" for name in ("AUTHENTICATION_STRING", "STATSBEAT_DISABLED_ALL")),
        *("APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED", "PYTHON_ENABLE_OPENTELEMETRY"),
        "AzureFunctionsJobHost__telemetryMode",
    }
)
"""Settings that the host, its worker and the exporters read, and the code does not."""

SERVICES: Final = {
    "function": (".", "python", None, None),
    "staticwebapp": ("portal", None, "dist", "${PORTAL=true}"),
}
"""What azd deploys, by host: project, language, what is uploaded of it, and when. A static web app with a language
would be built by azd in its own way."""

RESOURCES: Final = {"function": "Microsoft.Web/sites", "staticwebapp": "Microsoft.Web/staticSites"}
PORTAL_HOOKS: Final = {"prepackage": "make", "predeploy": "node"}
"""Built first, and configured last: before provisioning, the API's address is not known."""

_TENANT: Final = "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30"
_SAMPLES: Final[dict[str, Any]] = {
    "url": "https://two.table.core.windows.net",
    "tenants": [_TENANT],
    "issuer": f"https://login.example/{_TENANT}/v2.0",
    "jwksUrl": f"https://login.example/{_TENANT}/discovery/v2.0/keys",
    settings.TABLES_URL: "https://one.table.core.windows.net",
    settings.TABLES_IDENTITY_CLIENT_ID: _TENANT,
    settings.API_AUDIENCES: _TENANT,
    settings.PUBLIC_URL: "",
    settings.RETENTION_DAYS: str(RETENTION_DAYS_DEFAULT),
    settings.LOG_USER_IDS: UserIds.PLAIN.value,
    settings.APPLICATIONINSIGHTS_CONNECTION_STRING: "InstrumentationKey=none",
}
"""What a deployment could put where a value is known only then."""

_LISTS: Final = {settings.TABLES_ACCOUNTS: "furtherAccounts", settings.TRUSTED_ISSUERS: "ownTenant"}
"""Settings that are JSON lists, with the variable that has an entry."""

_SCHEDULE: Final = re.compile(r"[\d*/,-]+( [\d*/,-]+){5}")
_INSTRUMENTS: Final = ("storage/instruments.py", "functions/telemetry/instruments.py")
_TELLERS: Final = (*_INSTRUMENTS, "functions/telemetry/roll_up.py", "functions/telemetry/logs.py")


def settings_are_those_of_the_code(infra: Infra) -> Iterator[str]:
    """Every setting that the code knows is set, or left out for a reason, and no other but the host's."""
    known = {name for name, value in vars(settings).items() if name == value}
    given = _own_settings(infra).keys()
    yield from (
        f"{name} is not set; set it, or say in LEFT_OUT why not" for name in sorted(known - given - LEFT_OUT.keys())
    )
    yield from (f"{name} is set, and the code does not read it" for name in sorted(given - known))
    yield from (f"{name} is set, though it is left out: {LEFT_OUT[name]}" for name in sorted(given & LEFT_OUT.keys()))
    hosts = infra.files[MAIN.parent / "app/function-app.bicep"].of_kind("variable")["hostSettings"].value
    assert isinstance(hosts, dict)
    yield from (f"the host's setting {name} is not expected" for name in sorted(hosts.keys() - OF_THE_HOST))
    yield from (f"the host needs {name}" for name in sorted(OF_THE_HOST - hosts.keys()))


def the_app_takes_its_settings(infra: Infra) -> Iterator[str]:
    """The code reads the settings as they are made here, and what they say sends telemetry to Azure."""
    environment = {name: _sample(infra, name, value) for name, value in _own_settings(infra).items()}
    try:
        read = settings.read_settings(environment)
    except InvalidSettingError as error:
        yield str(error)
        return
    if read.telemetry.destination is not Telemetry.AZURE_MONITOR:
        yield f"telemetry goes to {read.telemetry.destination}; nobody would see it"


def defaults_are_those_of_the_code(infra: Infra) -> Iterator[str]:
    """Parameters that become settings have the code's defaults and bounds."""
    parameters = infra.main.of_kind("parameter")
    host = json.loads((PROJECT_FOLDER / "host.json").read_text(encoding="utf-8"))["extensions"]["http"]
    days, user_ids, concurrency = (parameters[name] for name in ("retentionDays", "logUserIds", "httpConcurrency"))
    for what, found, wanted in (
        ("the default of retentionDays", days.value, RETENTION_DAYS_DEFAULT),
        ("the least of retentionDays", days.decorators.get("minValue"), RETENTION_DAYS_LEAST),
        ("the default of logUserIds", user_ids.value, UserIds.PLAIN),
        ("what logUserIds allows", user_ids.decorators.get("allowed"), [each.value for each in UserIds]),
        ("the default of httpConcurrency", concurrency.value, host["maxConcurrentRequests"]),
    ):
        if found != wanted:
            yield f"{what} is {found!r}; the code has {wanted!r}"


def timers_have_schedules(infra: Infra) -> Iterator[str]:
    """Each timer's schedule is a setting, and the setting has six fields."""
    given = _own_settings(infra)
    for timer, schedule in timers().items():
        value = given.get(schedule.strip("%"))
        if not (isinstance(value, str) and _SCHEDULE.fullmatch(value)):
            yield f"{timer} starts by {schedule}, which is {value!r}; it must be six fields"


def tables_are_those_of_the_code(infra: Infra) -> Iterator[str]:
    """Every data account gets the code's tables."""
    accounts = infra.main.of_kind("module")["dataStorage"]
    made = accounts.at("params.service"), accounts.at("params.contents")
    if made != ("table", list(TABLES)):
        yield f"{MAIN}: data accounts have {made}; the code needs the tables {list(TABLES)}"


def python_is_the_tested_one(infra: Infra) -> Iterator[str]:
    """The app runs on the Python that CI runs the tests with."""
    tested = tomllib.loads((PROJECT_FOLDER / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"][
        "python_version"
    ]
    workflow = (PROJECT_FOLDER / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    for path, site in infra.resources("Microsoft.Web/sites"):
        runtime = site.at("properties.functionAppConfig.runtime")
        if runtime != {"name": "python", "version": tested} or f'python-version: "{tested}"' not in workflow:
            yield f"{path}: the runtime is {runtime}; tests run on Python {tested}"


def azd_finds_the_app(infra: Infra) -> Iterator[str]:
    """azd deploys this folder as a Python function app and portal/dist as a static web app, each to its resource."""
    found = {
        service.get("host"): tuple(service.get(key) for key in ("project", "language", "dist", "condition"))
        for service in infra.azd["services"].values()
    }
    if found != SERVICES:
        yield f"azure.yaml: the services are {found}; they must be {SERVICES}"
    for name, service in infra.azd["services"].items():
        for hook in service["hooks"].values():
            if not _is_command(hook["run"], PROJECT_FOLDER / service["project"]):
                yield f"azure.yaml: {hook['run']} is no command in {service['project']}"
        for path, site in infra.resources(RESOURCES.get(service["host"], "none")):
            if site.at("tags") != Expression(f"union(tags, {{ 'azd-service-name': '{name}' }})"):
                yield f"{path}: {site.name} must have the tag azd-service-name: {name}"


def the_pages_are_built_and_then_configured(infra: Infra) -> Iterator[str]:
    """What the pages are configured with is an output or is printed by portal.sh, and is asked for in time."""
    hooks = infra.azd["services"].get("portal", {}).get("hooks", {})
    found = {when: hook["run"].split()[0] for when, hook in hooks.items()}
    if found != PORTAL_HOOKS:
        yield f"azure.yaml: portal's hooks are {found}; they must be {PORTAL_HOOKS}"
    outputs = set(infra.main.of_kind("output"))
    script = (infra.folder / "infra/entra/portal.sh").read_text(encoding="utf-8")
    printed = set(re.findall(r"^  azd env set ([A-Z_]+) ", script, re.MULTILINE))
    needed = set(re.findall(r"^  ([A-Z_]+): \[/", _code(("portal/scripts/configure.mjs",)), re.MULTILINE))
    yield from (f"configure.mjs needs {name}; nobody gives it" for name in sorted(needed - outputs - printed))
    yield from (f"portal.sh prints {name}; nobody needs it" for name in sorted(printed - needed))
    asked = set(re.findall(r"^([A-Z_]+)=\$\{\1:\?", script, re.MULTILINE)) - outputs
    yield from (f"portal.sh asks for {name}; nobody gives it" for name in sorted(asked - {"CLIENT_ID"}))


def queries_name_what_there_is(infra: Infra) -> Iterator[str]:
    """Metrics, attributes, routes and operations in queries are those of the code."""
    metrics = set(re.findall(r'"(autoclaim\.[a-z_.]+)"', _code(_INSTRUMENTS)))
    fields = set(re.findall(r'"([a-z_]+)"', _code(_TELLERS)))
    routes = {f"{BASE_PATH}/{each.route}" for operations in ALL_OPERATIONS for each in operations.known}
    for path, query in infra.queries.items():
        asked: tuple[tuple[str, str, set[str]], ...] = (
            ("metric", r"'(autoclaim\.[^']*)'", metrics),
            ("field", r"Properties\.(\w+)", fields),
            ("route", r"'(/[^']*)'", routes),
            ("operation", r"Properties\.operation\) == '([^']*)'", set(timers())),
        )
        for what, pattern, known in asked:
            names = set(re.findall(pattern, query))
            yield from (f"{path}: the code has no {what} {name}" for name in sorted(names - known))


@cache
def timers() -> dict[str, str]:
    """The app's timers, with their schedules."""
    command = [sys.executable, "-m", "tests.infra.list_timers"]
    done = subprocess.run(command, cwd=PROJECT_FOLDER, check=True, capture_output=True, text=True, timeout=60)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _own_settings(infra: Infra) -> dict[str, Value]:
    value = infra.main.of_kind("variable")["settings"].value
    assert isinstance(value, dict)
    return value


def _sample(infra: Infra, name: str, value: Value) -> str:
    """A setting as the app could see it."""
    if name in _LISTS:
        entry = infra.main.of_kind("variable")[_LISTS[name]].value
        assert isinstance(entry, dict)
        return json.dumps([{key: _SAMPLES.get(key) for key in entry}])
    return value if isinstance(value, str) else str(_SAMPLES.get(name, ""))


def _is_command(run: str, folder: Path) -> bool:
    """Whether there is what a hook runs: a target of make, or a script."""
    makefile = (PROJECT_FOLDER / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)
    match run.split():
        case ["make", target]:
            return folder == PROJECT_FOLDER and target in targets
        case ["make", "-C", "..", target]:
            return folder.parent == PROJECT_FOLDER and target in targets
        case ["node", script]:
            return (folder / script).is_file()
    return False


@cache
def _code(files: tuple[str, ...]) -> str:
    return "\n".join((PROJECT_FOLDER / file).read_text(encoding="utf-8") for file in files)
