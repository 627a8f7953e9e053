/** Says that something was done: for some seconds, over the page, so that nothing on it moves. */
import { Toast, Toaster, ToastTitle, useId, useToastController } from '@fluentui/react-components';
import type { ReactElement } from 'react';

const SHOWN_MILLISECONDS = 6000;

interface Done {
  say: (text: string) => void;
  /** Stands anywhere on the page. */
  toaster: ReactElement;
}

export function useDone(): Done {
  const toasterId = useId('done');
  const { dispatchToast } = useToastController(toasterId);
  return {
    say: (text) => {
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
