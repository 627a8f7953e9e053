/** Where in the wizard one is. Pages that were passed are links back to what was entered. */
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled, CircleRegular, RadioButtonFilled } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../i18n/format';
import { type Catalog, type Draft, productOf } from './draft';
import { placeOf, type Step } from './steps';

const wide = '@media (min-width: 1001px)';

const useStyles = makeStyles({
  list: {
    display: 'none',
    listStyleType: 'none',
    // The icons stand in line with the title above.
    margin: `0 0 0 calc(-1 * ${tokens.spacingHorizontalS})`,
    padding: 0,
    [wide]: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXS },
  },
  step: {
    display: 'grid',
    gridTemplateColumns: '20px 1fr',
    gap: tokens.spacingHorizontalS,
    alignItems: 'start',
    width: '100%',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalS}`,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground3,
    font: 'inherit',
    textAlign: 'left',
    overflowWrap: 'anywhere',
  },
  passed: {
    color: tokens.colorNeutralForeground1,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  current: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  product: { display: 'block', color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular },
  icon: { fontSize: '20px', color: tokens.colorNeutralForeground3 },
  mark: { color: tokens.colorCompoundBrandForeground1 },
  // Where there is no room for the list, its place in words and as a line.
  short: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    color: tokens.colorNeutralForeground3,
    [wide]: { display: 'none' },
  },
  track: { height: '4px', borderRadius: tokens.borderRadiusCircular, backgroundColor: tokens.colorNeutralBackground6 },
  bar: {
    height: '100%',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorCompoundBrandBackground,
    transitionProperty: 'width',
    transitionDuration: tokens.durationNormal,
  },
});

interface ProgressProps {
  steps: readonly Step[];
  current: Step;
  draft: Draft;
  catalog: Catalog;
  onGo: (step: Step) => void;
}

export function Progress({ steps, current, draft, catalog, onGo }: ProgressProps) {
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const { number } = useFormat();
  const here = steps.indexOf(current);
  return (
    <nav aria-label={t('progress')}>
      <div className={styles.short}>
        <Text size={200}>{t('stepOf', { step: number(here + 1), steps: number(steps.length) })}</Text>
        <div className={styles.track} aria-hidden="true">
          <div className={styles.bar} style={{ width: `${(((here + 1) / steps.length) * 100).toString()}%` }} />
        </div>
      </div>
      <ol className={styles.list}>
        {steps.map((step, place) => (
          <li key={step} aria-current={step === current ? 'step' : undefined}>
            <Entry
              step={step}
              product={productOf(draft.skuIds[placeOf(step) ?? -1] ?? '', catalog)?.displayName}
              state={place < here ? 'passed' : place === here ? 'current' : 'ahead'}
              onGo={onGo}
            />
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface EntryProps {
  step: Step;
  product: string | undefined;
  state: 'passed' | 'current' | 'ahead';
  onGo: (step: Step) => void;
}

function Entry({ step, product, state, onGo }: EntryProps) {
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const kind = placeOf(step) === undefined ? (step as 'name' | 'products' | 'review') : 'services';
  const Icon = { passed: CheckmarkCircleFilled, current: RadioButtonFilled, ahead: CircleRegular }[state];
  const content = (
    <>
      <Icon className={mergeClasses(styles.icon, state !== 'ahead' && styles.mark)} aria-hidden="true" />
      <span>
        {t(`${kind}.step`)}
        {product !== undefined && (
          <Text size={200} className={styles.product}>
            {product}
          </Text>
        )}
      </span>
    </>
  );
  if (state !== 'passed')
    return <span className={mergeClasses(styles.step, state === 'current' && styles.current)}>{content}</span>;
  return (
    <button
      type="button"
      className={mergeClasses(styles.step, styles.passed)}
      onClick={() => {
        onGo(step);
      }}
    >
      {content}
    </button>
  );
}
