/**
 * Whether the service answers. A call that got no answer says so here; then the service's own health is asked until it
 * is well again, so that a page left open recovers by itself, and one lost answer raises no alarm.
 */

/** `back` lasts RETURN_MILLISECONDS, long enough to be read. */
export type ServiceState = 'answers' | 'away' | 'back';

export const PROBE_MILLISECONDS = 3000;
export const PROBE_DEADLINE_MILLISECONDS = 4000;
export const RETURN_MILLISECONDS = 6000;

export interface Service {
  state: () => ServiceState;
  /** A call had no answer, or 503. */
  noteTrouble: () => void;
  subscribe: (listener: () => void) => () => void;
}

/** Watches the service whose API is at `base`; calls `onReturn` when it answers again. */
export function watchService(base: string, onReturn: () => void): Service {
  const listeners = new Set<() => void>();
  let state: ServiceState = 'answers';
  let isProbing = false;
  let fading: ReturnType<typeof setTimeout> | undefined;

  function become(next: ServiceState): void {
    if (next === state) return;
    state = next;
    listeners.forEach((listener) => {
      listener();
    });
  }

  async function probe(): Promise<void> {
    while (!(await isWell(base))) {
      clearTimeout(fading);
      become('away');
      await new Promise((resolve) => setTimeout(resolve, PROBE_MILLISECONDS));
    }
    if (state !== 'away') return;
    become('back');
    onReturn();
    fading = setTimeout(() => {
      become('answers');
    }, RETURN_MILLISECONDS);
  }

  return {
    state: () => state,
    noteTrouble: () => {
      if (isProbing) return;
      isProbing = true;
      void probe().finally(() => {
        isProbing = false;
      });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function isWell(base: string): Promise<boolean> {
  try {
    return (await fetch(`${base}/health`, { signal: AbortSignal.timeout(PROBE_DEADLINE_MILLISECONDS) })).ok;
  } catch {
    return false;
  }
}
