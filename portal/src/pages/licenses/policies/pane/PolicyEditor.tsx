/** The pane's tabs over one draft, and the one Save below them. */
import {
  Button,
  DrawerBody,
  DrawerFooter,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Tab,
  TabList,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { App } from '../../../../api/apps';
import { useServiceState } from '../../../../api/context';
import type { Policy } from '../../../../api/policies';
import type { Product } from '../../../../api/products';
import { ErrorNote } from '../../../../components/ErrorNote';
import { useFormat } from '../../../../i18n/format';
import { Claims } from './Claims';
import { ConflictDialog } from './ConflictDialog';
import { General } from './General';
import { LeaveGuard } from '../../../../components/LeaveGuard';
import { PaneActions } from './PaneActions';
import { Services } from './Services';
import { faultsOf } from './faults';
import { usePolicyDraft } from './usePolicyDraft';

const TABS = ['general', 'services', 'claims'] as const;
type TabName = (typeof TABS)[number];

const useStyles = makeStyles({
  tabs: {
    // As far left as the text below, whatever the tabs' own margins.
    margin: `0 calc(-1 * ${tokens.spacingHorizontalM}) ${tokens.spacingVerticalL}`,
    flexWrap: 'wrap',
  },
  body: { display: 'flex', flexDirection: 'column' },
  panel: { paddingBottom: tokens.spacingVerticalXXL },
  note: { marginBottom: tokens.spacingVerticalL },
  footer: {
    flexDirection: 'column',
    alignItems: 'stretch',
    gap: tokens.spacingVerticalM,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    paddingTop: tokens.spacingVerticalM,
  },
  status: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, ':empty': { display: 'none' } },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** The tab is in the address, so that a link can lead to one. */
function useTab(): [TabName, (tab: TabName) => void] {
  const [parameters, setParameters] = useSearchParams();
  return [
    TABS.find((name) => name === parameters.get('tab')) ?? TABS[0],
    (tab) => {
      setParameters({ tab }, { replace: true });
    },
  ];
}

interface PolicyEditorProps {
  policy: Policy;
  readAgain: () => Promise<{ data: Policy | undefined }>;
  products: readonly Product[];
  app: App | undefined;
  isSettingOn: boolean;
  isReadOnly: boolean;
  onClose: () => void;
}

export function PolicyEditor(props: PolicyEditorProps) {
  const { policy, readAgain, products, app, isSettingOn, isReadOnly, onClose } = props;
  const styles = useStyles();
  const { t } = useTranslation(['policyPane', 'shell', 'common']);
  const format = useFormat();
  const work = usePolicyDraft(policy, products, readAgain);
  const [tab, setTab] = useTab();
  const [wasAsked, setAsked] = useState(false);
  const mayLeave = useRef(false);
  const restoreFocus = useRestoreFocusTarget();
  const isAway = useServiceState() === 'away';

  const faults = faultsOf(work.draft, products, app);
  const lacking = format.list(faults.lacking.map(({ displayName }) => displayName));
  const nameOf = (skuId: string): string =>
    [...products, ...policy.products].find((product) => product.skuId === skuId)?.displayName ?? skuId;

  function save(): void {
    setAsked(true);
    if (faults.name !== undefined) setTab('general');
    else if (faults.lacking.length > 0) setTab('services');
    else {
      setAsked(false);
      work.save();
    }
  }

  return (
    <>
      <DrawerBody className={styles.body}>
        <PaneActions
          policy={policy}
          isSettingOn={isSettingOn}
          isReadOnly={isReadOnly}
          onDeleted={() => {
            mayLeave.current = true;
            onClose();
          }}
        />
        <TabList
          className={styles.tabs}
          selectedValue={tab}
          onTabSelect={(_event, { value }) => {
            setTab(value as TabName);
          }}
        >
          {TABS.map((name) => (
            <Tab key={name} value={name} id={`policy-tab-${name}`} aria-controls="policy-tab-panel">
              {t(`tabs.${name}`)}
            </Tab>
          ))}
        </TabList>
        {isReadOnly && (
          <MessageBar layout="multiline" className={styles.note}>
            <MessageBarBody>{t('common:readOnly')}</MessageBarBody>
          </MessageBar>
        )}
        <div role="tabpanel" id="policy-tab-panel" aria-labelledby={`policy-tab-${tab}`} className={styles.panel}>
          {tab === 'general' && (
            <General
              draft={work.draft}
              products={products}
              policy={policy}
              app={app}
              isSettingOn={isSettingOn}
              isReadOnly={isReadOnly}
              nameFault={wasAsked ? faults.name : undefined}
              error={work.error}
              onEdit={work.edit}
            />
          )}
          {tab === 'services' && (
            <Services
              draft={work.draft}
              products={products}
              app={app}
              lacking={faults.lacking}
              isReadOnly={isReadOnly}
              onEdit={work.edit}
            />
          )}
          {tab === 'claims' && <Claims policy={policy} />}
        </div>
      </DrawerBody>
      {!isReadOnly && (
        <DrawerFooter className={styles.footer}>
          <div role="status" className={styles.status}>
            {isAway && work.error === null && (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>
                  {t('shell:away.title')}. {t('shell:away.text')}
                </MessageBarBody>
              </MessageBar>
            )}
            {work.isOvertaken && (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>{t('changedElsewhere')}</MessageBarBody>
              </MessageBar>
            )}
            {wasAsked && lacking !== '' && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{t('services.lack', { app: policy.appName, products: lacking })}</MessageBarBody>
              </MessageBar>
            )}
            {work.isSaved && (
              <MessageBar intent="success">
                <MessageBarBody>{t('saved')}</MessageBarBody>
              </MessageBar>
            )}
          </div>
          {work.error !== null && <ErrorNote error={work.error} />}
          <div className={styles.buttons}>
            <Button
              {...restoreFocus}
              appearance="primary"
              disabledFocusable={!work.isChanged || work.isSaving}
              onClick={save}
            >
              {work.isSaving ? t('saving') : t('save')}
            </Button>
            <Button
              disabledFocusable={!work.isChanged || work.isSaving}
              onClick={() => {
                setAsked(false);
                work.discard();
              }}
            >
              {t('discard')}
            </Button>
          </div>
        </DrawerFooter>
      )}
      <LeaveGuard isChanged={work.isChanged} mayLeave={mayLeave} title={t('leave.title')} action={t('leave.action')}>
        {t('leave.text')}
      </LeaveGuard>
      {work.theirs !== undefined && (
        <ConflictDialog
          base={work.base}
          mine={work.draft}
          theirs={work.theirs}
          products={products}
          nameOf={nameOf}
          onResolve={work.resolve}
          onClose={work.postpone}
        />
      )}
    </>
  );
}
