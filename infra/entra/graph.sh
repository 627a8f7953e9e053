# shellcheck shell=bash
# What register.sh, portal.sh and extension.sh share: one way to call Microsoft Graph, and to find what an earlier run has made.
# It is read by them, not run.

GRAPH=https://graph.microsoft.com/v1.0

# graph METHOD PATH [more arguments of `az rest`]
# The answer goes to stdout; whatever is not a success ends the script with what Graph said.
graph() {
  az rest --only-show-errors --method "$1" --url "$GRAPH/$2" "${@:3}"
}

# at_most_one WHAT IDS
# Prints the one id of a list with one id a line, or nothing. Several mean that somebody else made one, too: which of
# them is meant is not guessed.
at_most_one() {
  if [ "$(printf '%s' "$2" | grep -c .)" -gt 1 ]; then
    echo "There are several $1; delete all but one, or say which is meant:" >&2
    printf '%s\n' "$2" >&2
    return 1
  fi
  printf '%s' "$2"
}

# registration_named NAME REMEDY
# Prints the client id of the one registration of that name, or nothing; of several, none is guessed.
registration_named() {
  local found
  # A quote is doubled in a filter.
  found=$(az ad app list --only-show-errors --filter "displayName eq '${1//\'/\'\'}'" --query '[].appId' --output tsv)
  at_most_one "registrations named '$1' ($2)" "$found"
}

# has_line LINES LINE
has_line() {
  printf '%s\n' "$1" | grep -qxF -- "$2"
}

# service_principal CLIENT_ID
# Prints the object id of the registration's service principal in this tenant, which is made if it is missing.
service_principal() {
  az ad sp show --only-show-errors --id "$1" --query id --output tsv 2>/dev/null ||
    az ad sp create --only-show-errors --id "$1" --query id --output tsv
}

# add_identifier_uri CLIENT_ID URI
# Afterwards tokens can be asked for under that name, too. The names that are there stay.
add_identifier_uri() {
  local uris
  uris=$(az ad app show --only-show-errors --id "$1" --query identifierUris --output tsv)
  if ! has_line "$uris" "$2"; then
    # An identifier URI has no blanks, so the list may be split at them.
    # shellcheck disable=SC2086
    az ad app update --only-show-errors --id "$1" --identifier-uris $uris "$2"
  fi
}
