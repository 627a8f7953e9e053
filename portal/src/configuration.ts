/** What the pages are told at their start by /portal.json: it differs by site and holds no secret. */
export interface Configuration {
  /** Where the API is: a path of this origin, or a whole URL. */
  api: string;
  signIn: DevelopmentConfiguration | EntraConfiguration;
}

export interface DevelopmentConfiguration {
  kind: 'development';
}

export interface EntraConfiguration {
  kind: 'entra';
  /** The client id of the pages' own app registration. */
  clientId: string;
  /** https://login.microsoftonline.com/<tenant>, or …/organizations. */
  authority: string;
  /** The API's scope, such as api://<id>/access_as_user. */
  scope: string;
}

/** Reads the configuration. Throws when there is none: nothing can be shown then. */
export async function readConfiguration(): Promise<Configuration> {
  const response = await fetch('/portal.json');
  if (!response.ok) throw new Error(`/portal.json answers ${response.status.toString()}`);
  return (await response.json()) as Configuration;
}
