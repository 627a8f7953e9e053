#!/usr/bin/env bash
# Registers the administrator's pages in Microsoft Entra, so that people can sign in there: once for each deployment,
# between `azd provision`, which makes their address, and `azd deploy`, which tells them what this script prints.
#
#   CLIENT_ID=<client id of the API, from register.sh> PORTAL_URL=$(azd env get-value PORTAL_URL) \
#     ./infra/entra/portal.sh                      makes or updates the registration "Autoclaim portal"
#   NAME="Autoclaim test portal" CLIENT_ID=… PORTAL_URL=… ./infra/entra/portal.sh
#   PORTAL_CLIENT_ID=<guid> CLIENT_ID=… PORTAL_URL=… ./infra/entra/portal.sh   updates that one, whatever its name
#
# Afterwards:
#   - there is a registration of a single-page app, with no secret: a browser could not keep one. It is another than
#     the API's, or ID tokens of the pages would be taken for access tokens of the API;
#   - Entra sends people back to PORTAL_URL, and to the addresses that were there before (the pages may have a domain of
#     their own: run the script with that one, too);
#   - it may ask for the API's scope access_as_user in the name of whoever is signed in, without asking them: the API
#     knows it. Other applications that the API knew stay known. No right comes with it: roles give rights.
#
# Run again, it changes nothing.
#
# Needed: `az login` as an Application Administrator or Cloud Application Administrator of the tenant.
#
# The commands follow Microsoft's reference of az and of Graph (application: update; preAuthorizedApplication). No test
# has run them against Entra: tests/sources/test_portal_registration.py runs them against an `az` that only answers like
# the real one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=infra/entra/graph.sh
. "$here/graph.sh"

CLIENT_ID=${CLIENT_ID:?the client id of the API, which register.sh printed}
PORTAL_URL=${PORTAL_URL:?the address of the pages, such as https://name.azurestaticapps.net}
NAME=${NAME:-Autoclaim portal}
PORTAL_CLIENT_ID=${PORTAL_CLIENT_ID:-}
case $PORTAL_URL in
  https://?*/* | *[[:space:]\"\\]*) is_origin= ;;
  https://?*) is_origin=1 ;;
  *) is_origin= ;;
esac
# The pages name their origin when they ask Entra to send somebody back, and Entra compares the whole.
[ -n "$is_origin" ] || { echo "PORTAL_URL is $PORTAL_URL: it must be https:// and a host, and nothing after it." >&2; exit 2; }

# 1. The API: what may be asked for.
SCOPE=access_as_user
scope_id=$(az ad app show --only-show-errors --id "$CLIENT_ID" \
  --query "api.oauth2PermissionScopes[?value=='$SCOPE'].id" --output tsv)
[ -n "$scope_id" ] || { echo "$CLIENT_ID has no scope $SCOPE: run register.sh first, for the API." >&2; exit 1; }

# 2. The pages.
if [ -z "$PORTAL_CLIENT_ID" ]; then
  PORTAL_CLIENT_ID=$(registration_named "$NAME" "say which: PORTAL_CLIENT_ID=<guid>")
fi
if [ "$PORTAL_CLIENT_ID" = "$CLIENT_ID" ]; then
  echo "$CLIENT_ID is the API's own registration; the pages must have another." >&2
  exit 1
fi
if [ -z "$PORTAL_CLIENT_ID" ]; then
  PORTAL_CLIENT_ID=$(az ad app create --only-show-errors --display-name "$NAME" --sign-in-audience AzureADMyOrg \
    --query appId --output tsv)
fi
uris=$(az ad app show --only-show-errors --id "$PORTAL_CLIENT_ID" --query spa.redirectUris --output tsv)
has_line "$uris" "$PORTAL_URL" || uris="$uris${uris:+$'\n'}$PORTAL_URL"
redirects=
while IFS= read -r uri; do
  redirects="$redirects${redirects:+, }\"$uri\""
done <<<"$uris"
graph PATCH "applications(appId='$PORTAL_CLIENT_ID')" --body '{"spa": {"redirectUris": ['"$redirects"']},
  "requiredResourceAccess": [{"resourceAppId": "'"$CLIENT_ID"'",
    "resourceAccess": [{"id": "'"$scope_id"'", "type": "Scope"}]}]}'
principal=$(service_principal "$PORTAL_CLIENT_ID")

# 3. The API knows the pages. Graph takes the whole list, so the others are sent back to it.
others=$(az ad app show --only-show-errors --id "$CLIENT_ID" \
  --query "api.preAuthorizedApplications[?appId!='$PORTAL_CLIENT_ID']" --output json)
own='{"appId": "'"$PORTAL_CLIENT_ID"'", "delegatedPermissionIds": ["'"$scope_id"'"]}'
case $others in
  '' | '[]') known="[$own]" ;;
  *) known="${others%]}, $own]" ;;
esac
graph PATCH "applications(appId='$CLIENT_ID')" --body '{"api": {"preAuthorizedApplications": '"$known"'}}'
tenant=$(az account show --only-show-errors --query tenantId --output tsv)

cat <<END
The pages at $PORTAL_URL are registered: client id $PORTAL_CLIENT_ID, service principal $principal, tenant $tenant.

  azd env set PORTAL_CLIENT_ID '$PORTAL_CLIENT_ID'
  azd env set PORTAL_AUTHORITY 'https://login.microsoftonline.com/$tenant'
  azd env set PORTAL_SCOPE 'api://$CLIENT_ID/$SCOPE'
END
