/** How many of a product's licenses are assigned, as a bar with the numbers in words. */
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/format';

/** From this share on, the bar warns. */
export const NEARLY_ALL = 0.9;

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, minWidth: '120px' },
  track: {
    height: '6px',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground6,
    overflow: 'hidden',
  },
  bar: {
    height: '100%',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorCompoundBrandBackground,
    transitionProperty: 'width',
    transitionDuration: tokens.durationSlow,
  },
  nearlyAll: { backgroundColor: tokens.colorPaletteDarkOrangeBackground3 },
  allGone: { backgroundColor: tokens.colorPaletteRedBackground3 },
  text: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

export function SeatBar({ total, assigned, available }: { total: number; assigned: number; available: number }) {
  const styles = useStyles();
  const { t } = useTranslation('common');
  const { number } = useFormat();
  const share = total === 0 ? 0 : Math.min(1, assigned / total);
  return (
    <div className={styles.all}>
      <div className={styles.track} aria-hidden="true">
        <div
          className={mergeClasses(styles.bar, share >= NEARLY_ALL && styles.nearlyAll, share >= 1 && styles.allGone)}
          style={{ width: `${(share * 100).toString()}%` }}
        />
      </div>
      <Text size={200} className={styles.text}>
        {t('seats', { assigned: number(assigned), total: number(total), available: number(available) })}
      </Text>
    </div>
  );
}
