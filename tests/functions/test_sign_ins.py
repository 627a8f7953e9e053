"""POST /sign-ins: the outcomes, in their order of precedence."""

from uuid import uuid4

from tests.functions.conftest import Api

TEAMS1 = "57ff2da0-773e-42df-b2af-ffb7a2317929"


def test_a_user_without_a_license_claims_one_and_keeps_it(api: Api) -> None:
    sku = str(uuid4())
    api.put_product(sku, 1, [TEAMS1])
    api.turn(on=True)
    policy = api.create_policy(sku)

    claimed = api.sign_in("ada").json()
    again = api.sign_in("ada").json()
    late = api.sign_in("bob").json()

    assert claimed["outcome"] == "claimed"
    assert claimed["policyId"] == policy["id"]
    assert claimed["license"]["skuId"] == sku
    assert again["outcome"] == "alreadyLicensed"
    assert again["license"] == claimed["license"]
    assert late["outcome"] == "noLicenses"
    assert "license" not in late
    assert api.call("GET", f"/products/{sku}").json()["availableLicenses"] == 0
