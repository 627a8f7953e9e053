/** What another administrator saved while this draft was being made, field by field, and whose change is to stay. */
import { makeStyles, Radio, RadioGroup, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Policy } from '../../../../api/policies';
import type { Product } from '../../../../api/products';
import { ActionDialog } from '../../../../components/ActionDialog';
import { useFormat } from '../../../../i18n/format';
import { differences, merged } from './conflict';
import { type Draft, draftOf, type Field, skuIdOf } from './draft';
import { useWording } from './wording';

const useStyles = makeStyles({
  intro: { display: 'block', overflowWrap: 'anywhere' },
  list: { listStyleType: 'none', margin: `${tokens.spacingVerticalL} 0 0`, padding: 0, overflowWrap: 'anywhere' },
  field: {
    padding: `${tokens.spacingVerticalM} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  line: { display: 'block', marginTop: tokens.spacingVerticalXS },
  quiet: { display: 'block', color: tokens.colorNeutralForeground3, marginTop: tokens.spacingVerticalXXS },
});

interface ConflictDialogProps {
  base: Policy;
  mine: Draft;
  theirs: Policy;
  products: readonly Product[];
  nameOf: (skuId: string) => string;
  onResolve: (draft: Draft) => void;
  onClose: () => void;
}

export function ConflictDialog({ base, mine, theirs, products, nameOf, onResolve, onClose }: ConflictDialogProps) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const { moment } = useFormat();
  const versions = { base: draftOf(base), mine, theirs: draftOf(theirs) };
  const changed = differences(versions);
  const [kept, setKept] = useState<ReadonlySet<Field>>(
    () => new Set(changed.filter(({ isDisputed }) => isDisputed).map(({ field }) => field)),
  );
  const wording = useWording(products, nameOf);
  const title = (field: Field): string => {
    const skuId = skuIdOf(field);
    if (skuId !== undefined) return t('conflict.services', { product: nameOf(skuId) });
    return field === 'name' ? t('name') : field === 'enabled' ? t('conflict.status') : t('products.title');
  };
  const who = 'name' in theirs.modifiedBy ? theirs.modifiedBy.name : undefined;
  const hasDispute = changed.some(({ isDisputed }) => isDisputed);
  return (
    <ActionDialog
      title={t('conflict.title')}
      action={t('conflict.save')}
      onClose={onClose}
      onSubmit={() => {
        onResolve(merged(versions, kept));
      }}
    >
      <Text className={styles.intro}>
        {who === undefined
          ? t('conflict.somebody', { at: moment(theirs.modifiedAt) })
          : t('conflict.who', { who, at: moment(theirs.modifiedAt) })}{' '}
        {changed.length === 0 ? t('conflict.nothing') : hasDispute ? t('conflict.choose') : t('conflict.apart')}
      </Text>
      <ul className={styles.list}>
        {changed.map(({ field, isDisputed }) => (
          <li key={field} className={styles.field}>
            <Text weight="semibold">{title(field)}</Text>
            <Text className={styles.quiet}>{t('conflict.before', { value: wording(field, versions.base) })}</Text>
            {isDisputed ? (
              <RadioGroup
                aria-label={title(field)}
                value={kept.has(field) ? 'mine' : 'theirs'}
                onChange={(_event, { value }) => {
                  const others = [...kept].filter((each) => each !== field);
                  setKept(new Set(value === 'mine' ? [...others, field] : others));
                }}
              >
                <Radio value="mine" label={t('conflict.mine', { value: wording(field, mine) })} />
                <Radio value="theirs" label={t('conflict.theirs', { value: wording(field, versions.theirs) })} />
              </RadioGroup>
            ) : (
              <Text className={styles.line}>{t('conflict.now', { value: wording(field, versions.theirs) })}</Text>
            )}
          </li>
        ))}
      </ul>
    </ActionDialog>
  );
}
