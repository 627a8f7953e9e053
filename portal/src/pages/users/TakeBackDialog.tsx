/** Takes a license back, or all of a user's, after a question. */
import { useTranslation } from 'react-i18next';
import { type License, useTakeAllLicensesBack, useTakeLicenseBack } from '../../api/users';
import { ActionDialog } from '../../components/ActionDialog';

interface TakeBackDialogProps {
  userId: string;
  userName: string;
  /** Without one it is all of them. */
  license?: License;
  onDone: (text: string) => void;
  onClose: () => void;
}

export function TakeBackDialog({ userId, userName, license, onDone, onClose }: TakeBackDialogProps) {
  const { t } = useTranslation('users');
  const one = useTakeLicenseBack();
  const all = useTakeAllLicensesBack();
  const way = license === undefined ? 'takeAllBack' : 'takeBack';
  const words = { user: userName, product: license?.productName ?? '' };
  const onSuccess = () => {
    onDone(t(`${way}.done`, words));
  };
  return (
    <ActionDialog
      title={t(`${way}.title`, words)}
      action={t(`${way}.action`)}
      isWorking={one.isPending || all.isPending}
      error={one.error ?? all.error}
      onClose={onClose}
      onSubmit={() => {
        if (license === undefined) all.mutate({ userId }, { onSuccess });
        else one.mutate({ userId, skuId: license.skuId }, { onSuccess });
      }}
    >
      {t(`${way}.text`, words)}
    </ActionDialog>
  );
}
