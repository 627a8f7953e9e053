// A storage account that serves one thing: the host's blobs, or the tables with tenants in them. What locks it is
// written once, here: no keys, no public blobs, TLS 1.2, and the app's identity in the one role that it needs.
//
// Tables have no soft delete and no restore to a point in time.
param name string
param location string
param tags object
param sku string

@allowed(['blob', 'table'])
param service string

@description('The containers or tables to make.')
param contents string[]

@description('Whose role over this account is made: the function app\'s identity.')
param principalId string

param endpointName string

@description('The subnet of a private endpoint. Empty: the account is reached over the internet, with a token.')
param endpointSubnetId string

@description('The private DNS zone of the service, if there is such a subnet.')
param dnsZoneId string

var isPrivate = !empty(endpointSubnetId)
var softDeleteDays = 7

// Storage Blob Data Owner, as the host requires for its locks; Storage Table Data Contributor: rows, not accounts.
var roleIds = {
  blob: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  table: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: softDeleteDays }
    containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays }
  }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [for each in contents: if (service == 'blob') {
  parent: blobService
  name: each
  properties: { publicAccess: 'None' }
}]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = if (service == 'table') {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [for each in contents: if (service == 'table') {
  parent: tableService
  name: each
}]

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, principalId, roleIds[service])
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[service])
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = if (isPrivate) {
  name: endpointName
  location: location
  tags: tags
  properties: {
    subnet: { id: endpointSubnetId }
    privateLinkServiceConnections: [
      {
        name: service
        properties: {
          privateLinkServiceId: account.id
          groupIds: [service]
        }
      }
    ]
  }
}

resource dnsRecord 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = if (isPrivate) {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: service
        properties: { privateDnsZoneId: dnsZoneId }
      }
    ]
  }
}
