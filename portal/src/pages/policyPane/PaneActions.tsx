/** What the pane is about in one line, and the ways on from it: its report, and deleting it. */
import { Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { DataTrendingRegular, DeleteRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHref, useLinkClickHandler } from 'react-router';
import { type Policy, useDeletePolicy } from '../../api/policies';
import { ActionDialog } from '../../components/ActionDialog';
import { PolicyStatus } from '../../components/PolicyStatus';

const useStyles = makeStyles({
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    color: tokens.colorNeutralForeground2,
  },
  app: { overflowWrap: 'anywhere' },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    margin: `${tokens.spacingVerticalS} calc(-1 * ${tokens.spacingHorizontalM}) ${tokens.spacingVerticalS}`,
  },
});

interface PaneActionsProps {
  policy: Policy;
  isSettingOn: boolean;
  isReadOnly: boolean;
  onDeleted: () => void;
}

export function PaneActions({ policy, isSettingOn, isReadOnly, onDeleted }: PaneActionsProps) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const reportAddress = `/report?policyId=${policy.id}`;
  const reportHref = useHref(reportAddress);
  const openReport = useLinkClickHandler(reportAddress);
  const restoreFocus = useRestoreFocusTarget();
  const remove = useDeletePolicy();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <div className={styles.line}>
        <Text className={styles.app}>{policy.appName}</Text>
        <PolicyStatus isOn={policy.enabled} isSettingOn={isSettingOn} />
      </div>
      <div className={styles.actions}>
        <Button as="a" appearance="subtle" icon={<DataTrendingRegular />} href={reportHref} onClick={openReport}>
          {t('report')}
        </Button>
        {!isReadOnly && (
          <Button
            appearance="subtle"
            icon={<DeleteRegular />}
            {...restoreFocus}
            onClick={() => {
              remove.reset();
              setAsking(true);
            }}
          >
            {t('delete.open')}
          </Button>
        )}
      </div>
      <ActionDialog
        isOpen={isAsking}
        title={t('delete.title')}
        action={t('delete.action')}
        isWorking={remove.isPending}
        error={remove.error}
        onClose={() => {
          setAsking(false);
        }}
        onSubmit={() => {
          remove.mutate({ id: policy.id, etag: policy.etag }, { onSuccess: onDeleted });
        }}
      >
        {t('delete.text', { name: policy.name })}
      </ActionDialog>
    </>
  );
}
