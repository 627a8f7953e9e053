/** Offers the products that contain the policy's app; the others are there too, and say why they cannot be chosen. */
import {
  Button,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  tokens,
} from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { App } from '../../../../api/apps';
import { POLICY_PRODUCTS_MAX } from '../../../../api/policies';
import { licenses, type Product } from '../../../../api/products';
import { useFormat } from '../../../../i18n/format';
import type { Draft } from './draft';

const useStyles = makeStyles({
  list: { maxHeight: 'min(420px, 60dvh)', maxWidth: 'min(420px, 90vw)', overflowY: 'auto' },
  item: { maxWidth: 'none', overflowWrap: 'anywhere' },
  note: { color: tokens.colorNeutralForeground2 },
});

interface AddProductProps {
  draft: Draft;
  products: readonly Product[];
  app: App | undefined;
  onEdit: (draft: Draft) => void;
}

export function AddProduct({ draft, products, app, onEdit }: AddProductProps) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const { number } = useFormat();
  const others = products.filter(({ skuId }) => !draft.skuIds.includes(skuId));
  const whyNone =
    products.length <= 1
      ? t('products.onlyOne')
      : others.length === 0
        ? t('products.allIn')
        : draft.skuIds.length >= POLICY_PRODUCTS_MAX
          ? t('products.full', { count: POLICY_PRODUCTS_MAX })
          : undefined;
  if (whyNone !== undefined) {
    return (
      <Text size={200} className={styles.note}>
        {whyNone}
      </Text>
    );
  }
  const fitting = others.filter((product) => app !== undefined && licenses(product, app));
  const rest = others.filter((product) => !fitting.includes(product));
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<AddRegular />}>{t('products.add')}</Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList className={styles.list}>
          {fitting.map(({ skuId, displayName, availableLicenses }) => (
            <MenuItem
              key={skuId}
              className={styles.item}
              subText={t('products.available', { count: availableLicenses, number: number(availableLicenses) })}
              onClick={() => {
                onEdit({ ...draft, skuIds: [...draft.skuIds, skuId] });
              }}
            >
              {displayName}
            </MenuItem>
          ))}
          {rest.map(({ skuId, displayName }) => (
            <MenuItem
              key={skuId}
              disabled
              className={styles.item}
              subText={t('products.lacksApp', { app: app?.name ?? '' })}
            >
              {displayName}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
