/** Check boxes for apps and services under one heading. One that is on in some products only is half checked. */
import { Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { type Service, stateOf } from './service';

const useStyles = makeStyles({
  group: { margin: 0, padding: 0, border: 'none', minWidth: 0 },
  title: { padding: 0, marginBottom: tokens.spacingVerticalXS },
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 260px), 1fr))',
    gap: `0 ${tokens.spacingHorizontalL}`,
    marginLeft: `calc(-1 * ${tokens.spacingHorizontalS})`,
  },
  all: { gridColumn: '1 / -1' },
  label: { overflowWrap: 'anywhere' },
  where: { display: 'block', color: tokens.colorNeutralForeground3 },
});

interface ServiceGroupProps {
  title: string;
  services: readonly Service[];
  /** A check box for all of them. */
  hasAll?: boolean;
  isReadOnly: boolean;
  productCount: number;
  nameOf: (skuId: string) => string;
  onTurn: (services: readonly Service[], isOn: boolean) => void;
}

export function ServiceGroup({
  title,
  services,
  hasAll = false,
  isReadOnly,
  productCount,
  nameOf,
  onTurn,
}: ServiceGroupProps) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const states = services.map(stateOf);
  const allState = states.every((state) => state === true) || (states.some((state) => state !== false) && 'mixed');
  return (
    <fieldset className={styles.group}>
      <legend className={styles.title}>
        <Text weight="semibold">{title}</Text>
      </legend>
      <div className={styles.list}>
        {hasAll && !isReadOnly && services.length > 1 && (
          <Checkbox
            className={styles.all}
            label={t('services.everything')}
            checked={allState}
            onChange={() => {
              onTurn(services, allState !== true);
            }}
          />
        )}
        {services.map((service) => (
          <Checkbox
            key={service.id}
            className={styles.label}
            disabled={isReadOnly}
            checked={stateOf(service)}
            label={
              <>
                {service.displayName}
                {productCount > 1 && service.inSkuIds.length < productCount && (
                  <Text size={200} className={styles.where}>
                    {service.inSkuIds.length === 1
                      ? nameOf(service.inSkuIds[0] ?? '')
                      : t('services.in', { count: service.inSkuIds.length, all: productCount })}
                  </Text>
                )}
                {stateOf(service) === 'mixed' && (
                  <Text size={200} className={styles.where}>
                    {t('services.onIn', { count: service.onIn.length, all: service.inSkuIds.length })}
                  </Text>
                )}
              </>
            }
            onChange={() => {
              onTurn([service], stateOf(service) !== true);
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
