/** Which apps and services of one product are on in the licenses that the policy gives. */
import { Checkbox, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { App } from '../../api/apps';
import type { Product } from '../../api/products';
import { useFormat } from '../../i18n/format';
import { isNeeded, offIn } from './draft';
import type { PageProps } from './PageBody';

/** From this many on, there is a field to search in them. */
const SEARCHED_FROM = 12;

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  top: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'space-between' },
  search: { maxWidth: '480px' },
  quiet: { color: tokens.colorNeutralForeground3 },
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 320px), 1fr))',
    alignItems: 'start',
    columnGap: tokens.spacingHorizontalL,
    margin: 0,
    padding: 0,
    border: 'none',
    minWidth: 0,
  },
  name: { overflowWrap: 'anywhere' },
  reason: { display: 'block', color: tokens.colorNeutralForeground3 },
});

export function ServicesPage({ draft, product, app, onChange }: PageProps & { product: Product; app: App }) {
  const styles = useStyles();
  const { t, i18n } = useTranslation('wizard');
  const { number } = useFormat();
  const [text, setText] = useState('');
  const off = offIn(draft, product, app);
  const plans = product.servicePlans.toSorted((one, other) =>
    one.displayName.localeCompare(other.displayName, i18n.language),
  );
  const wanted = text.trim().toLocaleLowerCase();
  const found = plans.filter(({ displayName }) => displayName.toLocaleLowerCase().includes(wanted));
  const turn = (turned: string[]) => {
    onChange({ off: { ...draft.off, [product.skuId]: turned } });
  };

  return (
    <div className={styles.all}>
      {plans.length >= SEARCHED_FROM && (
        <Input
          className={styles.search}
          type="search"
          aria-label={t('services.search')}
          placeholder={t('services.search')}
          contentBefore={<SearchRegular />}
          value={text}
          onKeyDown={(event) => {
            // Enter searches; it does not go to the next page.
            if (event.key === 'Enter') event.preventDefault();
          }}
          onChange={(_event, { value }) => {
            setText(value);
          }}
        />
      )}
      <div className={styles.top}>
        <Checkbox
          label={t('services.all')}
          checked={off.length === 0 ? true : off.length >= plans.length - 1 ? false : 'mixed'}
          onChange={(_event, { checked }) => {
            turn(checked === true ? [] : plans.map(({ servicePlanId }) => servicePlanId));
          }}
        />
        <Text role="status" size={200} className={styles.quiet}>
          {t('services.count', { on: number(plans.length - off.length), all: number(plans.length) })}
        </Text>
      </div>
      <fieldset className={styles.list} aria-label={t('services.list', { product: product.displayName })}>
        {found.map(({ servicePlanId, displayName }) => {
          const isLocked = isNeeded(servicePlanId, draft, product, app);
          return (
            <Checkbox
              key={servicePlanId}
              label={
                <span className={styles.name}>
                  {displayName}
                  {isLocked && (
                    <Text size={200} className={styles.reason}>
                      {t('services.needed', { app: app.name })}
                    </Text>
                  )}
                </span>
              }
              checked={!off.includes(servicePlanId)}
              disabled={isLocked}
              onChange={(_event, { checked }) => {
                turn(checked === true ? off.filter((id) => id !== servicePlanId) : [...off, servicePlanId]);
              }}
            />
          );
        })}
      </fieldset>
      {found.length === 0 && <Text className={styles.quiet}>{t('services.noneFound')}</Text>}
    </div>
  );
}
