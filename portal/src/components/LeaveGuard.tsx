/** Asks before changes that are not saved are left behind: by closing, going elsewhere, or loading the page again. */
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useBlocker } from 'react-router';
import { ActionDialog } from './ActionDialog';

interface LeaveGuardProps {
  isChanged: boolean;
  /** Read at the moment of leaving, which may be before the next render: a deleted policy has nothing to save. */
  mayLeave?: RefObject<boolean>;
  title: string;
  action: string;
  children: ReactNode;
}

export function LeaveGuard({ isChanged, mayLeave, title, action, children }: LeaveGuardProps) {
  const focused = useRef<Element>(null);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    focused.current = document.activeElement;
    return isChanged && mayLeave?.current !== true && currentLocation.pathname !== nextLocation.pathname;
  });

  // Nobody chose to be asked: the focus goes back to wherever it was.
  useEffect(() => {
    if (blocker.state !== 'blocked') return undefined;
    return () => {
      if (focused.current instanceof HTMLElement) focused.current.focus();
    };
  }, [blocker.state]);

  useEffect(() => {
    if (!isChanged) return undefined;
    // Here the browser asks, in its own words.
    const ask = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
    };
  }, [isChanged]);

  return (
    <ActionDialog
      isOpen={blocker.state === 'blocked'}
      title={title}
      action={action}
      onSubmit={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      {children}
    </ActionDialog>
  );
}
