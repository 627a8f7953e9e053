// Everything that Autoclaim runs on, in one resource group. `azd up` deploys it; azd fills the parameters from
// main.parameters.json, and so from its environment (`azd env set ALERT_EMAIL …`).
//
// Nobody holds a key. The function app has one managed identity, and that identity has three roles: over the blobs of
// the host's account, over the tables of the data accounts, and to publish telemetry. There is no Key Vault because
// there is no secret to keep: function keys are the host's own, in its account's blobs.
//
// The tables are made here, so nothing has to be run after a deployment. All of this is checked by tests/infra, offline.
// `az bicep build` has not been run on it, and it has not been deployed yet.
targetScope = 'subscription'

@description('Names this deployment: its resource group, and what is in it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('The Azure region. It must offer the Flex Consumption plan.')
@minLength(1)
@metadata({ azd: { type: 'location' } })
param location string

@description('The `aud` of tokens for this API, comma-separated: the client id that infra/entra/register.sh prints.')
@minLength(1)
param apiAudiences string

@description('Whose tokens are believed: the entries of TRUSTED_ISSUERS. Empty: this Entra tenant, for itself.')
param trustedIssuers array = []

@description('What links in answers start with, behind a gateway. Empty: the host that was asked.')
param publicUrl string = ''

@description('Whether the administrator\'s pages are served, by a static web app.')
param portal bool = true

@description('Where that static web app is kept: the five regions that offer one. Its files are served everywhere.')
@allowed(['westus2', 'centralus', 'eastus2', 'westeurope', 'eastasia'])
param portalLocation string = 'westeurope'

@description('Further origins that may call the API from a browser: a portal of your own, or the pages\' own domain.')
param allowedOrigins string[] = []

@description('How many days the journal and the daily counts are kept.')
@minValue(90)
@maxValue(999999)
param retentionDays int = 400

@description('How user ids appear in logs.')
@allowed(['plain', 'hashed'])
param logUserIds string = 'plain'

@description('Who is told of alerts. Empty: they are shown in the portal only.')
param alertEmail string = ''

@description('Memory of an instance; CPU comes with it.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Requests that one instance takes at once. High: what waits together is committed together.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 500

@description('The most instances. Few: each further one makes the others\' commits collide more often.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

// A cold start may take longer than the two seconds that Microsoft Entra waits. An instance that is always ready is billed
// for its memory all the time: a month of 30 days is instanceMemoryMB / 1024 × 2,592,000 GB-seconds. Others read a price of
// 0.000004 US dollars for one in East US 2 in September 2026 (some 21 dollars a month for 2048 MB). For your region and day,
// ask the Azure Retail Prices API for the meter "Always Ready Baseline" of Functions, Flex Consumption.
@description('Instances that are kept warm, and paid for, all the time.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int = 1

@description('Storage accounts with tenants in them. The first is everybody\'s default and must stay the first.')
@minValue(1)
@maxValue(20)
param dataStorageAccounts int = 1

@description('How data is replicated. Zone-redundant where the region has zones, else Standard_GRS or Standard_LRS.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param dataStorageSku string = 'Standard_ZRS'

@description('Which tenants live in the second, the third … data account: a list of tenant ids for each.')
param tableAccountTenants array = []

@description('Whether storage is reached through a virtual network only.')
param useVirtualNetwork bool = false

var abbreviations = loadJsonContent('abbreviations.json')
var token = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName }

var hostAccountName = '${abbreviations.storageAccount}host${token}'
var packageContainer = 'packages'
var dataAccountNames = [for i in range(0, dataStorageAccounts): '${abbreviations.storageAccount}data${token}${i}']
var tableEndpoints = [for name in dataAccountNames: 'https://${name}.table.${environment().suffixes.storage}']
var furtherAccounts = [for i in range(1, dataStorageAccounts - 1): {
  url: tableEndpoints[i]
  tenants: tableAccountTenants[?i - 1] ?? []
}]

var loginEndpoint = environment().authentication.loginEndpoint
var tenantId = tenant().tenantId
var ownTenant = {
  issuer: '${loginEndpoint}${tenantId}/v2.0'
  tenants: [tenantId]
  jwksUrl: '${loginEndpoint}${tenantId}/discovery/v2.0/keys'
}

// What functions/settings/environment.py reads. Left out: TABLES_CONNECTION_STRING, because keys are off, and the four role sets,
// which default to what README says; to change one, add it here.
var settings = {
  TABLES_URL: tableEndpoints[0]
  TABLES_ACCOUNTS: string(furtherAccounts)
  TABLES_IDENTITY_CLIENT_ID: identity.outputs.clientId
  API_AUDIENCES: apiAudiences
  TRUSTED_ISSUERS: string(empty(trustedIssuers) ? [ownTenant] : trustedIssuers)
  PUBLIC_URL: publicUrl
  RETENTION_DAYS: string(retentionDays)
  REPORT_ROLLUP_SCHEDULE: '0 10 * * * *' // hourly
  INTEGRITY_CHECK_SCHEDULE: '0 */10 2-3 * * *' // nightly, UTC: twelve runs, of which a round takes as many as it must
  TELEMETRY: 'azure-monitor'
  LOG_USER_IDS: logUserIds
  APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
}

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: '${abbreviations.identity}${token}'
    location: location
    tags: tags
  }
}

module network 'app/network.bicep' = if (useVirtualNetwork) {
  name: 'network'
  scope: group
  params: {
    name: '${abbreviations.virtualNetwork}${token}'
    location: location
    tags: tags
  }
}

module hostStorage 'app/storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    name: hostAccountName
    location: location
    tags: tags
    sku: 'Standard_LRS' // the package and the host's locks: deployed again, not restored
    service: 'blob'
    contents: [packageContainer]
    principalId: identity.outputs.principalId
    endpointName: '${abbreviations.privateEndpoint}${hostAccountName}'
    endpointSubnetId: useVirtualNetwork ? network.outputs.endpointSubnetId : ''
    dnsZoneId: useVirtualNetwork ? network.outputs.blobZoneId : ''
  }
}

module dataStorage 'app/storage.bicep' = [for (name, i) in dataAccountNames: {
  name: 'data-storage-${i}'
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    sku: dataStorageSku
    service: 'table'
    contents: ['ledger', 'reports']
    principalId: identity.outputs.principalId
    endpointName: '${abbreviations.privateEndpoint}${name}'
    endpointSubnetId: useVirtualNetwork ? network.outputs.endpointSubnetId : ''
    dnsZoneId: useVirtualNetwork ? network.outputs.tableZoneId : ''
  }
}]

module monitoring 'app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    logAnalyticsName: '${abbreviations.logAnalytics}${token}'
    applicationInsightsName: '${abbreviations.applicationInsights}${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module alerts 'app/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    actionGroupName: '${abbreviations.actionGroup}${token}'
    location: location
    tags: tags
    logAnalyticsId: monitoring.outputs.logAnalyticsId
    alertEmail: alertEmail
  }
}

module workbook 'app/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    logAnalyticsId: monitoring.outputs.logAnalyticsId
  }
}

// Before the app, which has to know the pages' origin. They learn the API's address when they are deployed.
module portalSite 'app/portal.bicep' = if (portal) {
  name: 'portal'
  scope: group
  params: {
    name: '${abbreviations.staticWebApp}${token}'
    location: portalLocation
    tags: tags
  }
}

// The accounts come first, with the roles over them: an app that starts before its roles finds every door shut.
module functionApp 'app/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: '${abbreviations.functionApp}${token}'
    planName: '${abbreviations.plan}${token}'
    location: location
    tags: tags
    settings: settings
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostAccountName: hostAccountName
    packageContainer: packageContainer
    subnetId: useVirtualNetwork ? network.outputs.appSubnetId : ''
    allowedOrigins: union(allowedOrigins, portal ? [portalSite.outputs.url] : [])
    instanceMemoryMB: instanceMemoryMB
    httpConcurrency: httpConcurrency
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
  }
  dependsOn: [hostStorage, dataStorage]
}

// azd keeps outputs in the same environment that it fills parameters from: no output may have a parameter's name.
output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP_NAME string = functionApp.outputs.name
output API_URL string = '${empty(publicUrl) ? functionApp.outputs.url : publicUrl}/api'
output PORTAL_URL string = portal ? portalSite.outputs.url : ''
output TABLE_ENDPOINTS array = tableEndpoints
output FUNCTION_KEY_COMMAND string = 'az functionapp keys list --resource-group ${group.name} --name ${functionApp.outputs.name} --query functionKeys.default --output tsv'
