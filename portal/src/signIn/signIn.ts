/** Who is signed in, and how they become so. Two ways: a development issuer on this machine, Entra everywhere else. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Configuration } from '../configuration';
import type { DevelopmentSignIn } from './development';
import type { EntraSignIn } from './entra';

export interface Account {
  /** The user principal name. */
  name: string;
}

/** What both ways have in common. */
export interface SignInState {
  /** Who is signed in now, or null. The same object for as long as nothing changes. */
  account: () => Account | null;
  /**
   * A token for the API; `fresh` asks for another than the last, which the API has refused.
   *
   * Throws SignInEndedError where only the person can renew the sign-in: then `hasEnded`.
   */
  token: (options?: { fresh: boolean }) => Promise<string>;
  hasEnded: () => boolean;
  signOut: () => Promise<void>;
  /** Calls back whenever the account or `hasEnded` changes; gives what ends that. */
  subscribe: (listener: () => void) => () => void;
}

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
