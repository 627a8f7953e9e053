/** Signing in on this machine: a role, a name, and a tenant of one's own if need be. */
import {
  Button,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Text,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DevelopmentSignIn, ROLES } from '../signIn/development';

type Role = (typeof ROLES)[number];

/** Whom the sample tenant knows as its administrator. */
const NAME = 'administrator@autoclaim.example';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  right: { display: 'block', color: tokens.colorNeutralForeground3 },
});

export function RolePicker({ signIn }: { signIn: DevelopmentSignIn }) {
  const styles = useStyles();
  const { t } = useTranslation('shell');
  const [role, setRole] = useState<Role>(ROLES[0]);
  const [name, setName] = useState(NAME);
  const [tenant, setTenant] = useState('');
  const [reason, setReason] = useState<string>();

  function submit(): void {
    setReason(undefined);
    const person = { role, name: name.trim() || NAME, ...(tenant.trim() !== '' && { tenant: tenant.trim() }) };
    signIn.signIn(person).catch((error: unknown) => {
      setReason(error instanceof Error ? error.message : String(error));
    });
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Text className={styles.right}>{t('signIn.development')}</Text>
      <Field label={t('signIn.role')}>
        <RadioGroup
          value={role}
          onChange={(_event, { value }) => {
            setRole(value as Role);
          }}
        >
          {ROLES.map((each) => (
            <Radio
              key={each}
              value={each}
              label={
                <>
                  {t(`signIn.roles.${each}`)}
                  <Text size={200} className={styles.right}>
                    {t(`signIn.rights.${each}`)}
                  </Text>
                </>
              }
            />
          ))}
        </RadioGroup>
      </Field>
      <Field label={t('signIn.name')}>
        <Input
          value={name}
          autoComplete="off"
          onChange={(_event, { value }) => {
            setName(value);
          }}
        />
      </Field>
      <Field label={t('signIn.tenant')} hint={t('signIn.tenantHint')}>
        <Input
          value={tenant}
          autoComplete="off"
          onChange={(_event, { value }) => {
            setTenant(value);
          }}
        />
      </Field>
      {reason !== undefined && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{t('signIn.failed', { reason })}</MessageBarBody>
        </MessageBar>
      )}
      <Button type="submit" appearance="primary" size="large">
        {t('signIn.action')}
      </Button>
    </form>
  );
}
