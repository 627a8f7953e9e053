// The workbook "Autoclaim": the five questions that an operator asks first, each a query in questions/ and a picture of
// its answer. Open it from Log Analytics or Azure Monitor, under Workbooks.
param location string
param tags object
param logAnalyticsId string

var hourMs = 3600000

var questions = [
  {
    title: 'Do people get their licenses?'
    picture: 'timechart'
    query: loadTextContent('questions/claims.kql')
  }
  {
    title: 'How long do people wait, in milliseconds?'
    picture: 'timechart'
    query: loadTextContent('questions/waiting.kql')
  }
  {
    title: 'What fails?'
    picture: 'table'
    query: loadTextContent('questions/failing.kql')
  }
  {
    title: 'Is it the storage, or people at the same moment?'
    picture: 'table'
    query: loadTextContent('questions/storage.kql')
  }
  {
    title: 'Where do seats run out?'
    picture: 'table'
    query: loadTextContent('questions/seats.kql')
  }
]

var timeRange = {
  type: 9
  name: 'time range'
  content: {
    version: 'KqlParameterItem/1.0'
    parameters: [
      {
        id: guid(logAnalyticsId, 'TimeRange')
        version: 'KqlParameterItem/1.0'
        name: 'TimeRange'
        label: 'Time'
        type: 4
        isRequired: true
        value: { durationMs: 24 * hourMs }
        typeSettings: {
          selectableValues: [
            { durationMs: hourMs }
            { durationMs: 24 * hourMs }
            { durationMs: 168 * hourMs }
            { durationMs: 720 * hourMs }
          ]
        }
      }
    ]
  }
}

var answers = [for question in questions: {
  type: 3
  name: question.title
  content: {
    version: 'KqlItem/1.0'
    title: question.title
    query: question.query
    visualization: question.picture
    size: 0
    queryType: 0
    resourceType: 'microsoft.operationalinsights/workspaces'
    crossComponentResources: [logAnalyticsId]
    timeContextFromParameter: 'TimeRange'
  }
}]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(logAnalyticsId, 'autoclaim')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Autoclaim'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: logAnalyticsId
    serializedData: string({ version: 'Notebook/1.0', items: concat([timeRange], answers) })
  }
}
