// What wakes somebody up. Each rule is a query in alerts/ that returns rows only when something is wrong: any row
// alerts, and the alert ends by itself when a run returns none. No query returns TimeGenerated: by such a column rows
// would be put into intervals, and those without a time into none. A rule's name is a section of docs/operate.md, which
// says what it means and what to do.
param actionGroupName string
param location string
param tags object
param logAnalyticsId string
param alertEmail string

// Severity: 1 somebody gets no license, 2 it will come to that, 3 have a look at it by day.
var rules = [
  {
    name: 'Roll-up failed'
    about: 'The hourly roll-up could not keep some tenants up. Reports stay exact and become slower.'
    severity: 3
    every: 'PT15M'
    window: 'PT1H'
    query: loadTextContent('alerts/roll-up-failed.kql')
  }
  {
    name: 'Roll-up missing'
    about: 'No roll-up has come to its end for three hours, or claims have waited for it longer than that.'
    severity: 2
    every: 'PT30M'
    window: 'PT3H'
    query: loadTextContent('alerts/roll-up-missing.kql')
  }
  {
    name: 'Server errors'
    about: 'More than one request in a hundred was answered with a 5xx.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('alerts/server-errors.kql')
  }
  {
    name: 'Sign-ins unanswered'
    about: 'More than one sign-in in a hundred had no outcome in time: these people got no license yet.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('alerts/sign-ins-unanswered.kql')
  }
  {
    name: 'Slow sign-ins'
    about: 'One sign-in in twenty takes longer than a second. Identity providers wait for two.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('alerts/slow-sign-ins.kql')
  }
  {
    name: 'Storage throttled'
    about: 'A storage account refuses requests because there are too many of them.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('alerts/storage-throttled.kql')
  }
  {
    name: 'Processes succeed each other'
    about: 'The process that commits for all is given up again and again. People wait longer.'
    severity: 3
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('alerts/processes-succeed-each-other.kql')
  }
  {
    name: 'Few seats left'
    about: 'A product has fewer than ten licenses left.'
    severity: 3
    every: 'PT1H'
    window: 'P2D' // a tenant that does not change is looked at once a day
    query: loadTextContent('alerts/few-seats-left.kql')
  }
  {
    name: 'Integrity check failed'
    about: 'The nightly check found rows that differ from the journal.'
    severity: 1
    every: 'PT1H'
    window: 'P1D'
    query: loadTextContent('alerts/integrity-check-failed.kql')
  }
  {
    name: 'Integrity check missing'
    about: 'The nightly check has not come to the end of all tenants for 26 hours.'
    severity: 3
    every: 'PT6H'
    window: 'P2D'
    query: loadTextContent('alerts/integrity-check-missing.kql')
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmail)) {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'autoclaim'
    enabled: true
    emailReceivers: [
      {
        name: 'operator'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'Autoclaim ${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Autoclaim: ${rule.name}'
    description: '${rule.about} What to do: docs/operate.md, section "${rule.name}".'
    severity: rule.severity
    enabled: true
    scopes: [logAnalyticsId]
    evaluationFrequency: rule.every
    windowSize: rule.window
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    autoMitigate: true
    skipQueryValidation: true // the workspace is new, and has no rows yet
    actions: { actionGroups: empty(alertEmail) ? [] : [actionGroup.id] }
  }
}]
