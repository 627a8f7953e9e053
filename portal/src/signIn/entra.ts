/**
 * Signs in with Microsoft Entra, by redirect: no pop-up to be blocked, no hidden frame to allow.
 * https://learn.microsoft.com/entra/msal/javascript/browser/
 *
 * Tried with a stand-in for Entra, there and back, with the renewal of a token: tests/azure.spec.ts. Entra itself takes a
 * tenant and an app registration, and has not been tried.
 */
import { CacheLookupPolicy, InteractionRequiredAuthError, PublicClientApplication } from '@azure/msal-browser';
import type { EntraConfiguration } from '../configuration';
import type { Account, SignInState } from './signIn';

export interface EntraSignIn extends SignInState {
  kind: 'entra';
  /** Leaves for Entra's own page; the browser comes back signed in. */
  signIn: () => Promise<void>;
}

export async function entraSignIn({ clientId, authority, scope }: EntraConfiguration): Promise<EntraSignIn> {
  const application = new PublicClientApplication({
    auth: { clientId, authority, redirectUri: window.location.origin, postLogoutRedirectUri: window.location.origin },
    cache: { cacheLocation: 'sessionStorage' },
  });
  await application.initialize();
  // Where the browser comes back from Entra, this takes the answer out of the URL.
  const answer = await application.handleRedirectPromise();
  const signedIn = answer?.account ?? application.getAllAccounts()[0] ?? null;
  application.setActiveAccount(signedIn);
  const account: Account | null = signedIn && { name: signedIn.username };

  return {
    kind: 'entra',
    account: () => account,
    token: async (options) => {
      try {
        const result = await application.acquireTokenSilent({
          scopes: [scope],
          forceRefresh: options?.fresh === true,
          // Without the last resort, a hidden frame: the Content-Security-Policy allows none.
          cacheLookupPolicy: CacheLookupPolicy.AccessTokenAndRefreshToken,
        });
        return result.accessToken;
      } catch (error) {
        if (!(error instanceof InteractionRequiredAuthError)) throw error;
        await application.acquireTokenRedirect({ scopes: [scope] });
        throw error;
      }
    },
    signIn: () => application.loginRedirect({ scopes: [scope] }),
    signOut: () => application.logoutRedirect(),
    // Every change is a redirect, after which all of this is made anew.
    subscribe: () => () => undefined,
  };
}
