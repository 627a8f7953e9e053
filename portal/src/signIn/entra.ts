/**
 * Signs in with Microsoft Entra, by redirect: no pop-up to be blocked, no hidden frame to allow.
 * https://learn.microsoft.com/entra/msal/javascript/browser/
 *
 * Tried with a stand-in for Entra, there and back, with the renewal of a token: tests/azure.spec.ts. Entra itself takes a
 * tenant and an app registration, and has not been tried.
 */
import {
  AuthError,
  CacheLookupPolicy,
  InteractionRequiredAuthError,
  PublicClientApplication,
} from '@azure/msal-browser';
import { SignInEndedError } from '../api/errors';
import type { EntraConfiguration } from '../configuration';
import type { Account, SignInState } from './state';

export interface EntraSignIn extends SignInState {
  kind: 'entra';
  /** Leaves for Entra's own page; the browser comes back signed in, to the page that it left. */
  signIn: () => Promise<void>;
  /** Why the browser came back without being signed in, in Entra's own words. */
  refusal: string | undefined;
}

/** OAuth's word for a refresh token that has ended, as each does after a day, and MSAL's for one that is not there. */
const ENDED = ['invalid_grant', 'token_refresh_required'];

function needsPerson(error: unknown): boolean {
  return (
    error instanceof InteractionRequiredAuthError || (error instanceof AuthError && ENDED.includes(error.errorCode))
  );
}

export async function entraSignIn({ clientId, authority, scope }: EntraConfiguration): Promise<EntraSignIn> {
  const application = new PublicClientApplication({
    auth: { clientId, authority, redirectUri: window.location.origin, postLogoutRedirectUri: window.location.origin },
    cache: { cacheLocation: 'sessionStorage' },
  });
  await application.initialize();
  let refusal: string | undefined;
  // Where the browser comes back from Entra, this takes the answer out of the URL. It may be a no.
  const answer = await application.handleRedirectPromise().catch((error: unknown) => {
    refusal = error instanceof Error ? error.message : String(error);
    return null;
  });
  const signedIn = answer?.account ?? application.getAllAccounts()[0] ?? null;
  application.setActiveAccount(signedIn);
  const account: Account | null = signedIn && { name: signedIn.username };
  const listeners = new Set<() => void>();
  let hasEnded = false;

  return {
    kind: 'entra',
    refusal,
    account: () => account,
    hasEnded: () => hasEnded,
    token: async (options) => {
      if (hasEnded) throw new SignInEndedError();
      try {
        const result = await application.acquireTokenSilent({
          scopes: [scope],
          forceRefresh: options?.fresh === true,
          // Without the last resort, a hidden frame: the Content-Security-Policy allows none.
          cacheLookupPolicy: CacheLookupPolicy.AccessTokenAndRefreshToken,
        });
        return result.accessToken;
      } catch (error) {
        if (!needsPerson(error)) throw error;
        // Not by a redirect from here: calls are made in the background too, and what is being entered would be lost.
        hasEnded = true;
        listeners.forEach((listener) => {
          listener();
        });
        throw new SignInEndedError();
      }
    },
    signIn: () => application.loginRedirect({ scopes: [scope], ...(signedIn && { loginHint: signedIn.username }) }),
    signOut: () => application.logoutRedirect(),
    // Every other change is a redirect, after which all of this is made anew.
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
