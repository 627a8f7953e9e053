/** A check of integrity as the page runs it: begun by a button, ended by its last call, another button, or leaving. */
import { useEffect, useRef, useState } from 'react';
import { type IntegrityProgress, useIntegrityCheck } from '../../api/health';

export type CheckState = 'none' | 'running' | 'complete' | 'canceled' | 'failed';

export interface Check {
  state: CheckState;
  /** Of the check that runs, or of the last one; undefined before its first answer. */
  progress: IntegrityProgress | undefined;
  error: Error | null;
  start: () => void;
  cancel: () => void;
}

export function useCheck(): Check {
  const run = useIntegrityCheck();
  const [state, setState] = useState<CheckState>('none');
  const [progress, setProgress] = useState<IntegrityProgress>();
  const [error, setError] = useState<Error | null>(null);
  const running = useRef<AbortController>(undefined);

  useEffect(
    () => () => {
      running.current?.abort();
    },
    [],
  );

  function start(): void {
    const controller = new AbortController();
    running.current = controller;
    setState('running');
    setProgress(undefined);
    setError(null);
    run(controller.signal, setProgress).then(
      () => {
        if (!controller.signal.aborted) setState('complete');
      },
      (failure: unknown) => {
        if (controller.signal.aborted) return;
        setError(failure instanceof Error ? failure : new Error(String(failure)));
        setState('failed');
      },
    );
  }

  function cancel(): void {
    running.current?.abort();
    setState('canceled');
  }

  return { state, progress, error, start, cancel };
}
