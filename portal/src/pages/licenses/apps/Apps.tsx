/** What users sign in to, which client apps that means, and which products license it. */
import { Badge, Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type App, useApps } from '../../../api/apps';
import { useMayManage } from '../../../api/me';
import { usePolicies } from '../../../api/policies';
import { useProducts } from '../../../api/products';
import { DetailRow, DetailRows } from '../../../components/DetailRow';
import { ErrorNote } from '../../../components/ErrorNote';
import { LoadingRows } from '../../../components/LoadingRows';
import { useDone } from '../../../components/useDone';
import { useFormat } from '../../../i18n/format';
import { isBuiltIn, planNamesOf, productsWith } from './app';
import { AppDetails } from './AppDetails';

const AppDialog = lazy(async () => ({ default: (await import('./AppDialog')).AppDialog }));
const DeleteAppDialog = lazy(async () => ({ default: (await import('./DeleteAppDialog')).DeleteAppDialog }));

const useStyles = makeStyles({
  tools: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingVerticalM,
    marginBottom: tokens.spacingVerticalL,
  },
  intro: { flex: '1 1 320px', maxWidth: '640px', color: tokens.colorNeutralForeground2 },
});

type Asked = { kind: 'add' } | { kind: 'edit' | 'delete'; app: App };

export function Apps() {
  const styles = useStyles();
  const { t } = useTranslation('apps');
  const { number } = useFormat();
  const apps = useApps();
  const products = useProducts();
  const policies = usePolicies();
  const mayManage = useMayManage();
  const restoreFocus = useRestoreFocusTarget();
  const { say, toaster } = useDone();
  const [asked, setAsked] = useState<Asked>();
  const planNames = useMemo(() => planNamesOf(products.data ?? []), [products.data]);

  if (apps.data === undefined || products.data === undefined || policies.data === undefined) {
    const error = apps.error ?? products.error ?? policies.error;
    if (error === null) return <LoadingRows rows={3} />;
    const again = () => void Promise.all([apps.refetch(), products.refetch(), policies.refetch()]);
    return <ErrorNote error={error} onRetry={again} />;
  }
  const done = (text: string) => {
    setAsked(undefined);
    say(text);
  };
  const close = () => {
    setAsked(undefined);
  };
  const noteOf = (licensing: number) =>
    licensing === 0 ? t('noProducts') : t('products', { count: licensing, number: number(licensing) });

  return (
    <>
      <div className={styles.tools}>
        <Text className={styles.intro}>{t('intro')}</Text>
        {mayManage && (
          <Button
            appearance="primary"
            icon={<AddRegular />}
            {...restoreFocus}
            onClick={() => {
              setAsked({ kind: 'add' });
            }}
          >
            {t('add.open')}
          </Button>
        )}
      </div>
      <DetailRows label={t('list')}>
        {apps.data.map((app) => {
          const licensing = productsWith(app.servicePlanIds, products.data);
          return (
            <DetailRow
              key={app.id}
              name={app.name}
              note={app.id}
              aside={<Text>{noteOf(licensing.length)}</Text>}
              actions={isBuiltIn(app) && <Badge appearance="outline">{t('builtIn')}</Badge>}
            >
              <AppDetails
                app={app}
                products={licensing}
                planNames={planNames}
                policy={policies.data.find(({ appId }) => appId === app.id)}
                onAsk={(kind) => {
                  setAsked({ kind, app });
                }}
              />
            </DetailRow>
          );
        })}
      </DetailRows>
      <Suspense>
        {(asked?.kind === 'add' || asked?.kind === 'edit') && (
          <AppDialog
            {...(asked.kind === 'edit' && { app: asked.app })}
            apps={apps.data}
            products={products.data}
            planNames={planNames}
            onDone={done}
            onClose={close}
          />
        )}
        {asked?.kind === 'delete' && <DeleteAppDialog app={asked.app} onDone={done} onClose={close} />}
      </Suspense>
      {toaster}
    </>
  );
}
