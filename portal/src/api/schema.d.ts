// Made by `npm run generate` from the API's OpenAPI document. Do not edit.

export interface paths {
  '/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tell the administrator who asks what the token says
     * @description For administrators who may read.
     */
    get: operations['get_me'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/settings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the tenant's settings
     * @description For administrators who may read.
     */
    get: operations['get_settings'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Turn the feature on or off
     * @description Off, nobody claims from that moment, and nobody loses a license. For administrators who may manage.
     */
    patch: operations['update_settings'];
    trace?: never;
  };
  '/apps': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the apps, by id
     * @description For administrators who may read.
     */
    get: operations['list_apps'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/apps/{appId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an app
     * @description For administrators who may read.
     */
    get: operations['get_app'];
    /**
     * Make an app, or replace it
     * @description For administrators who may manage.
     */
    put: operations['put_app'];
    post?: never;
    /**
     * Delete an app that no policy uses
     * @description For administrators who may manage.
     */
    delete: operations['delete_app'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/products': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the products, by display name
     * @description For administrators who may read.
     */
    get: operations['list_products'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/products/{skuId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a product
     * @description For administrators who may read.
     */
    get: operations['get_product'];
    /**
     * Make a product, or replace it
     * @description Holders of its licenses have what it has from then on. For administrators who may manage.
     */
    put: operations['put_product'];
    post?: never;
    /**
     * Delete a product that no policy has and no user holds
     * @description For administrators who may manage.
     */
    delete: operations['delete_product'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policies': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the policies, by name
     * @description For administrators who may read.
     */
    get: operations['list_policies'];
    put?: never;
    /**
     * Make a policy for an app that has none
     * @description For administrators who may manage.
     */
    post: operations['create_policy'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/policies/{policyId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a policy
     * @description For administrators who may read.
     */
    get: operations['get_policy'];
    put?: never;
    post?: never;
    /**
     * Delete a policy
     * @description Licenses that it gave stay. For administrators who may manage.
     */
    delete: operations['delete_policy'];
    options?: never;
    head?: never;
    /**
     * Rename a policy, turn it on or off, choose its products and their service plans
     * @description Acts on later claims only. For administrators who may manage.
     */
    patch: operations['update_policy'];
    trace?: never;
  };
  '/policies/{policyId}/claims': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List who claimed under a policy, newest first
     * @description For administrators who may read.
     */
    get: operations['list_policy_claims'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/reports/auto-claim/licenses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List every license that a policy assigned in the period, newest first; with Accept: text/csv as a file
     * @description For administrators who may read.
     */
    get: operations['list_claimed_licenses'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/reports/auto-claim': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Report claims by policy, product and day
     * @description For administrators who may read.
     */
    get: operations['get_report'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit-log': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List every change, newest first, as far back as the journal is kept
     * @description For administrators who may read.
     */
    get: operations['list_audit_log'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/integrity': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Replay the journal against the rows, a bounded part in each call; nextLink goes on
     * @description For administrators who may manage.
     */
    get: operations['get_integrity'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Find users by the beginning of id, principal name or display name
     * @description For administrators who may read.
     */
    get: operations['list_users'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/products/{skuId}/licenses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List who holds a product
     * @description For administrators who may read.
     */
    get: operations['list_product_licenses'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/{userId}/licenses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read all licenses of a user
     * @description One never seen has none. For administrators who may read.
     */
    get: operations['list_user_licenses'];
    put?: never;
    post?: never;
    /**
     * Take back all licenses of a user
     * @description For administrators who may manage.
     */
    delete: operations['delete_user_licenses'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/{userId}/licenses/{skuId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Give a user a license, or choose the service plans of the one held: where that came from stays
     * @description For administrators who may manage.
     */
    put: operations['put_user_license'];
    post?: never;
    /**
     * Take a license back
     * @description Its seat is free at once. For administrators who may manage.
     */
    delete: operations['delete_user_license'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sign-ins': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tell of a sign-in
     * @description The user gets a license if a policy has one for the app and the user is without. For sources of sign-ins with a function key.
     */
    post: operations['sign_in'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/sign-ins/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tell of up to 100 sign-ins
     * @description Each is answered in its place with a status, as it would be alone.
     *
     *     They are decided in their order, and none fails with another. A 503 may have been done: send that sign-in again.
     *     A batch has 64 KiB at most, as every body. For sources of sign-ins with a function key.
     */
    post: operations['sign_in_batch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/entra/token-issuance-start': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Claim a license for whoever signs in, and put the outcome into the token
     * @description For Microsoft Entra's custom authentication extension.
     */
    post: operations['token_issuance_start'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tell whether the storage answers
     * @description For anyone.
     */
    get: operations['get_health'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Show a page to read this description and to try the API with a token
     * @description For anyone.
     */
    get: operations['get_docs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/{file}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a file of the page
     * @description For anyone.
     */
    get: operations['get_docs_file'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Describe this API in OpenAPI 3.1
     * @description For anyone.
     */
    get: operations['get_openapi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description Who made a change. */
    ActorAnswer: {
      /** @enum {string} */
      kind: 'administrator' | 'signIn';
      id?: string;
      name?: string;
    };
    /** @description What users sign in to. */
    AppAnswer: {
      etag: string;
      id: string;
      name: string;
      clientAppIds: string[];
      servicePlanIds: string[];
    };
    /** @description A page of apps. */
    AppList: {
      value: components['schemas']['AppAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
    /** @description Every writable field of an app. */
    AppWrite: {
      name: string;
      clientAppIds: string[];
      servicePlanIds: string[];
    };
    /** @description One thing done. `sequence` is the commit's: the claims of one commit share it. */
    AuditEntryAnswer: {
      sequence: number;
      /** Format: date-time */
      at: string;
      actor: components['schemas']['ActorAnswer'];
      action: string;
      target: string;
      details?: {
        [key: string]: unknown;
      };
    };
    /** @description A page of the audit log. */
    AuditList: {
      value: components['schemas']['AuditEntryAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
    /** @description The sign-in. */
    AuthenticationContext: {
      correlationId?: string | unknown;
      clientServicePrincipal?: components['schemas']['ServicePrincipal'] | unknown;
      resourceServicePrincipal?: components['schemas']['ServicePrincipal'] | unknown;
      user: components['schemas']['EventUser'];
    };
    /** @description A claim. Names are as they were at the claim; `held` is false once the license was taken back. */
    ClaimAnswer: {
      userId: string;
      userPrincipalName?: string;
      displayName?: string;
      /** Format: uuid */
      skuId: string;
      productName: string;
      assigningOrder: number;
      /** Format: date-time */
      claimedAt: string;
      held: boolean;
    };
    /** @description A page of claims. It may be short or empty and still have a next. */
    ClaimList: {
      value: components['schemas']['ClaimAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
    /** @description Claims of one UTC day. */
    DayAnswer: {
      /** Format: date */
      date: string;
      claims: number;
      products: components['schemas']['DayProductAnswer'][];
    };
    /** @description How often a product was claimed on a day. */
    DayProductAnswer: {
      /** Format: uuid */
      skuId: string;
      claims: number;
    };
    /** @description Two things that should agree and do not. */
    DiscrepancyAnswer: {
      kind: string;
      target: string;
      message: string;
    };
    /** @description The body of every error. */
    ErrorAnswer: {
      error: components['schemas']['ErrorContent'];
    };
    /** @description What went wrong: a code to rely on, and a message for people. */
    ErrorContent: {
      code: string;
      message: string;
      target?: string;
      details?: components['schemas']['ErrorDetail'][];
    };
    /** @description One fault of several. */
    ErrorDetail: {
      code: string;
      message: string;
      target: string;
    };
    /** @description The claims for the token. Values are never null or empty. */
    EventClaims: {
      autoClaimOutcome: string;
      /** Format: uuid */
      autoClaimSkuId?: string;
    };
    /** @description The event's data. */
    EventData: {
      /** Format: uuid */
      tenantId: string;
      authenticationContext: components['schemas']['AuthenticationContext'];
    };
    /** @description The answer to the event. */
    EventResponse: {
      data: components['schemas']['EventResponseData'];
    };
    /** @description What Entra is to do. */
    EventResponseData: {
      /** @default microsoft.graph.onTokenIssuanceStartResponseData */
      '@odata.type': string;
      actions: components['schemas']['ProvideClaims'][];
    };
    /** @description Who signs in. */
    EventUser: {
      id: string;
      userPrincipalName?: string | unknown;
      displayName?: string | unknown;
    };
    /** @description Whether the app can work. */
    HealthAnswer: {
      /** @enum {string} */
      status: 'ok' | 'unavailable';
      /** @enum {string} */
      storage: 'ok' | 'unavailable';
      version: string;
    };
    /** @description A user who holds a product, and the license. */
    HolderAnswer: {
      /** Format: uuid */
      skuId: string;
      productName: string;
      disabledServicePlanIds: string[];
      /** Format: date-time */
      assignedAt: string;
      assignedBy: components['schemas']['OriginAnswer'];
      userId: string;
      userPrincipalName?: string;
      displayName?: string;
    };
    /** @description A page of a product's holders. It may be short or empty and still have a next. */
    HolderList: {
      value: components['schemas']['HolderAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
    /** @description What a check found: in this call, and whether all was well so far. */
    IntegrityAnswer: {
      ok: boolean;
      complete: boolean;
      /** Format: date-time */
      checkedAt: string;
      users: number;
      licenses: number;
      journalEntries: number;
      discrepancies: components['schemas']['DiscrepancyAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
    /** @description One product held by one user. */
    LicenseAnswer: {
      /** Format: uuid */
      skuId: string;
      productName: string;
      disabledServicePlanIds: string[];
      /** Format: date-time */
      assignedAt: string;
      assignedBy: components['schemas']['OriginAnswer'];
    };
    /** @description A license for a user: which service plans are off. */
    LicenseWrite: {
      disabledServicePlanIds?: string[];
    };
    /** @description The administrator who asks, and what the administrator may do. */
    MeAnswer: {
      /** Format: uuid */
      tenantId: string;
      id: string;
      name?: string;
      rights: string[];
    };
    /** @description Where a license came from: a policy's claim, or an administrator. */
    OriginAnswer: {
      /** @enum {string} */
      kind: 'policy' | 'administrator';
      /** Format: uuid */
      policyId?: string;
      policyName?: string;
      id?: string;
      name?: string;
    };
    /** @description What came of a sign-in, in order of precedence: the first that is true is the answer. One of featureOff, noPolicy, policyOff, alreadyLicensed, appTurnedOff, noLicenses, claimed; more may be added. */
    Outcome: string;
    /** @description A policy, with the licenses that are free for it and those that users hold by its claims. */
    PolicyAnswer: {
      etag: string;
      id: string;
      name: string;
      appId: string;
      appName: string;
      enabled: boolean;
      products: components['schemas']['PolicyProductAnswer'][];
      availableLicenses: number;
      claimedLicenses: number;
      /** Format: date-time */
      createdAt: string;
      createdBy: components['schemas']['ActorAnswer'];
      /** Format: date-time */
      modifiedAt: string;
      modifiedBy: components['schemas']['ActorAnswer'];
    };
    /** @description A claim, and the policy that it was made under. */
    PolicyClaimAnswer: {
      userId: string;
      userPrincipalName?: string;
      displayName?: string;
      /** Format: uuid */
      skuId: string;
      productName: string;
      assigningOrder: number;
      /** Format: date-time */
      claimedAt: string;
      held: boolean;
      /** Format: uuid */
      policyId: string;
      policyName: string;
    };
    /** @description A page of claims under several policies. */
    PolicyClaimList: {
      value: components['schemas']['PolicyClaimAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
    /** @description A new policy. `products` is in assigning order: the primary first, then up to four backups. */
    PolicyCreation: {
      name: string;
      appId: string;
      products: components['schemas']['PolicyProductWrite'][];
      /** @default true */
      enabled: boolean;
    };
    /** @description A page of policies. */
    PolicyList: {
      value: components['schemas']['PolicyAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
    /** @description A product of a policy. */
    PolicyProductAnswer: {
      /** Format: uuid */
      skuId: string;
      skuPartNumber: string;
      displayName: string;
      disabledServicePlanIds: string[];
      availableLicenses: number;
    };
    /** @description A product of a policy, and the service plans that are off in the licenses that it gives. */
    PolicyProductWrite: {
      /** Format: uuid */
      skuId: string;
      disabledServicePlanIds?: string[];
    };
    /** @description What was claimed under one policy. */
    PolicyReportAnswer: {
      /** Format: uuid */
      policyId: string;
      policyName: string;
      appName: string;
      deleted: boolean;
      totalClaims: number;
      products: components['schemas']['ProductClaimsAnswer'][];
      days: components['schemas']['DayAnswer'][];
    };
    /** @description What to change of a policy. `products` is the whole list in its new order. */
    PolicyUpdate: {
      name?: string;
      enabled?: boolean;
      products?: components['schemas']['PolicyProductWrite'][];
    };
    /** @description A product, with the licenses that users hold and those that are free. */
    ProductAnswer: {
      etag: string;
      /** Format: uuid */
      skuId: string;
      skuPartNumber: string;
      displayName: string;
      totalLicenses: number;
      assignedLicenses: number;
      availableLicenses: number;
      servicePlans: components['schemas']['ServicePlanAnswer'][];
    };
    /** @description How often a product was claimed under a policy in the period. */
    ProductClaimsAnswer: {
      /** Format: uuid */
      skuId: string;
      displayName: string;
      claims: number;
    };
    /** @description A page of products. */
    ProductList: {
      value: components['schemas']['ProductAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
    /** @description Every writable field of a product. */
    ProductWrite: {
      skuPartNumber: string;
      displayName: string;
      totalLicenses: number;
      servicePlans: components['schemas']['ServicePlanWrite'][];
    };
    /** @description The action: put claims into the token. */
    ProvideClaims: {
      /** @default microsoft.graph.tokenIssuanceStart.provideClaimsForToken */
      '@odata.type': string;
      claims: components['schemas']['EventClaims'];
    };
    /** @description What was claimed in a period. `from` and `to` are days, both included. */
    ReportAnswer: {
      period: number;
      /** Format: date */
      from: string;
      /** Format: date */
      to: string;
      /** Format: date-time */
      generatedAt: string;
      /** Format: date-time */
      rolledUpTo?: string;
      totalClaims: number;
      policies: components['schemas']['PolicyReportAnswer'][];
    };
    /** @description One service plan of a product. */
    ServicePlanAnswer: {
      /** Format: uuid */
      servicePlanId: string;
      servicePlanName: string;
      displayName: string;
    };
    /** @description One service plan of a product. */
    ServicePlanWrite: {
      /** Format: uuid */
      servicePlanId: string;
      servicePlanName: string;
      displayName: string;
    };
    /** @description The app that a token is for, or the app that asks for it. */
    ServicePrincipal: {
      appId?: string | unknown;
    };
    /** @description The settings of a tenant. */
    SettingsAnswer: {
      etag: string;
      autoClaimEnabled: boolean;
    };
    /** @description What to change of the settings. */
    SettingsUpdate: {
      autoClaimEnabled?: boolean;
    };
    /** @description What came of one sign-in of several: as it would be answered alone. */
    SettledSignIn: {
      outcome: components['schemas']['Outcome'];
      /** Format: uuid */
      policyId?: string;
      license?: components['schemas']['LicenseAnswer'];
      reason: string;
      /**
       * @default 200
       * @constant
       */
      status: 200;
    };
    /** @description What came of a sign-in. */
    SignInAnswer: {
      outcome: components['schemas']['Outcome'];
      /** Format: uuid */
      policyId?: string;
      license?: components['schemas']['LicenseAnswer'];
      reason: string;
    };
    /** @description Several sign-ins, of one tenant or of several. One that does not fit is kept as it came: it spoils no other. */
    SignInBatch: {
      signIns: (components['schemas']['SignInEvent'] | unknown)[];
    };
    /** @description What came of each sign-in, in the order in which they were sent. */
    SignInBatchAnswer: {
      results: (components['schemas']['SettledSignIn'] | components['schemas']['UnsettledSignIn'])[];
    };
    /** @description A user signed in to an app. */
    SignInEvent: {
      /** Format: uuid */
      tenantId: string;
      appId: string;
      user: components['schemas']['SignInUser'];
      signInId?: string | null;
      signedInAt?: string | null;
    };
    /** @description Who signed in. */
    SignInUser: {
      id: string;
      userPrincipalName?: string | null;
      displayName?: string | null;
    };
    /** @description A token is about to be issued. */
    TokenIssuanceStartEvent: {
      /** @constant */
      type: 'microsoft.graph.authenticationEvent.tokenIssuanceStart';
      data: components['schemas']['EventData'];
    };
    /** @description The status and the error that one sign-in of several would be answered alone. */
    UnsettledSignIn: {
      status: number;
      error: components['schemas']['ErrorContent'];
    };
    /** @description A user, and how many licenses the user holds. */
    UserAnswer: {
      userId: string;
      userPrincipalName?: string;
      displayName?: string;
      licenses: number;
    };
    /** @description All licenses of a user. */
    UserLicensesAnswer: {
      userId: string;
      userPrincipalName?: string;
      displayName?: string;
      licenses: components['schemas']['LicenseAnswer'][];
    };
    /** @description A page of users. It may be short or empty and still have a next. */
    UserList: {
      value: components['schemas']['UserAnswer'][];
      /** Format: uri */
      nextLink?: string;
    };
  };
  responses: {
    /** @description Unauthorized: `Unauthenticated`. */
    Unauthenticated: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        'WWW-Authenticate': components['headers']['WWWAuthenticate'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
    /** @description Forbidden: `AuthorizationRequestDenied`. */
    AuthorizationRequestDenied: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
    /** @description Precondition Failed: `ConditionNotMet`. */
    ConditionNotMet: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
    /** @description Request Entity Too Large: `RequestTooLarge`. */
    RequestTooLarge: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
    /** @description Unsupported Media Type: `UnsupportedMediaType`. */
    UnsupportedMediaType: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
    /** @description Precondition Required: `PreconditionRequired`. */
    PreconditionRequired: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
    /** @description Too Many Requests: `TooManyRequests`. */
    TooManyRequests: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        'Retry-After': components['headers']['RetryAfter'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
    /** @description Internal Server Error: `InternalError`. */
    InternalError: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
    /** @description Service Unavailable: `ServiceUnavailable`. */
    ServiceUnavailable: {
      headers: {
        'x-ms-request-id': components['headers']['RequestId'];
        'x-ms-client-request-id': components['headers']['ClientRequestId'];
        'Retry-After': components['headers']['RetryAfter'];
        /** @description The error's code. */
        'x-ms-error-code': string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorAnswer'];
      };
    };
  };
  parameters: {
    /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
    ClientRequestId: string;
    /**
     * @description The current ETag, or `*` for whatever is there. Missing: 428. Another: 412.
     * @example *
     */
    IfMatch: string;
    /** @description To replace what is there: its current ETag, or `*`. Missing: 428. Another, or nothing is there: 412. */
    IfMatchToReplace: string;
    /**
     * @description `*` to make only what is not there: else 412.
     * @example *
     */
    IfNoneMatch: string;
  };
  requestBodies: never;
  headers: {
    /** @description Names this request in the service's logs. */
    RequestId: string;
    /** @description Your own name for this request. */
    ClientRequestId: string;
    /** @description The version of the resource, for If-Match. */
    ETag: string;
    /** @description The absolute URL of what was made. */
    Location: string;
    /** @description In how many seconds to send the request again. */
    RetryAfter: number;
    /** @description What lets in. */
    WWWAuthenticate: string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  get_me: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MeAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  get_settings: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SettingsAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  update_settings: {
    parameters: {
      query?: never;
      header: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
        /**
         * @description The current ETag, or `*` for whatever is there. Missing: 428. Another: 412.
         * @example *
         */
        'If-Match': components['parameters']['IfMatch'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "autoClaimEnabled": true
         *     }
         */
        'application/json': components['schemas']['SettingsUpdate'];
        /**
         * @example {
         *       "autoClaimEnabled": true
         *     }
         */
        'application/merge-patch+json': components['schemas']['SettingsUpdate'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SettingsAnswer'];
        };
      };
      /** @description Bad Request: `BodyMissing`, `InvalidJson`, `InvalidRequest`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      412: components['responses']['ConditionNotMet'];
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      428: components['responses']['PreconditionRequired'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_apps: {
    parameters: {
      query?: {
        /** @description The most items that the page may have. It may have fewer, or none, and still a next. */
        top?: number;
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AppList'];
        };
      };
      /** @description Bad Request: `InvalidRequest`, `InvalidContinuation`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  get_app: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description 1 to 128 of A-Z a-z 0-9 . _ ~ -, and not . or ...
         * @example microsoft-teams
         */
        appId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AppAnswer'];
        };
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `AppNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  put_app: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
        /** @description To replace what is there: its current ETag, or `*`. Missing: 428. Another, or nothing is there: 412. */
        'If-Match'?: components['parameters']['IfMatchToReplace'];
        /**
         * @description `*` to make only what is not there: else 412.
         * @example *
         */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
      };
      path: {
        /**
         * @description 1 to 128 of A-Z a-z 0-9 . _ ~ -, and not . or ...
         * @example microsoft-teams
         */
        appId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Microsoft Teams",
         *       "clientAppIds": [
         *         "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
         *         "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"
         *       ],
         *       "servicePlanIds": [
         *         "57ff2da0-773e-42df-b2af-ffb7a2317929"
         *       ]
         *     }
         */
        'application/json': components['schemas']['AppWrite'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AppAnswer'];
        };
      };
      /** @description Made. */
      201: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AppAnswer'];
        };
      };
      /** @description Bad Request: `InvalidId`, `BodyMissing`, `InvalidJson`, `InvalidRequest`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Conflict: `ClientAppIdTaken`, `PolicyWouldLoseApp`, `LimitReached`. */
      409: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      412: components['responses']['ConditionNotMet'];
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      428: components['responses']['PreconditionRequired'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  delete_app: {
    parameters: {
      query?: never;
      header: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
        /**
         * @description The current ETag, or `*` for whatever is there. Missing: 428. Another: 412.
         * @example *
         */
        'If-Match': components['parameters']['IfMatch'];
      };
      path: {
        /**
         * @description 1 to 128 of A-Z a-z 0-9 . _ ~ -, and not . or ...
         * @example microsoft-teams
         */
        appId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone, or never there. */
      204: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `AppNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      /** @description Conflict: `AppInUse`. */
      409: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      412: components['responses']['ConditionNotMet'];
      428: components['responses']['PreconditionRequired'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_products: {
    parameters: {
      query?: {
        /** @description The most items that the page may have. It may have fewer, or none, and still a next. */
        top?: number;
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductList'];
        };
      };
      /** @description Bad Request: `InvalidRequest`, `InvalidContinuation`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  get_product: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 18181a46-0d4e-45cd-891e-60aabd171b4e
         */
        skuId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductAnswer'];
        };
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `ProductNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  put_product: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
        /** @description To replace what is there: its current ETag, or `*`. Missing: 428. Another, or nothing is there: 412. */
        'If-Match'?: components['parameters']['IfMatchToReplace'];
        /**
         * @description `*` to make only what is not there: else 412.
         * @example *
         */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
      };
      path: {
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 18181a46-0d4e-45cd-891e-60aabd171b4e
         */
        skuId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "skuPartNumber": "STANDARDPACK",
         *       "displayName": "Office 365 E1",
         *       "totalLicenses": 25,
         *       "servicePlans": [
         *         {
         *           "servicePlanId": "57ff2da0-773e-42df-b2af-ffb7a2317929",
         *           "servicePlanName": "TEAMS1",
         *           "displayName": "Microsoft Teams"
         *         },
         *         {
         *           "servicePlanId": "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
         *           "servicePlanName": "EXCHANGE_S_STANDARD",
         *           "displayName": "Exchange Online (Plan 1)"
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['ProductWrite'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductAnswer'];
        };
      };
      /** @description Made. */
      201: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductAnswer'];
        };
      };
      /** @description Bad Request: `InvalidId`, `BodyMissing`, `InvalidJson`, `InvalidRequest`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Conflict: `LicensesInUse`, `PolicyWouldLoseApp`, `LimitReached`. */
      409: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      412: components['responses']['ConditionNotMet'];
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      428: components['responses']['PreconditionRequired'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  delete_product: {
    parameters: {
      query?: never;
      header: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
        /**
         * @description The current ETag, or `*` for whatever is there. Missing: 428. Another: 412.
         * @example *
         */
        'If-Match': components['parameters']['IfMatch'];
      };
      path: {
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 18181a46-0d4e-45cd-891e-60aabd171b4e
         */
        skuId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone, or never there. */
      204: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `ProductNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      /** @description Conflict: `LicensesInUse`, `ProductInUse`. */
      409: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      412: components['responses']['ConditionNotMet'];
      428: components['responses']['PreconditionRequired'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_policies: {
    parameters: {
      query?: {
        /** @description The most items that the page may have. It may have fewer, or none, and still a next. */
        top?: number;
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyList'];
        };
      };
      /** @description Bad Request: `InvalidRequest`, `InvalidContinuation`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  create_policy: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Teams for everybody",
         *       "appId": "microsoft-teams",
         *       "products": [
         *         {
         *           "skuId": "18181a46-0d4e-45cd-891e-60aabd171b4e",
         *           "disabledServicePlanIds": [
         *             "9aaf7827-d63c-4b61-89c3-182f06f82e5c"
         *           ]
         *         }
         *       ],
         *       "enabled": true
         *     }
         */
        'application/json': components['schemas']['PolicyCreation'];
      };
    };
    responses: {
      /** @description Made. */
      201: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          Location: components['headers']['Location'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyAnswer'];
        };
      };
      /** @description Bad Request: `BodyMissing`, `InvalidJson`, `InvalidRequest`, `InvalidProductList`, `UnknownApp`, `UnknownProduct`, `UnknownServicePlan`, `ProductLacksApp`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Conflict: `FeatureOff`, `AppHasPolicy`, `PolicyNameTaken`, `LimitReached`. */
      409: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  get_policy: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 7b0c9d52-3f7a-4d2e-9a55-1f2f6a0c8e11
         */
        policyId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyAnswer'];
        };
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `PolicyNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  delete_policy: {
    parameters: {
      query?: never;
      header: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
        /**
         * @description The current ETag, or `*` for whatever is there. Missing: 428. Another: 412.
         * @example *
         */
        'If-Match': components['parameters']['IfMatch'];
      };
      path: {
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 7b0c9d52-3f7a-4d2e-9a55-1f2f6a0c8e11
         */
        policyId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone, or never there. */
      204: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `PolicyNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      412: components['responses']['ConditionNotMet'];
      428: components['responses']['PreconditionRequired'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  update_policy: {
    parameters: {
      query?: never;
      header: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
        /**
         * @description The current ETag, or `*` for whatever is there. Missing: 428. Another: 412.
         * @example *
         */
        'If-Match': components['parameters']['IfMatch'];
      };
      path: {
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 7b0c9d52-3f7a-4d2e-9a55-1f2f6a0c8e11
         */
        policyId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Teams and mail for everybody",
         *       "products": [
         *         {
         *           "skuId": "18181a46-0d4e-45cd-891e-60aabd171b4e"
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['PolicyUpdate'];
        /**
         * @example {
         *       "name": "Teams and mail for everybody",
         *       "products": [
         *         {
         *           "skuId": "18181a46-0d4e-45cd-891e-60aabd171b4e"
         *         }
         *       ]
         *     }
         */
        'application/merge-patch+json': components['schemas']['PolicyUpdate'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyAnswer'];
        };
      };
      /** @description Bad Request: `InvalidId`, `BodyMissing`, `InvalidJson`, `InvalidRequest`, `InvalidProductList`, `UnknownProduct`, `UnknownServicePlan`, `ProductLacksApp`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `PolicyNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      /** @description Conflict: `PolicyNameTaken`. */
      409: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      412: components['responses']['ConditionNotMet'];
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      428: components['responses']['PreconditionRequired'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_policy_claims: {
    parameters: {
      query?: {
        /** @description The most items that the page may have. It may have fewer, or none, and still a next. */
        top?: number;
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 7b0c9d52-3f7a-4d2e-9a55-1f2f6a0c8e11
         */
        policyId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ClaimList'];
        };
      };
      /** @description Bad Request: `InvalidId`, `InvalidRequest`, `InvalidContinuation`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `PolicyNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_claimed_licenses: {
    parameters: {
      query?: {
        /** @description How many days, up to today: days are UTC. */
        period?: 1 | 7 | 30 | 90;
        /** @description Only what was claimed under this policy. It may be deleted. */
        policyId?: string;
        /** @description The most items that the page may have. It may have fewer, or none, and still a next. */
        top?: number;
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PolicyClaimList'];
          'text/csv': string;
        };
      };
      /** @description Bad Request: `InvalidPeriod`, `InvalidRequest`, `InvalidContinuation`, `ExportTooLarge`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `PolicyNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  get_report: {
    parameters: {
      query?: {
        /** @description How many days, up to today: days are UTC. */
        period?: 1 | 7 | 30 | 90;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportAnswer'];
        };
      };
      /** @description Bad Request: `InvalidPeriod`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_audit_log: {
    parameters: {
      query?: {
        /** @description The most items that the page may have. It may have fewer, or none, and still a next. */
        top?: number;
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditList'];
        };
      };
      /** @description Bad Request: `InvalidRequest`, `InvalidContinuation`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  get_integrity: {
    parameters: {
      query?: {
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['IntegrityAnswer'];
        };
      };
      /** @description Bad Request: `InvalidContinuation`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_users: {
    parameters: {
      query: {
        /** @description What an id, a principal name or a display name begins with, in whatever case. */
        startsWith: string;
        /** @description The most items that the page may have. It may have fewer, or none, and still a next. */
        top?: number;
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserList'];
        };
      };
      /** @description Bad Request: `InvalidRequest`, `InvalidContinuation`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_product_licenses: {
    parameters: {
      query?: {
        /** @description The most items that the page may have. It may have fewer, or none, and still a next. */
        top?: number;
        /** @description Where to go on, as a nextLink has it: opaque, and bound to its tenant, path and filters. */
        continuation?: string;
      };
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 18181a46-0d4e-45cd-891e-60aabd171b4e
         */
        skuId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HolderList'];
        };
      };
      /** @description Bad Request: `InvalidId`, `InvalidRequest`, `InvalidContinuation`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `ProductNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  list_user_licenses: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description 1 to 128 of A-Z a-z 0-9 . _ ~ @ | : + = -, and not . or ...
         * @example 0f8a4b7e-2c1d-4e6f-9b3a-5d7c8e9f0a1b
         */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserLicensesAnswer'];
        };
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  delete_user_licenses: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description 1 to 128 of A-Z a-z 0-9 . _ ~ @ | : + = -, and not . or ...
         * @example 0f8a4b7e-2c1d-4e6f-9b3a-5d7c8e9f0a1b
         */
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone, or never there. */
      204: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  put_user_license: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description 1 to 128 of A-Z a-z 0-9 . _ ~ @ | : + = -, and not . or ...
         * @example 0f8a4b7e-2c1d-4e6f-9b3a-5d7c8e9f0a1b
         */
        userId: string;
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 18181a46-0d4e-45cd-891e-60aabd171b4e
         */
        skuId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "disabledServicePlanIds": [
         *         "9aaf7827-d63c-4b61-89c3-182f06f82e5c"
         *       ]
         *     }
         */
        'application/json': components['schemas']['LicenseWrite'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LicenseAnswer'];
        };
      };
      /** @description Made. */
      201: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LicenseAnswer'];
        };
      };
      /** @description Bad Request: `InvalidId`, `BodyMissing`, `InvalidJson`, `InvalidRequest`, `UnknownServicePlan`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      /** @description Not Found: `ProductNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      /** @description Conflict: `NoLicensesAvailable`, `LimitReached`. */
      409: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  delete_user_license: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description 1 to 128 of A-Z a-z 0-9 . _ ~ @ | : + = -, and not . or ...
         * @example 0f8a4b7e-2c1d-4e6f-9b3a-5d7c8e9f0a1b
         */
        userId: string;
        /**
         * @description A GUID as 8-4-4-4-12 hexadecimal digits.
         * @example 18181a46-0d4e-45cd-891e-60aabd171b4e
         */
        skuId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Gone, or never there. */
      204: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Bad Request: `InvalidId`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      403: components['responses']['AuthorizationRequestDenied'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  sign_in: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "tenantId": "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30",
         *       "appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
         *       "user": {
         *         "id": "0f8a4b7e-2c1d-4e6f-9b3a-5d7c8e9f0a1b",
         *         "userPrincipalName": "ada@contoso.example",
         *         "displayName": "Ada Lovelace"
         *       },
         *       "signInId": "2026-01-31/4711",
         *       "signedInAt": "2026-01-31T09:00:00.000Z"
         *     }
         */
        'application/json': components['schemas']['SignInEvent'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignInAnswer'];
        };
      };
      /** @description Bad Request: `BodyMissing`, `InvalidJson`, `InvalidRequest`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      /** @description No function key, or a wrong one. The Functions host answers this, bare. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  sign_in_batch: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "signIns": [
         *         {
         *           "tenantId": "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30",
         *           "appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
         *           "user": {
         *             "id": "0f8a4b7e-2c1d-4e6f-9b3a-5d7c8e9f0a1b",
         *             "userPrincipalName": "ada@contoso.example",
         *             "displayName": "Ada Lovelace"
         *           },
         *           "signInId": "2026-01-31/4711",
         *           "signedInAt": "2026-01-31T09:00:00.000Z"
         *         },
         *         {
         *           "tenantId": "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30",
         *           "appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
         *           "user": {
         *             "id": "2b0e9f4c-7d1a-4c1f-8a55-93c9a1b9d0e2",
         *             "displayName": "Bob Martin"
         *           },
         *           "signInId": "2026-01-31/4712",
         *           "signedInAt": "2026-01-31T09:00:00.000Z"
         *         }
         *       ]
         *     }
         */
        'application/json': components['schemas']['SignInBatch'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignInBatchAnswer'];
        };
      };
      /** @description Bad Request: `BodyMissing`, `InvalidJson`, `InvalidRequest`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      /** @description No function key, or a wrong one. The Functions host answers this, bare. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  token_issuance_start: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "type": "microsoft.graph.authenticationEvent.tokenIssuanceStart",
         *       "source": "/tenants/5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30/applications/1fec8e78-bce4-4aaf-ab1b-5451cc387264",
         *       "data": {
         *         "@odata.type": "microsoft.graph.onTokenIssuanceStartCalloutData",
         *         "tenantId": "5a3b1e9c-7c1d-4e0a-9b7e-2f6d8c4a1b30",
         *         "authenticationEventListenerId": "cb3fe5a3-5d3c-4a6e-bf0b-31c6b1d7a9a6",
         *         "customAuthenticationExtensionId": "5a9e9b1c-6d1e-4c3a-8a54-4f4c1f3a5f52",
         *         "authenticationContext": {
         *           "correlationId": "6f3a9d3e-9d55-4c7e-8c43-5b1de9f6a6b1",
         *           "client": {
         *             "ip": "192.0.2.1",
         *             "locale": "en-us",
         *             "market": "en-us"
         *           },
         *           "protocol": "OAUTH2.0",
         *           "clientServicePrincipal": {
         *             "appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
         *           },
         *           "user": {
         *             "id": "0f8a4b7e-2c1d-4e6f-9b3a-5d7c8e9f0a1b",
         *             "userPrincipalName": "ada@contoso.example",
         *             "displayName": "Ada Lovelace"
         *           }
         *         }
         *       }
         *     }
         */
        'application/json': components['schemas']['TokenIssuanceStartEvent'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventResponse'];
        };
      };
      /** @description Bad Request: `BodyMissing`, `InvalidJson`, `InvalidRequest`. */
      400: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      401: components['responses']['Unauthenticated'];
      413: components['responses']['RequestTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
    };
  };
  get_health: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthAnswer'];
        };
      };
      500: components['responses']['InternalError'];
      /** @description Not available. */
      503: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthAnswer'];
        };
      };
    };
  };
  get_docs: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  get_docs_file: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path: {
        /**
         * @description The name of a file.
         * @example start.js
         */
        file: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'text/javascript': string;
          'text/css': string;
        };
      };
      /** @description Not Found: `FileNotFound`. */
      404: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          /** @description The error's code. */
          'x-ms-error-code': string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorAnswer'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  get_openapi: {
    parameters: {
      query?: never;
      header?: {
        /** @description Your own name for this request: it is sent back. 1 to 128 printable ASCII characters, else it is ignored. */
        'x-ms-client-request-id'?: components['parameters']['ClientRequestId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'x-ms-request-id': components['headers']['RequestId'];
          'x-ms-client-request-id': components['headers']['ClientRequestId'];
          [name: string]: unknown;
        };
        content: {
          'application/json': Record<string, never>;
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
}
