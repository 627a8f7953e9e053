/** What stands around every page: the header, the navigation, and a banner when it cannot be up to date. */
import { makeStyles, tokens, useRestoreFocusTarget } from '@fluentui/react-components';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useMatches, useNavigation } from 'react-router';
import { ApiError } from '../api/errors';
import { useMe } from '../api/me';
import { Banner } from './Banner';
import { Header } from './Header';
import { HEADER_PIXELS, narrow } from './layout';
import { Navigation } from './Navigation';
import { NoRight } from './NoRight';

const NavigationDrawer = lazy(async () => ({ default: (await import('./NavigationDrawer')).NavigationDrawer }));

const FORBIDDEN = 403;

const useStyles = makeStyles({
  skip: {
    position: 'absolute',
    left: tokens.spacingHorizontalM,
    top: '-100px',
    zIndex: 3,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorBrandBackground,
    ':focus': { top: tokens.spacingVerticalXS },
  },
  shell: { display: 'flex', flexDirection: 'column', minHeight: '100dvh' },
  body: { display: 'flex', flexGrow: 1, alignItems: 'stretch' },
  side: {
    flexShrink: 0,
    width: '228px',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    [narrow]: { display: 'none' },
  },
  sideInner: { position: 'sticky', top: `${HEADER_PIXELS.toString()}px`, paddingTop: tokens.spacingVerticalM },
  main: {
    flexGrow: 1,
    minWidth: 0,
    boxSizing: 'border-box',
    maxWidth: '1440px',
    padding: '28px 40px 64px',
    outline: 'none',
    transitionProperty: 'opacity',
    transitionDuration: tokens.durationNormal,
    [narrow]: { padding: '20px 16px 48px' },
  },
  leaving: { opacity: 0.6 },
});

export function Shell() {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  const [isOpen, setOpen] = useState(false);
  const [wasOpened, setOpened] = useState(false);
  const main = useRef<HTMLElement>(null);
  const me = useMe();
  const isLeaving = useNavigation().state === 'loading';
  // A pane has an address of its own, but the page behind it stays as it is.
  const page = useMatches().at(-1)?.id;
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [page]);
  // Fluent hides the page while a dialog is open, and shows it again only as long as something on it uses the focus's
  // way: the page that is come to when the browser's Back takes a dialog away may have nothing that does.
  useRestoreFocusTarget();
  const hasNoRight = me.error instanceof ApiError && me.error.status === FORBIDDEN;

  return (
    <div className={styles.shell}>
      <a
        href="#page"
        className={styles.skip}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('skip')}
      </a>
      <Header
        onMenu={() => {
          setOpened(true);
          setOpen(true);
        }}
      />
      <Banner />
      <div className={styles.body}>
        <div className={styles.side}>
          <div className={styles.sideInner}>
            <Navigation />
          </div>
        </div>
        {wasOpened && (
          <Suspense>
            <NavigationDrawer
              isOpen={isOpen}
              onClose={() => {
                setOpen(false);
              }}
            />
          </Suspense>
        )}
        <main ref={main} id="page" tabIndex={-1} className={`${styles.main} ${isLeaving ? styles.leaving : ''}`}>
          {hasNoRight ? <NoRight /> : <Outlet />}
        </main>
      </div>
    </div>
  );
}
