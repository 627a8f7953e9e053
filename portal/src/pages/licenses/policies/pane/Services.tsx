/** The apps and services that a claimed license has on: of one product, or of all of the policy's at once. */
import { Field, makeStyles, MessageBar, MessageBarBody, Select, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { App } from '../../../../api/apps';
import type { Product } from '../../../../api/products';
import { SearchField } from '../../../../components/SearchField';
import { useFormat } from '../../../../i18n/format';
import { type Draft, turned } from './draft';
import { type Service, servicesOf } from './service';
import { ServiceGroup } from './ServiceGroup';

const ALL = 'all';
/** So few are seen at one glance. */
const SEARCHED_FROM = 8;

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  note: { color: tokens.colorNeutralForeground2 },
  tools: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 220px), 1fr))',
    gap: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    alignItems: 'end',
  },
  search: { maxWidth: 'none' },
});

interface ServicesProps {
  draft: Draft;
  products: readonly Product[];
  app: App | undefined;
  lacking: readonly Product[];
  isReadOnly: boolean;
  onEdit: (draft: Draft) => void;
}

export function Services({ draft, products, app, lacking, isReadOnly, onEdit }: ServicesProps) {
  const styles = useStyles();
  const { t, i18n } = useTranslation('policyPane');
  const { number, list } = useFormat();
  const inPolicy = draft.skuIds.flatMap((skuId) => products.find((product) => product.skuId === skuId) ?? []);
  const [scope, setScope] = useState<string>(ALL);
  const [sought, setSought] = useState('');
  const one = inPolicy.find(({ skuId }) => skuId === scope) ?? (inPolicy.length === 1 ? inPolicy[0] : undefined);
  const shown = one === undefined ? inPolicy : [one];

  const services = servicesOf(shown, draft.off, i18n.language);
  const found = services.filter(({ displayName, servicePlanName }) =>
    [displayName, servicePlanName].some((name) => name.toLowerCase().includes(sought.trim().toLowerCase())),
  );
  const licensing = found.filter(({ id }) => app?.servicePlanIds.includes(id));
  const others = found.filter((service) => !licensing.includes(service));
  const on = services.filter((service) => service.onIn.length > 0).length;

  function turn(turnedServices: readonly Service[], isOn: boolean): void {
    // A product gets off only what it contains.
    onEdit(turnedServices.reduce((sum, { id, inSkuIds }) => turned(sum, inSkuIds, [id], isOn), draft));
  }

  const nameOf = (skuId: string): string => inPolicy.find((each) => each.skuId === skuId)?.displayName ?? skuId;
  const group = { isReadOnly, productCount: shown.length, nameOf, onTurn: turn };
  return (
    <div className={styles.all}>
      <Text className={styles.note}>{t('services.text')}</Text>
      <div className={styles.tools}>
        {inPolicy.length > 1 && (
          <Field label={t('services.scope')}>
            <Select
              value={one?.skuId ?? ALL}
              onChange={(_event, { value }) => {
                setScope(value);
              }}
            >
              <option value={ALL}>{t('services.all')}</option>
              {inPolicy.map(({ skuId, displayName }) => (
                <option key={skuId} value={skuId}>
                  {displayName}
                </option>
              ))}
            </Select>
          </Field>
        )}
        {services.length >= SEARCHED_FROM && (
          <SearchField className={styles.search} label={t('services.search')} value={sought} onChange={setSought} />
        )}
      </div>
      {lacking.length > 0 && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            {t('services.lack', { app: app?.name ?? '', products: list(lacking.map((each) => each.displayName)) })}
          </MessageBarBody>
        </MessageBar>
      )}
      <Text size={200} className={styles.note} role="status">
        {sought.trim() === ''
          ? t('services.count', { on: number(on), all: number(services.length) })
          : t('services.found', { count: found.length, number: number(found.length) })}
      </Text>
      {licensing.length > 0 && (
        <ServiceGroup title={t('services.licensing', { app: app?.name ?? '' })} services={licensing} {...group} />
      )}
      {others.length > 0 && (
        <ServiceGroup title={t('services.others')} services={others} hasAll={sought.trim() === ''} {...group} />
      )}
    </div>
  );
}
