/**
 * The wizard's pages around one draft. The page is in the address, so the browser's Back goes a page back; what was
 * entered is kept here, and outlasts a service that is away.
 */
import { makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'react-router';
import { ApiError, AwayError, UNAVAILABLE } from '../../../../api/errors';
import { type Policy, useCreatePolicy } from '../../../../api/policies';
import { Actions } from './Actions';
import { Created } from './Created';
import { type Catalog, creationOf, type Draft, EMPTY, madeOf } from './draft';
import { LeaveGuard } from '../../../../components/LeaveGuard';
import { PageBody } from './PageBody';
import { Progress } from './Progress';
import { SettingBar } from './SettingBar';
import { isFaulty, isUnfinished, type Step, stepOfRefusal, stepsOf } from './steps';

const useStyles = makeStyles({
  all: {
    display: 'grid',
    gridTemplateColumns: '220px minmax(0, 760px)',
    gap: '24px 48px',
    '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXL, minWidth: 0 },
});

interface PagesProps {
  catalog: Catalog;
  /** Reads everything again and gives it. */
  onReread: () => Promise<Catalog>;
}

export function Pages({ catalog, onReread }: PagesProps) {
  const { t } = useTranslation('wizard');
  const styles = useStyles();
  const [parameters, setParameters] = useSearchParams();
  const { key } = useLocation();
  const [openedAt] = useState(key);
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [tried, setTried] = useState<{ step: Step; attempts: number }>();
  const [refusal, setRefusal] = useState<{ step: Step; error: Error }>();
  const [isOutcomeUnknown, setOutcomeUnknown] = useState(false);
  const [created, setCreated] = useState<Policy>();
  const create = useCreatePolicy();

  const policy = created ?? (isOutcomeUnknown ? madeOf(draft, catalog) : undefined);
  const steps = stepsOf(draft);
  const asked = parameters.get('step');
  const step = reached(steps, asked, draft, catalog);
  const place = steps.indexOf(step);
  useEffect(() => {
    // Else the page would change by itself as soon as what is missing here was entered.
    if (asked !== null && asked !== step) setParameters({ step }, { replace: true });
  }, [asked, step, setParameters]);

  function go(to: Step): void {
    if (to !== step) setParameters({ step: to });
  }

  function change(changed: Partial<Draft>): void {
    setDraft({ ...draft, ...changed });
    setRefusal(undefined);
  }

  function next(): void {
    if (isFaulty(step, draft, catalog)) goMend(step);
    else if (step === 'review') finish();
    else go(steps[place + 1] ?? step);
  }

  /** To a page with a fault, which then shows it. */
  function goMend(to: Step, error?: Error): void {
    setTried({ step: to, attempts: (tried?.step === to ? tried.attempts : 0) + 1 });
    if (error !== undefined) setRefusal({ step: to, error });
    go(to);
  }

  function finish(): void {
    setRefusal(undefined);
    // What was right when it was entered can have become wrong: another administrator is at work too.
    const faulty = steps.find((each) => isFaulty(each, draft, catalog));
    if (faulty !== undefined) {
      goMend(faulty);
      return;
    }
    create.mutate(creationOf(draft, catalog), {
      onSuccess: setCreated,
      onError: (error) => void mend(error),
    });
  }

  /** Leads to the page where what was refused can be mended, with what the tenant has now to choose from. */
  async function mend(error: Error): Promise<void> {
    if (!(error instanceof ApiError) || error instanceof AwayError || error.status === UNAVAILABLE) {
      setOutcomeUnknown(true);
      setRefusal({ step: 'review', error });
      return;
    }
    const now = await onReread();
    goMend(steps.find((each) => isFaulty(each, draft, now)) ?? stepOfRefusal(error), error);
  }

  if (policy !== undefined) return <Created policy={policy} />;
  return (
    <>
      <SettingBar />
      <div className={styles.all}>
        <Progress steps={steps} current={step} draft={draft} catalog={catalog} onGo={go} />
        <form
          className={styles.page}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            next();
          }}
        >
          <PageBody
            key={step}
            step={step}
            draft={draft}
            catalog={catalog}
            attempts={tried?.step === step ? tried.attempts : 0}
            refusal={refusal?.step === step ? refusal.error : undefined}
            takesFocus={key !== openedAt}
            onChange={change}
            onGo={go}
          />
          <Actions
            isFirst={place === 0}
            isLast={step === 'review'}
            isWorking={create.isPending}
            onBack={() => {
              go(steps[place - 1] ?? step);
            }}
          />
        </form>
      </div>
      <LeaveGuard isChanged={draft !== EMPTY} title={t('leave.title')} action={t('leave.action')}>
        {t('leave.text')}
      </LeaveGuard>
    </>
  );
}

/** The page that was asked for, if everything before it has been chosen; else the first where something is missing. */
function reached(steps: readonly Step[], asked: string | null, draft: Draft, catalog: Catalog): Step {
  const wanted = steps.find((step) => step === asked) ?? 'name';
  return steps.slice(0, steps.indexOf(wanted)).find((step) => isUnfinished(step, draft, catalog)) ?? wanted;
}
