/** What both ways of signing in tell: who is signed in, and the token that the API is called with. */

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
