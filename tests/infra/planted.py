"""Every check of infra/, with faults that a person could make there and that this check alone must find.

A fault is planted by replacing a piece of text that is there exactly once. Whoever changes such a line moves the fault.
"""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from tests.infra import agreement, ringing, safety, symbols
from tests.infra.model import Infra

Check = Callable[[Infra], Iterable[str]]
"""Gives a sentence for each fault that it finds."""

MODULES: Final = (symbols, safety, agreement, ringing)
"""Where checks are."""

MAIN: Final = "infra/main.bicep"
PARAMETERS: Final = "infra/main.parameters.json"
AZD: Final = "azure.yaml"
ALERTS: Final = "infra/app/alerts.bicep"
APP: Final = "infra/app/function-app.bicep"
PORTAL: Final = "infra/app/portal.bicep"
PORTAL_SH: Final = "infra/entra/portal.sh"
MONITORING: Final = "infra/app/monitoring.bicep"
STORAGE: Final = "infra/app/storage.bicep"
RINGS: Final = "infra/app/alerts"
ASKS: Final = "infra/app/questions"


LINKED: Final = "Microsoft.Web/staticSites/linkedBackends"


class Fault(NamedTuple):
    """In a file, what is put in whose place."""

    file: str
    old: str
    new: str


PLANTED: Final[dict[Check, tuple[Fault, ...]]] = {
    symbols.every_file_parses: (
        Fault(APP, "sku: { name: 'FC1', tier", "sku: { name: 'FC1' tier"),
        Fault(STORAGE, "groupIds: [service]", "groupIds: [service"),
        Fault(ALERTS, "autoMitigate: true", "autoMitigate: true;"),
    ),
    symbols.names_are_declared_and_used: (
        Fault(MAIN, "? [ownTenant] :", "? [homeTenant] :"),
        Fault(APP, "param planName string", "param planName string\nparam skuName string = 'FC1'"),
        Fault(MAIN, "uniqueString(", "uniqueText("),
    ),
    symbols.modules_get_what_they_ask_for: (
        Fault(MAIN, "    packageContainer: packageContainer\n", ""),
        Fault(MAIN, "    sku: dataStorageSku\n", "    sku: dataStorageSku\n    tier: 'Hot'\n"),
        Fault(MAIN, "sku: 'Standard_LRS'", "sku: 1"),
        Fault(MAIN, "contents: [packageContainer]", "contents: packageContainer"),
        Fault(MAIN, "service: 'blob'", "service: 'blobs'"),
        Fault(MAIN, "monitoring.outputs.connectionString", "monitoring.outputs.connection"),
        Fault(MAIN, "'app/workbook.bicep'", "'app/dashboard.bicep'"),
    ),
    symbols.parameters_can_be_set: (
        Fault(PARAMETERS, "${ALERT_EMAIL}", "${ALERT_MAIL}"),
        Fault(PARAMETERS, "${INSTANCE_MEMORY_MB=2048}", "${INSTANCE_MEMORY_MB=4096}"),
        Fault(PARAMETERS, '"useVirtualNetwork"', '"virtualNetwork"'),
        Fault(MAIN, "output TABLE_ENDPOINTS array", "output DATA_STORAGE_ACCOUNTS array"),
    ),
    symbols.what_is_loaded_is_there: (
        Fault(MAIN, "${abbreviations.virtualNetwork}", "${abbreviations.vnet}"),
        Fault(ALERTS, "alerts/slow-sign-ins.kql", "alerts/slow.kql"),
    ),
    safety.types_are_known: (
        Fault(APP, "Microsoft.Web/serverfarms@2024-04-01", "Microsoft.Web/serverfarms@2024-05-01"),
        Fault(ALERTS, "skipQueryValidation: true", "skipValidation: true"),
        Fault(PORTAL, "Microsoft.Web/staticSites@2024-04-01", "Microsoft.Web/staticSites@2024-04-02"),
        Fault(PORTAL, "output url", f"resource api '{LINKED}@2024-04-01' = {{\n  parent: site\n}}\n\noutput url"),
    ),
    safety.everything_is_locked: (
        Fault(STORAGE, "allowSharedKeyAccess: false", "allowSharedKeyAccess: true"),
        Fault(STORAGE, "allowBlobPublicAccess: false", "allowBlobPublicAccess: true"),
        Fault(STORAGE, "    allowCrossTenantReplication: false\n", ""),
        Fault(STORAGE, "minimumTlsVersion: 'TLS1_2'", "minimumTlsVersion: 'TLS1_1'"),
        Fault(STORAGE, "supportsHttpsTrafficOnly: true", "supportsHttpsTrafficOnly: false"),
        Fault(STORAGE, "isPrivate ? 'Disabled' : 'Enabled'", "'Enabled'"),
        Fault(STORAGE, "isPrivate ? 'Deny' : 'Allow'", "'Allow'"),
        Fault(STORAGE, "deleteRetentionPolicy: { enabled: true, days: softDeleteDays }\n    container", "container"),
        Fault(
            STORAGE,
            "containerDeleteRetentionPolicy: { enabled: true",
            "containerDeleteRetentionPolicy: { enabled: false",
        ),
        Fault(STORAGE, "publicAccess: 'None'", "publicAccess: 'Blob'"),
        Fault(APP, "httpsOnly: true", "httpsOnly: false"),
        Fault(APP, "      minTlsVersion: '1.2'", "      minTlsVersion: '1.0'"),
        Fault(APP, "scmMinTlsVersion: '1.2'", "scmMinTlsVersion: '1.1'"),
        Fault(APP, "ftpsState: 'Disabled'", "ftpsState: 'FtpsOnly'"),
        Fault(APP, "allowedOrigins: allowedOrigins, ", "allowedOrigins: union(['*'], allowedOrigins), "),
        Fault(APP, "supportCredentials: false", "supportCredentials: true"),
        Fault(APP, "type: 'UserAssigned'\n", "type: 'SystemAssigned'\n"),
        Fault(APP, "type: 'UserAssignedIdentity'", "type: 'StorageAccountConnectionString'"),
        Fault(APP, "name: 'ftp'\n  properties: { allow: false }", "name: 'ftp'\n  properties: { allow: true }"),
        Fault(PORTAL, "stagingEnvironmentPolicy: 'Disabled'", "stagingEnvironmentPolicy: 'Enabled'"),
        Fault(MONITORING, "DisableLocalAuth: true", "DisableLocalAuth: false"),
        Fault(MONITORING, "    features: { disableLocalAuth: true }\n", ""),
    ),
    safety.passwords_are_off_on_both_doors: (Fault(APP, "name: 'scm'", "name: 'ftp'"),),
    safety.a_virtual_network_hides_the_storage: (
        Fault(MAIN, "useVirtualNetwork ? network.outputs.appS", "!useVirtualNetwork ? network.outputs.appS"),
        Fault(STORAGE, "var isPrivate = !empty", "var isPrivate = empty"),
    ),
    safety.the_pages_may_call_the_api_and_nobody_else: (
        Fault(MAIN, "union(allowedOrigins, portal ?", "union(['*'], allowedOrigins, portal ?"),
        Fault(MAIN, "portal ? [portalSite.outputs.url] : []", "!portal ? [portalSite.outputs.url] : []"),
        Fault(MAIN, "= if (portal) {", "= if (useVirtualNetwork) {"),
        Fault(PORTAL, "defaultHostname}'", "defaultHostname}/'"),
    ),
    safety.nothing_is_secret: (
        Fault(STORAGE, "  name: guid(account.id,", "  name: guid(account.listKeys().keys[0].value,"),
    ),
    safety.roles_are_the_least: (
        Fault(MONITORING, "scope: applicationInsights", "scope: logAnalytics"),
        Fault(MONITORING, "3913510d-42f4-4e42-8a64-420c390055eb", "b24988ac-6180-42a0-ab88-20f7382dd24c"),
        Fault(STORAGE, "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "17d1049b-9a84-46fb-8f53-869881c3d3ab"),
    ),
    safety.roles_come_before_the_app: (
        Fault(MAIN, "dependsOn: [hostStorage, dataStorage]", "dependsOn: [hostStorage]"),
    ),
    safety.everything_is_tagged: (
        Fault(APP, "  name: planName\n  location: location\n  tags: tags", "  name: planName\n  location: location"),
    ),
    agreement.settings_are_those_of_the_code: (
        Fault(MAIN, "  LOG_USER_IDS: logUserIds", "  LOG_IDS: logUserIds"),
        Fault(APP, "AzureWebJobsStorage__credential", "AzureWebJobsStorage__auth"),
    ),
    agreement.the_app_takes_its_settings: (
        Fault(MAIN, "  jwksUrl: '", "  keysUrl: '"),
        Fault(MAIN, "TELEMETRY: 'azure-monitor'", "TELEMETRY: 'console'"),
    ),
    agreement.defaults_are_those_of_the_code: (Fault(MAIN, "@minValue(90)", "@minValue(30)"),),
    agreement.timers_have_schedules: (Fault(MAIN, "'0 */10 2-3 * * *'", "'*/10 2-3 * * *'"),),
    agreement.tables_are_those_of_the_code: (
        Fault(MAIN, "['ledger', 'reports']", "['ledger', 'report']"),
        Fault(MAIN, "service: 'table'", "service: 'blob'"),
    ),
    agreement.python_is_the_tested_one: (Fault(APP, "version: '3.11'", "version: '3.12'"),),
    agreement.azd_finds_the_app: (
        Fault(AZD, "  api:\n", "  web:\n"),
        Fault(AZD, "language: python", "language: js"),
        Fault(AZD, "run: make package", "run: make packages"),
        Fault(AZD, "dist: dist", "dist: build"),
        Fault(AZD, "${PORTAL=true}", "${PORTAL}"),
        Fault(AZD, "node scripts/configure.mjs", "node configure.mjs"),
        Fault(PORTAL, "'azd-service-name': 'portal'", "'azd-service-name': 'web'"),
    ),
    agreement.the_pages_are_built_and_then_configured: (
        Fault(AZD, "predeploy:", "postpackage:"),
        Fault(MAIN, "output API_URL string", "output API_ADDRESS string"),
        Fault(MAIN, "output PORTAL_URL string", "output PAGES_URL string"),
        Fault(PORTAL_SH, "azd env set PORTAL_SCOPE", "azd env set SCOPE"),
    ),
    agreement.queries_name_what_there_is: (
        Fault(f"{ASKS}/storage.kql", "'autoclaim.queue.wait'", "'autoclaim.queue.waits'"),
        Fault(f"{ASKS}/waiting.kql", "/token-issuance-start'", "/token-issued', '/api/sign-ins'"),
    ),
    ringing.alerts_ring_when_they_must: (
        Fault(f"{RINGS}/few-seats-left.kql", "| where Sum < 10", "| where Sum < 1"),
        Fault(f"{RINGS}/server-errors.kql", "Failed >= 5 and ", ""),
        Fault(f"{RINGS}/server-errors.kql", " and Failed * 100 > Requests", ""),
        Fault(f"{RINGS}/roll-up-missing.kql", "arg_max(TimeGenerated, Sum)", "Sum = max(Sum)"),
        Fault(ALERTS, "every: 'PT6H'\n    window: 'P2D'", "every: 'PT6H'\n    window: 'PT6H'"),
        Fault(f"{RINGS}/slow-sign-ins.kql", "DurationMs", "Duration"),
    ),
    ringing.alerts_return_no_time: (
        Fault(f"{RINGS}/few-seats-left.kql", "| project Tenant, ", "| project TimeGenerated, "),
    ),
    ringing.questions_have_answers: (Fault(f"{ASKS}/seats.kql", "| project Tenant, ", "| project TenantId, "),),
    ringing.rules_tell_somebody: (
        Fault(ALERTS, "threshold: 0", "threshold: 5"),
        Fault(ALERTS, "[actionGroup.id]", "[]"),
    ),
    ringing.rules_look_in_time: (Fault(ALERTS, "every: 'PT6H'", "every: 'PT8H'"),),
}
