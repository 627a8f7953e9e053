#!/usr/bin/env bash
# Lets Microsoft Entra tell the API of sign-ins: the custom authentication extension for the event "token issuance
# start". Once the app runs, and again whenever an application is to be added or taken off.
#
#   CLIENT_ID=<client id of the API, from register.sh> API_URL=$(azd env get-value API_URL) \
#     ./infra/entra/extension.sh APPLICATION...
#
# APPLICATION is the client id of an application of your organisation, whose sign-ins are to be told. The list is the
# whole list: an application that is left out is taken off.
#
# From then on Entra calls the API whenever it issues a token for one of them, and WAITS: where it gets no answer in 2
# seconds, twice, or another answer than 200, that person cannot sign in to that application. Try it with an application
# of your own first, and keep at hand how to stop it:
#
#   az rest --method DELETE --url https://graph.microsoft.com/v1.0/identity/authenticationEventListeners/<id>
#
# with the id that this script prints at its end.
#
# Microsoft's own applications, such as Teams, cannot be listed: the extension does not fire for them
# (docs/sources/entra-sign-in-logs.md says what does). docs/sources/entra.md explains the whole.
#
# Needed: az signed in as an application (`az login --service-principal`) that has been granted these permissions of
# Microsoft Graph: Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All, CustomAuthenticationExtension.ReadWrite.All,
# EventListener.ReadWrite.All, Policy.Read.All and Policy.ReadWrite.ApplicationConfiguration. Signed in as a person, az
# asks Graph with permissions of its own that lack some of these, whatever roles that person has
# (https://github.com/Azure/azure-cli/issues/23906).
#
# The steps are those of Microsoft's "Configure a custom claim provider for a token issuance event". No test has run them
# against Entra: tests/sources/test_entra_scripts.py runs them against an `az` that only answers like the real one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=infra/entra/graph.sh
. "$here/graph.sh"

CLIENT_ID=${CLIENT_ID:?the client id of the API, which register.sh printed}
API_URL=${API_URL:?the URL of the API, such as https://name.azurewebsites.net/api}
[ $# -gt 0 ] || { echo "Name at least one application by its client id." >&2; exit 2; }
case $API_URL in
  https://*/api) ;;
  *) echo "API_URL is $API_URL: it must begin with https:// and end in /api." >&2; exit 2 ;;
esac

NAME=Autoclaim
ROUTE=webhooks/entra/token-issuance-start
# The same in every tenant: Microsoft Graph itself, and its permission CustomAuthenticationExtension.Receive.Payload.
GRAPH_CLIENT_ID=00000003-0000-0000-c000-000000000000
RECEIVE_PAYLOAD=214e810f-fda8-4fd7-a475-29461495eb00
# Entra's most: its default is 1000, and the API may take 1500 (`pending` comes after 1200).
TIMEOUT_MILLISECONDS=2000
RETRIES=1

host=${API_URL#https://}
host=${host%%/*}
target="$API_URL/$ROUTE"
resource="api://$host/$CLIENT_ID"

# 1. The API: a name with the host in it, which Entra demands, and the permission to be called.
add_identifier_uri "$CLIENT_ID" "$resource"
graph PATCH "applications(appId='$CLIENT_ID')" --body '{"requiredResourceAccess": [{"resourceAppId": "'"$GRAPH_CLIENT_ID"'",
  "resourceAccess": [{"id": "'"$RECEIVE_PAYLOAD"'", "type": "Role"}]}]}'
principal=$(service_principal "$CLIENT_ID")
granted=$(graph GET "servicePrincipals/$principal/appRoleAssignments" \
  --query "value[?appRoleId=='$RECEIVE_PAYLOAD'].id" --output tsv)
if [ -z "$granted" ]; then
  graph_principal=$(service_principal "$GRAPH_CLIENT_ID")
  graph POST "servicePrincipals/$principal/appRoleAssignments" --output none --body '{"principalId": "'"$principal"'",
    "resourceId": "'"$graph_principal"'", "appRoleId": "'"$RECEIVE_PAYLOAD"'"}'
fi

# 2. The extension: where to call, and what comes back.
extension='{
  "@odata.type": "#microsoft.graph.onTokenIssuanceStartCustomExtension",
  "displayName": "'"$NAME"'",
  "description": "Claims a license for whoever signs in.",
  "endpointConfiguration": {"@odata.type": "#microsoft.graph.httpRequestEndpoint", "targetUrl": "'"$target"'"},
  "authenticationConfiguration": {"@odata.type": "#microsoft.graph.azureAdTokenAuthentication", "resourceId": "'"$resource"'"},
  "clientConfiguration": {"timeoutInMilliseconds": '"$TIMEOUT_MILLISECONDS"', "maximumRetries": '"$RETRIES"'},
  "claimsForTokenConfiguration": [
    {"claimIdInApiResponse": "autoClaimOutcome"}, {"claimIdInApiResponse": "autoClaimSkuId"}]
}'
extensions=$(graph GET identity/customAuthenticationExtensions --query "value[?displayName=='$NAME'].id" --output tsv)
extension_id=$(at_most_one "custom authentication extensions named '$NAME'" "$extensions")
if [ -z "$extension_id" ]; then
  extension_id=$(graph POST identity/customAuthenticationExtensions --body "$extension" --query id --output tsv)
else
  graph PATCH "identity/customAuthenticationExtensions/$extension_id" --body "$extension"
fi

# 3. What the claims are called in tokens.
policies=$(graph GET policies/claimsMappingPolicies --query "value[?displayName=='$NAME'].id" --output tsv)
policy_id=$(at_most_one "claims mapping policies named '$NAME'" "$policies")
if [ -z "$policy_id" ]; then
  policy_id=$(graph POST policies/claimsMappingPolicies --query id --output tsv --body '{
    "displayName": "'"$NAME"'", "isOrganizationDefault": false,
    "definition": ["{\"ClaimsMappingPolicy\":{\"Version\":1,\"IncludeBasicClaimSet\":\"true\",\"ClaimsSchema\":[{\"Source\":\"CustomClaimsProvider\",\"ID\":\"autoClaimOutcome\",\"JwtClaimType\":\"autoClaimOutcome\"},{\"Source\":\"CustomClaimsProvider\",\"ID\":\"autoClaimSkuId\",\"JwtClaimType\":\"autoClaimSkuId\"}]}}"]}')
fi

# 4. Each application: its tokens may carry mapped claims. Before the listener, because without this Entra issues
#    the application no tokens at all once the extension answers (AADSTS50146).
applications=
for application in "$@"; do
  audience=$(az ad app show --only-show-errors --id "$application" --query signInAudience --output tsv)
  if [ "$audience" != AzureADMyOrg ]; then
    # Another organisation could then map claims of its own choice into this application's tokens, says Microsoft.
    echo "$application is for more than this tenant ($audience): give it a signing key of its own instead" >&2
    echo "(https://learn.microsoft.com/graph/application-saml-sso-configure-api), and list it by hand." >&2
    exit 1
  fi
  graph PATCH "applications(appId='$application')" --body '{"api": {"acceptMappedClaims": true}}'
  application_principal=$(service_principal "$application")
  assigned=$(graph GET "servicePrincipals/$application_principal/claimsMappingPolicies" --query 'value[].id' --output tsv)
  if [ -z "$assigned" ]; then
    graph POST "servicePrincipals/$application_principal/claimsMappingPolicies/\$ref" --output none \
      --body '{"@odata.id": "'"$GRAPH/policies/claimsMappingPolicies/$policy_id"'"}'
  elif ! has_line "$assigned" "$policy_id"; then
    echo "$application has a claims mapping policy of its own ($assigned), and may have but one: add the claims" >&2
    echo "autoClaimOutcome and autoClaimSkuId to that one if its tokens are to carry them. The rest goes on." >&2
  fi
  applications="$applications${applications:+, }{\"appId\": \"$application\"}"
done

# 5. The listener: from here on Entra calls.
conditions='{"applications": {"includeApplications": ['"$applications"']}}'
listeners=$(graph GET identity/authenticationEventListeners \
  --query "value[?handler.customExtension.id=='$extension_id'].id" --output tsv)
listener_id=$(at_most_one "listeners that call the extension '$NAME'" "$listeners")
if [ -z "$listener_id" ]; then
  listener_id=$(graph POST identity/authenticationEventListeners --query id --output tsv --body '{
    "@odata.type": "#microsoft.graph.onTokenIssuanceStartListener", "conditions": '"$conditions"',
    "handler": {"@odata.type": "#microsoft.graph.onTokenIssuanceStartCustomExtensionHandler",
      "customExtension": {"id": "'"$extension_id"'"}}}')
else
  graph PATCH "identity/authenticationEventListeners/$listener_id" --body '{
    "@odata.type": "#microsoft.graph.onTokenIssuanceStartListener", "conditions": '"$conditions"'}'
fi

cat <<END
Entra calls $target for tokens of $# applications.
To stop it at once: az rest --method DELETE --url $GRAPH/identity/authenticationEventListeners/$listener_id
END
