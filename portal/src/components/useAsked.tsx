/** What a page asks in a dialog, one thing at a time, and the word that it was done: over the page, so that nothing moves. */
import { Toast, Toaster, ToastTitle, useId, useToastController } from '@fluentui/react-components';
import { type ReactElement, useState } from 'react';

const SHOWN_MILLISECONDS = 6000;

interface AskedState<Asked> {
  /** What is asked now. */
  asked: Asked | undefined;
  ask: (asked: Asked) => void;
  close: () => void;
  /** Closes, and says for some seconds that it was done. */
  done: (text: string) => void;
  /** Stands anywhere on the page. */
  toaster: ReactElement;
}

export function useAsked<Asked>(): AskedState<Asked> {
  const toasterId = useId('done');
  const { dispatchToast } = useToastController(toasterId);
  const [asked, setAsked] = useState<Asked>();
  return {
    asked,
    ask: setAsked,
    close: () => {
      setAsked(undefined);
    },
    done: (text) => {
      setAsked(undefined);
      dispatchToast(
        <Toast>
          <ToastTitle>{text}</ToastTitle>
        </Toast>,
        { intent: 'success', timeout: SHOWN_MILLISECONDS, pauseOnHover: true },
      );
    },
    toaster: <Toaster toasterId={toasterId} position="bottom-end" />,
  };
}
