/** One user: the licenses held, where each came from, and what can be done about them. */
import { Button, makeStyles, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { AddRegular, ArrowLeftRegular, TicketDiagonalRegular } from '@fluentui/react-icons';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useMayManage } from '../../api/me';
import { type Product, useProducts } from '../../api/products';
import { type License, useUserLicenses } from '../../api/users';
import { EmptyState } from '../../components/EmptyState';
import { PageHeader } from '../../components/PageHeader';
import { useAsked } from '../../components/useAsked';
import { Waiting } from '../../components/Waiting';
import { LicenseCard } from './LicenseCard';
import { nameOf, noteOf } from '../../components/user';

const LicenseDialog = lazy(async () => ({ default: (await import('./LicenseDialog')).LicenseDialog }));
const TakeBackDialog = lazy(async () => ({ default: (await import('./TakeBackDialog')).TakeBackDialog }));

const useStyles = makeStyles({
  back: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    marginBottom: tokens.spacingVerticalM,
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'none',
    ':hover': { textDecorationLine: 'underline' },
  },
  cards: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, margin: 0, padding: 0 },
});

type Asked = { kind: 'assign' } | { kind: 'change' | 'takeBack'; license: License } | { kind: 'takeAllBack' };

export function UserPage() {
  const { userId = '' } = useParams();
  return <Page key={userId} userId={userId} />;
}

function Page({ userId }: { userId: string }) {
  const styles = useStyles();
  const { t } = useTranslation('users');
  const user = useUserLicenses(userId);
  const products = useProducts();
  const mayManage = useMayManage();
  const restoreFocus = useRestoreFocusTarget();
  const { asked, ask, close, done, toaster } = useAsked<Asked>();

  const name = nameOf(user.data ?? { userId });
  const note = noteOf(user.data ?? { userId });
  const isRead = user.data !== undefined && products.data !== undefined;
  const assign = mayManage && (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      {...restoreFocus}
      onClick={() => {
        ask({ kind: 'assign' });
      }}
    >
      {t('assign.open')}
    </Button>
  );

  return (
    <>
      <Link to="/users" className={styles.back}>
        <ArrowLeftRegular aria-hidden="true" />
        {t('back')}
      </Link>
      <PageHeader title={name} {...(note !== '' && { description: note })}>
        {isRead && user.data.licenses.length > 0 && (
          <>
            {assign}
            {mayManage && user.data.licenses.length > 1 && (
              <Button
                {...restoreFocus}
                onClick={() => {
                  ask({ kind: 'takeAllBack' });
                }}
              >
                {t('takeAllBack.open')}
              </Button>
            )}
          </>
        )}
      </PageHeader>
      {isRead ? (
        <Licenses licenses={user.data.licenses} products={products.data} empty={assign} ask={ask} />
      ) : (
        <Waiting queries={[user, products]} rows={3} />
      )}
      <Suspense>
        {isRead && (asked?.kind === 'assign' || asked?.kind === 'change') && (
          <LicenseDialog
            userId={userId}
            userName={name}
            products={products.data}
            held={user.data.licenses}
            {...(asked.kind === 'change' && { license: asked.license })}
            onDone={done}
            onClose={close}
          />
        )}
        {(asked?.kind === 'takeBack' || asked?.kind === 'takeAllBack') && (
          <TakeBackDialog
            userId={userId}
            userName={name}
            {...(asked.kind === 'takeBack' && { license: asked.license })}
            onDone={done}
            onClose={close}
          />
        )}
      </Suspense>
      {toaster}
    </>
  );
}

interface LicensesProps {
  licenses: readonly License[];
  products: readonly Product[];
  /** The button where there are none. */
  empty: ReactNode;
  ask: (asked: { kind: 'change' | 'takeBack'; license: License }) => void;
}

function Licenses({ licenses, products, empty, ask }: LicensesProps) {
  const styles = useStyles();
  const { t } = useTranslation('users');
  if (licenses.length === 0) {
    return (
      <EmptyState icon={<TicketDiagonalRegular />} title={t('noLicenses.title')} text={t('noLicenses.text')}>
        {empty}
      </EmptyState>
    );
  }
  return (
    <ul className={styles.cards} aria-label={t('licenses')}>
      {licenses.map((license) => (
        <LicenseCard
          key={license.skuId}
          license={license}
          product={products.find(({ skuId }) => skuId === license.skuId)}
          onAsk={(kind) => {
            ask({ kind, license });
          }}
        />
      ))}
    </ul>
  );
}
