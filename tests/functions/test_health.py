"""GET /health, and what else is answered when the storage does not answer."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from functions.version import VERSION
from localhost.data_folder import DataFolder
from localhost.emulator import connection_string
from localhost.issuer import AUDIENCE, DevelopmentIssuer
from localhost.ports import LOOPBACK
from tests.functions.conftest import Api, Served
from tests.functions.faults import check_error, check_headers
from tests.functions.valid import EXTENSION_PATH, event_body
from tests.functions.variants import app_with


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An app whose storage takes connections and never answers."""
    folder = Path(tmp_path_factory.mktemp("silent"))
    with socket.create_server((LOOPBACK, 0), backlog=128) as storage:
        settings = {
            "TABLES_CONNECTION_STRING": connection_string(storage.getsockname()[1]),
            "TRUSTED_ISSUERS": json.dumps([DevelopmentIssuer(DataFolder(folder)).trusted_issuer()]),
            "API_AUDIENCES": AUDIENCE,
        }
        with app_with(folder, settings) as app:
            yield app


@pytest.fixture
def silent_api(silent: Served) -> Iterator[Api]:
    """A client of an app without storage."""
    client = Api(silent, str(uuid4()))
    yield client
    client.close()


@pytest.mark.parametrize("authorization", [None, "Bearer nonsense"])
def test_everybody_may_ask_for_health(api: Api, authorization: str | None) -> None:
    response = api.anonymous("GET", "/health", headers={"Authorization": authorization} if authorization else {})

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "storage": "ok", "version": VERSION}
    check_headers(response)


def test_without_storage_health_is_unavailable_within_two_seconds(silent_api: Api) -> None:
    began = time.monotonic()

    response = silent_api.anonymous("GET", "/health")

    assert time.monotonic() - began < 2.5
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "storage": "unavailable", "version": VERSION}
    check_headers(response)


def test_without_storage_entra_is_answered_pending_in_time(silent_api: Api) -> None:
    token = silent_api.served.issuer.entra_token(silent_api.tenant_id)
    began = time.monotonic()

    response = silent_api.anonymous(
        "POST", EXTENSION_PATH, json=event_body(silent_api.tenant_id), headers={"Authorization": f"Bearer {token}"}
    )

    assert time.monotonic() - began < 1.5
    assert response.status_code == 200
    assert response.json()["data"]["actions"][0]["claims"] == {"autoClaimOutcome": "pending"}


def test_without_storage_a_sign_in_is_to_be_sent_again(silent_api: Api) -> None:
    response = silent_api.sign_in("ada")

    check_error(response, 503, "ServiceUnavailable", says="storage")
    assert int(response.headers["Retry-After"]) >= 1


def test_without_storage_a_faulty_request_is_told_its_fault(silent_api: Api) -> None:
    check_error(silent_api.anonymous("GET", "/settings"), 401, "Unauthenticated")
    check_error(silent_api.call("GET", "/products/nope"), 400, "InvalidId", target="skuId")
