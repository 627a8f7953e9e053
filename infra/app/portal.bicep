// The administrator's pages: a static web app, which can set headers such as the Content-Security-Policy; a storage
// account's static site cannot. The function app is not linked to it: a linked API gets another `Authorization` than
// the browser sent. So the pages call the function app themselves, as one of its allowed origins.
//
// There are no data in it, only files that everybody may read. Those are served from all over the world; `location` is
// where the resource itself is kept.
param name string
param location string
param tags object

resource site 'Microsoft.Web/staticSites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'portal' })
  sku: { name: 'Free', tier: 'Free' }
  properties: {
    provider: 'Custom' // azd uploads what was built; Azure builds nothing
    stagingEnvironmentPolicy: 'Disabled' // one site, one origin
  }
}

output url string = 'https://${site.properties.defaultHostname}'
