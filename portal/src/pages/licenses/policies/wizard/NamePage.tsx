import { Field, Input, makeStyles } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { policyNameFault } from './draft';
import type { PageProps } from './page';

const useStyles = makeStyles({ field: { maxWidth: '480px' } });

/** What the policy is called. */
export function NamePage({ draft, catalog, isChecked, onChange }: PageProps) {
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const found = policyNameFault(draft, catalog);
  // A name that is taken is told of at once; that there is none yet only when one wants to go on.
  const fault = isChecked || found !== 'missing' ? found : undefined;
  return (
    <Field
      className={styles.field}
      label={t('name.label')}
      hint={t('name.hint')}
      required
      {...(fault && { validationMessage: t(`name.fault.${fault}`) })}
    >
      <Input
        value={draft.name}
        autoComplete="off"
        onChange={(_event, { value }) => {
          onChange({ name: value });
        }}
      />
    </Field>
  );
}
