/** What the pane is about in one line, and the ways on from it: its report, and deleting it. */
import { Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { DataTrendingRegular, DeleteRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Policy, useDeletePolicy } from '../../../../api/policies';
import { ActionLink } from '../../../../components/ActionLink';
import { DeleteDialog } from '../../../../components/DeleteDialog';
import { PolicyStatus } from '../PolicyStatus';

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
  const restoreFocus = useRestoreFocusTarget();
  const remove = useDeletePolicy();
  const [opened, setOpened] = useState<Policy>();
  return (
    <>
      <div className={styles.line}>
        <Text className={styles.app}>{policy.appName}</Text>
        <PolicyStatus isOn={policy.enabled} isSettingOn={isSettingOn} />
      </div>
      <div className={styles.actions}>
        <ActionLink to={`/report?policyId=${policy.id}`} appearance="subtle" icon={<DataTrendingRegular />}>
          {t('report')}
        </ActionLink>
        {!isReadOnly && (
          <Button
            appearance="subtle"
            icon={<DeleteRegular />}
            {...restoreFocus}
            onClick={() => {
              setOpened(policy);
            }}
          >
            {t('delete.open')}
          </Button>
        )}
      </div>
      {opened !== undefined && (
        <DeleteDialog
          opened={opened}
          now={policy}
          remove={remove}
          title={t('delete.title')}
          text={t('delete.text', { name: policy.name })}
          action={t('delete.action')}
          onDone={onDeleted}
          onClose={() => {
            setOpened(undefined);
          }}
        />
      )}
    </>
  );
}
