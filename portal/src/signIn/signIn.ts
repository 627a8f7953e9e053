/** Who is signed in, and how they become so. Two ways: a development issuer on this machine, Entra everywhere else. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Configuration } from '../configuration';
import type { DevelopmentSignIn } from './development';
import type { EntraSignIn } from './entra';
import type { Account } from './state';

export type SignIn = DevelopmentSignIn | EntraSignIn;

/** Makes the way that the configuration names. MSAL is loaded only where it is Entra. */
export async function makeSignIn(configuration: Configuration['signIn']): Promise<SignIn> {
  if (configuration.kind === 'development') {
    const { developmentSignIn } = await import('./development');
    return developmentSignIn();
  }
  const { entraSignIn } = await import('./entra');
  return entraSignIn(configuration);
}

export const SignInContext = createContext<SignIn | null>(null);

export function useSignIn(): SignIn {
  const signIn = useContext(SignInContext);
  if (signIn === null) throw new Error('useSignIn needs a SignInContext above it');
  return signIn;
}

/** Who is signed in, or null. Renders again when that changes. */
export function useAccount(): Account | null {
  const signIn = useSignIn();
  return useSyncExternalStore(signIn.subscribe, signIn.account);
}

/** Whether only the person can renew the sign-in. Renders again when that changes. */
export function useHasEnded(): boolean {
  const signIn = useSignIn();
  return useSyncExternalStore(signIn.subscribe, signIn.hasEnded);
}
