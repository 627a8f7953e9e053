/** What users sign in to, which client apps that means, and which products license it. */
import { Badge, Button, makeStyles, Text, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type App, useApps, useDeleteApp } from '../../../api/apps';
import { useMayManage } from '../../../api/me';
import { usePolicies } from '../../../api/policies';
import { useProducts } from '../../../api/products';
import { DeleteDialog } from '../../../components/DeleteDialog';
import { DetailRow, DetailRows } from '../../../components/DetailRow';
import { useAsked } from '../../../components/useAsked';
import { Waiting } from '../../../components/Waiting';
import { useFormat } from '../../../i18n/format';
import { isBuiltIn, planNamesOf, productsByPlan, productsWith } from './app';
import { AppDetails } from './AppDetails';

const AppDialog = lazy(async () => ({ default: (await import('./AppDialog')).AppDialog }));

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

type Asked = { kind: 'add' } | { kind: 'edit' | 'delete'; opened: App };

export function Apps() {
  const styles = useStyles();
  const { t } = useTranslation('apps');
  const { number } = useFormat();
  const apps = useApps();
  const products = useProducts();
  const policies = usePolicies();
  const mayManage = useMayManage();
  const restoreFocus = useRestoreFocusTarget();
  const remove = useDeleteApp();
  const { asked, ask, close, done, toaster } = useAsked<Asked>();
  const planNames = useMemo(() => planNamesOf(products.data ?? []), [products.data]);
  const byPlan = useMemo(() => productsByPlan(products.data ?? []), [products.data]);

  if (apps.data === undefined || products.data === undefined || policies.data === undefined) {
    return <Waiting queries={[apps, products, policies]} rows={3} />;
  }
  const opened = asked !== undefined && 'opened' in asked ? asked.opened : undefined;
  const now = apps.data.find(({ id }) => id === opened?.id);
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
              ask({ kind: 'add' });
            }}
          >
            {t('add.open')}
          </Button>
        )}
      </div>
      <DetailRows label={t('list')}>
        {apps.data.map((app) => {
          const licensing = productsWith(app.servicePlanIds, byPlan);
          return (
            <DetailRow
              key={app.id}
              name={app.name}
              note={app.id}
              aside={<Text>{noteOf(licensing.size)}</Text>}
              actions={isBuiltIn(app) && <Badge appearance="outline">{t('builtIn')}</Badge>}
            >
              <AppDetails
                app={app}
                products={products.data.filter((product) => licensing.has(product))}
                planNames={planNames}
                policy={policies.data.find(({ appId }) => appId === app.id)}
                onAsk={(kind) => {
                  ask({ kind, opened: app });
                }}
              />
            </DetailRow>
          );
        })}
      </DetailRows>
      <Suspense>
        {(asked?.kind === 'add' || asked?.kind === 'edit') && (
          <AppDialog
            {...(asked.kind === 'edit' && { opened: asked.opened, now })}
            apps={apps.data}
            byPlan={byPlan}
            planNames={planNames}
            onDone={done}
            onClose={close}
          />
        )}
        {asked?.kind === 'delete' && (
          <DeleteDialog
            opened={asked.opened}
            now={now}
            remove={remove}
            title={t('delete.title', { app: asked.opened.name })}
            text={t('delete.text')}
            action={t('delete.action')}
            onDone={() => {
              done(t('delete.done', { app: asked.opened.name }));
            }}
            onClose={close}
          />
        )}
      </Suspense>
      {toaster}
    </>
  );
}
