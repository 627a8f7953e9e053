/** A product at its place in the assigning order: chosen, moved, or taken out. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular, DismissRegular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { App } from '../../api/apps';
import { useFormat } from '../../i18n/format';
import { type Alternative, Choice } from './Choice';
import { moved, type ProductFault } from './draft';

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: tokens.spacingHorizontalXS },
  // In line with the field, whose label stands above it.
  actions: { display: 'flex', marginTop: '22px', '@media (max-width: 480px)': { marginTop: 0 } },
});

interface ProductRowProps {
  place: number;
  skuIds: readonly string[];
  alternatives: readonly Alternative[];
  fault: ProductFault | undefined;
  app: App | undefined;
  onChange: (skuIds: string[]) => void;
}

export function ProductRow({ place, skuIds, alternatives, fault, app, onChange }: ProductRowProps) {
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const { number } = useFormat();
  const label = place === 0 ? t('products.primary') : t('products.backup', { number: number(place) });
  const action = (name: 'up' | 'down' | 'remove', icon: ReactElement, changed: string[], isPossible = true) => (
    <Button
      appearance="subtle"
      icon={icon}
      aria-label={t(`products.${name}`, { product: label })}
      title={t(`products.${name}`, { product: label })}
      disabledFocusable={!isPossible}
      onClick={() => {
        onChange(changed);
      }}
    />
  );
  return (
    <li className={styles.row}>
      <Choice
        label={label}
        placeholder={t('products.chooseProduct')}
        alternatives={alternatives}
        chosenId={skuIds[place] ?? ''}
        fault={fault && t(`products.fault.${fault}`, { app: app?.name ?? '' })}
        onChoose={(skuId) => {
          onChange(skuIds.with(place, skuId));
        }}
      />
      {skuIds.length > 1 && (
        <div className={styles.actions}>
          {action('up', <ArrowUpRegular />, moved(skuIds, place, -1), place > 0)}
          {action('down', <ArrowDownRegular />, moved(skuIds, place, 1), place < skuIds.length - 1)}
          {action('remove', <DismissRegular />, skuIds.toSpliced(place, 1))}
        </div>
      )}
    </li>
  );
}
