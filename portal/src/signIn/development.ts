/** Signs in as whoever the developer chooses to be: the local host gives a token to its own pages, by POST only. */
import type { Account, SignInState } from './state';

export interface Person {
  role: string;
  name: string;
  /** A tenant's GUID; without one it is the sample tenant. */
  tenant?: string;
}

export interface DevelopmentSignIn extends SignInState {
  kind: 'development';
  /** Afterwards the person is signed in. Throws with the local host's own words when it refuses. */
  signIn: (person: Person) => Promise<void>;
}

/** Roles of the local issuer: two that manage, two that read, and one without a right. */
export const ROLES = [
  'User Administrator',
  'Billing Administrator',
  'Global Reader',
  'Reports Reader',
  'none',
] as const;

// A tab's own: two tabs are two administrators. The token itself is kept in memory only.
const KEPT = 'autoclaim.person';

export function developmentSignIn(): DevelopmentSignIn {
  const listeners = new Set<() => void>();
  let person = kept();
  let account: Account | null = person && { name: person.name };
  let held: Promise<string> | null = null;

  function become(next: Person | null): void {
    person = next;
    account = next && { name: next.name };
    if (next === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, JSON.stringify(next));
    listeners.forEach((listener) => {
      listener();
    });
  }

  return {
    kind: 'development',
    account: () => account,
    hasEnded: () => false,
    token: (options) => {
      if (person === null) return Promise.reject(new Error('nobody is signed in'));
      if (held === null || options?.fresh === true) {
        const asked = fetchToken(person);
        held = asked;
        asked.catch(() => {
          if (held === asked) held = null;
        });
      }
      return held;
    },
    signIn: async (next) => {
      const token = await fetchToken(next);
      held = Promise.resolve(token);
      become(next);
    },
    signOut: () => {
      held = null;
      become(null);
      return Promise.resolve();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function kept(): Person | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Person | null;
  } catch {
    return null;
  }
}

async function fetchToken(person: Person): Promise<string> {
  const response = await fetch('/portal/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(person),
  });
  const answer = (await response.json()) as { token: string } | { error: { message: string } };
  if ('error' in answer) throw new Error(answer.error.message);
  return answer.token;
}
