/** A product at its place in the assigning order: chosen, moved, or taken out. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular, DismissRegular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { App } from '../../../../api/apps';
import { useFormat } from '../../../../i18n/format';
import { type Alternative, Choice } from './Choice';
import type { ProductFault } from './draft';

const useStyles = makeStyles({
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: tokens.spacingHorizontalXS },
  // In line with the field, whose label stands above it.
  actions: { display: 'flex', marginTop: '22px', '@media (max-width: 480px)': { marginTop: 0 } },
});

interface ProductRowProps {
  place: number;
  /** Of how many. */
  count: number;
  skuId: string;
  alternatives: readonly Alternative[];
  fault: ProductFault | undefined;
  app: App | undefined;
  onChoose: (skuId: string) => void;
  onMove: (step: -1 | 1) => void;
  onRemove: () => void;
}

export function ProductRow(props: ProductRowProps) {
  const { place, count, skuId, alternatives, fault, app, onChoose, onMove, onRemove } = props;
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const { number } = useFormat();
  const label = place === 0 ? t('products.primary') : t('products.backup', { number: number(place) });
  const action = (name: 'up' | 'down' | 'remove', icon: ReactElement, onClick: () => void, isPossible = true) => (
    <Button
      appearance="subtle"
      icon={icon}
      aria-label={t(`products.${name}`, { product: label })}
      title={t(`products.${name}`, { product: label })}
      disabledFocusable={!isPossible}
      onClick={onClick}
    />
  );
  return (
    <li className={styles.row}>
      <Choice
        label={label}
        placeholder={t('products.chooseProduct')}
        alternatives={alternatives}
        chosenId={skuId}
        fault={fault && t(`products.fault.${fault}`, { app: app?.name ?? '' })}
        onChoose={onChoose}
      />
      {count > 1 && (
        <div className={styles.actions}>
          {action(
            'up',
            <ArrowUpRegular />,
            () => {
              onMove(-1);
            },
            place > 0,
          )}
          {action(
            'down',
            <ArrowDownRegular />,
            () => {
              onMove(1);
            },
            place < count - 1,
          )}
          {action('remove', <DismissRegular />, onRemove)}
        </div>
      )}
    </li>
  );
}
