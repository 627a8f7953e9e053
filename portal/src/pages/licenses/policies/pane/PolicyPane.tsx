/** One policy, beside the list of them: to look at, to change, to delete. */
import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  tokens,
} from '@fluentui/react-components';
import { DismissRegular, DocumentDismissRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useApps } from '../../../../api/apps';
import { ApiError } from '../../../../api/errors';
import { useMe } from '../../../../api/me';
import { usePolicy } from '../../../../api/policies';
import { useProducts } from '../../../../api/products';
import { useSettings } from '../../../../api/settings';
import { EmptyState } from '../../../../components/EmptyState';
import { Waiting } from '../../../../components/Waiting';
import { PolicyEditor } from './PolicyEditor';

const NOT_FOUND = 404;

const useStyles = makeStyles({
  pane: { width: '680px', maxWidth: '100vw' },
  // Long names break rather than push the button out.
  title: { overflowWrap: 'anywhere' },
  loading: { padding: `${tokens.spacingVerticalL} 0` },
});

interface PolicyPaneProps {
  policyId: string;
  /** Leaves the pane's address. Unsaved changes are asked about on the way. */
  onClose: () => void;
}

export function PolicyPane({ policyId, onClose }: PolicyPaneProps) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const policy = usePolicy(policyId);
  return (
    <OverlayDrawer
      open
      position="end"
      className={styles.pane}
      onOpenChange={(_event, { open }) => {
        if (!open) onClose();
      }}
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          className={styles.title}
          action={<Button appearance="subtle" icon={<DismissRegular />} aria-label={t('close')} onClick={onClose} />}
        >
          {policy.data?.name ?? t('title')}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <Content policy={policy} onClose={onClose} />
    </OverlayDrawer>
  );
}

function Content({ policy, onClose }: { policy: ReturnType<typeof usePolicy>; onClose: () => void }) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const others = { products: useProducts({ isFollowed: true }), apps: useApps(), settings: useSettings(), me: useMe() };

  if (policy.error instanceof ApiError && policy.error.status === NOT_FOUND) {
    return (
      <DrawerBody>
        <EmptyState icon={<DocumentDismissRegular />} title={t('gone.title')} text={t('gone.text')}>
          <Button appearance="primary" onClick={onClose}>
            {t('close')}
          </Button>
        </EmptyState>
      </DrawerBody>
    );
  }
  const { products, apps, settings, me } = others;
  if (policy.data && products.data && apps.data && settings.data && me.data) {
    return (
      <PolicyEditor
        policy={policy.data}
        readAgain={policy.refetch}
        products={products.data}
        app={apps.data.find(({ id }) => id === policy.data.appId)}
        isSettingOn={settings.data.autoClaimEnabled}
        isReadOnly={!me.data.rights.includes('manage')}
        onClose={onClose}
      />
    );
  }
  return (
    <DrawerBody>
      <div className={styles.loading}>
        <Waiting queries={[policy, products, apps, settings, me]} rows={6} />
      </div>
    </DrawerBody>
  );
}
