#!/usr/bin/env bash
# Registers the API in Microsoft Entra, so that tokens can be issued for it: once for each deployment.
#
#   ./infra/entra/register.sh                      makes or updates the registration "Autoclaim"
#   NAME="Autoclaim test" ./infra/entra/register.sh
#   CLIENT_ID=<guid> ./infra/entra/register.sh     updates that one, whatever its name
#
# Afterwards:
#   - tokens for the API are of version 2, so their `aud` is the client id and their `iss` ends in /v2.0;
#   - they carry the directory roles of whoever calls (`wids`): Global, Billing and User Administrators manage,
#     Global and Reports Readers and License Administrators read;
#   - there are the app roles AutoClaim.Manage and AutoClaim.Read (`roles`), for people, groups and applications
#     without a directory role;
#   - portals can ask for the scope api://<client id>/access_as_user. It gives no right by itself: roles do.
#
# Run again, it changes nothing. What it says at the end is what `azd` needs to know. infra/entra/api.json is what it
# sends; the ids in it are fixed, because assignments of a role hang on its id.
#
# Needed: `az login` as an Application Administrator or Cloud Application Administrator of the tenant. A registration
# made a moment ago may be unknown to another of Entra's servers for some seconds: if a step says that it does not
# exist, run the script again.
#
# The commands follow Microsoft's reference of az and of Graph (application: update). No test has run them against
# Entra: tests/sources/test_entra_scripts.py runs them against an `az` that only answers like the real one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=infra/entra/graph.sh
. "$here/graph.sh"

NAME=${NAME:-Autoclaim}
CLIENT_ID=${CLIENT_ID:-}

if [ -z "$CLIENT_ID" ]; then
  CLIENT_ID=$(registration_named "$NAME" "say which: CLIENT_ID=<guid>")
fi
if [ -z "$CLIENT_ID" ]; then
  CLIENT_ID=$(az ad app create --only-show-errors --display-name "$NAME" --sign-in-audience AzureADMyOrg \
    --query appId --output tsv)
fi

graph PATCH "applications(appId='$CLIENT_ID')" --body "@$here/api.json"
add_identifier_uri "$CLIENT_ID" "api://$CLIENT_ID"
principal=$(service_principal "$CLIENT_ID")
tenant=$(az account show --only-show-errors --query tenantId --output tsv)

cat <<END
The API is registered: client id $CLIENT_ID, service principal $principal, tenant $tenant.

  azd env set API_AUDIENCES '$CLIENT_ID'
  azd env set TRUSTED_ISSUERS '[{"issuer": "https://login.microsoftonline.com/{tid}/v2.0", "tenants": ["$tenant"], "jwksUrl": "https://login.microsoftonline.com/$tenant/discovery/v2.0/keys"}]'
END
