/** Whether the policy is on, what it is called, from which products it takes licenses, and what came of it so far. */
import { Field, Input, makeStyles, Subtitle2, Switch, Text, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { App } from '../../../../api/apps';
import { ApiError } from '../../../../api/errors';
import type { Policy } from '../../../../api/policies';
import type { Product } from '../../../../api/products';
import { useErrorText } from '../../../../components/ErrorNote';
import { AddProduct } from './AddProduct';
import type { Draft } from './draft';
import { About } from './About';
import type { Faults } from './faults';
import { ProductList } from './ProductList';

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXL },
  // The switch's own margins would push it out of line with what is above and below.
  switch: { marginLeft: `calc(-1 * ${tokens.spacingHorizontalS})` },
  note: { color: tokens.colorNeutralForeground2 },
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
});

interface GeneralProps {
  draft: Draft;
  products: readonly Product[];
  policy: Policy;
  app: App | undefined;
  isSettingOn: boolean;
  isReadOnly: boolean;
  nameFault: Faults['name'];
  error: Error | null;
  onEdit: (draft: Draft) => void;
}

export function General(props: GeneralProps) {
  const { draft, products, policy, app, isSettingOn, isReadOnly, nameFault, error, onEdit } = props;
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const textOf = useErrorText();
  const isTaken = error instanceof ApiError && error.code === 'PolicyNameTaken';
  const nameMessage = nameFault !== undefined ? t(`faults.${nameFault}`) : isTaken ? textOf(error) : undefined;
  return (
    <div className={styles.all}>
      <div>
        <Switch
          className={styles.switch}
          label={draft.enabled ? t('on') : t('off')}
          checked={draft.enabled}
          disabled={isReadOnly}
          aria-describedby="policy-switch-note"
          onChange={(_event, { checked }) => {
            onEdit({ ...draft, enabled: checked });
          }}
        />
        <Text id="policy-switch-note" block className={styles.note}>
          {draft.enabled ? (isSettingOn ? t('onText') : t('waitingText')) : t('offText')}
        </Text>
      </div>
      <Field
        label={t('name')}
        {...(nameMessage !== undefined && { validationMessage: nameMessage, validationState: 'error' })}
      >
        <Input
          value={draft.name}
          readOnly={isReadOnly}
          autoComplete="off"
          onChange={(_event, { value }) => {
            onEdit({ ...draft, name: value });
          }}
        />
      </Field>
      <section className={styles.section} aria-labelledby="policy-products">
        <Subtitle2 as="h3" id="policy-products">
          {t('products.title')}
        </Subtitle2>
        <Text className={styles.note}>
          {t('products.text')} {!isReadOnly && t('products.check')}
        </Text>
        <ProductList
          draft={draft}
          products={products}
          isReadOnly={isReadOnly}
          onEdit={onEdit}
          add={<AddProduct draft={draft} products={products} app={app} onEdit={onEdit} />}
        />
      </section>
      <About policy={policy} />
    </div>
  );
}
