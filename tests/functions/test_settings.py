"""/settings: the switch of the feature."""

import pytest

from tests.functions.conftest import Api
from tests.functions.valid import SKU, claim, stock


def test_a_tenant_never_heard_of_has_the_feature_off(api: Api) -> None:
    response = api.call("GET", "/settings")

    assert response.status_code == 200
    assert response.json() == {"autoClaimEnabled": False, "etag": response.headers["ETag"]}


@pytest.mark.parametrize("on", [True, False])
def test_the_feature_is_turned_on_and_off(api: Api, on: bool) -> None:  # noqa: FBT001 - a parameter of the test
    api.turn(on=not on)

    changed = api.call("PATCH", "/settings", json={"autoClaimEnabled": on}, headers={"If-Match": "*"})

    assert changed.status_code == 200
    assert changed.json() == {"autoClaimEnabled": on, "etag": changed.headers["ETag"]}
    assert api.call("GET", "/settings").json() == changed.json()


def test_off_nobody_claims_from_that_moment_and_nobody_loses_a_license(api: Api) -> None:
    policy = stock(api)
    held = claim(api, "ada")["license"]

    api.turn(on=False)

    assert api.sign_in("bob").json()["outcome"] == "featureOff"
    assert api.call("GET", f"/products/{SKU}").json()["assignedLicenses"] == 1
    assert api.call("GET", f"/policies/{policy['id']}").json()["claimedLicenses"] == 1
    api.turn(on=True)
    assert api.sign_in("ada").json()["license"] == held
    claim(api, "bob")
