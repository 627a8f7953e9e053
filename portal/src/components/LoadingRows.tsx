/** Where a list will stand: rows of its height, so that nothing jumps when it comes. */
import { makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';

const useStyles = makeStyles({
  rows: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

export function LoadingRows({ rows = 5 }: { rows?: number }) {
  const styles = useStyles();
  const { t } = useTranslation('common');
  return (
    <Skeleton aria-label={t('loading')} className={styles.rows}>
      {Array.from({ length: rows }, (_, row) => (
        <SkeletonItem key={row} size={28} />
      ))}
    </Skeleton>
  );
}
