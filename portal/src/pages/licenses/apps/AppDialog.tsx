/** Adds an app, or changes one. */
import { Field, Input, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type App, usePutApp } from '../../../api/apps';
import type { Product } from '../../../api/products';
import { FormDialog } from '../../../components/FormDialog';
import { type AppDraft, faultsOf, idsIn, IDS_MAX } from './app';
import { PlanPicker } from './PlanPicker';

interface AppDialogProps {
  /** The one that is changed; none: a new one. */
  app?: App;
  apps: readonly App[];
  products: readonly Product[];
  planNames: ReadonlyMap<string, string>;
  onDone: (text: string) => void;
  onClose: () => void;
}

function draftOf(app: App | undefined): AppDraft {
  return {
    id: app?.id ?? '',
    name: app?.name ?? '',
    clientAppIds: app?.clientAppIds.join('\n') ?? '',
    servicePlanIds: app?.servicePlanIds ?? [],
  };
}

export function AppDialog({ app, apps, products, planNames, onDone, onClose }: AppDialogProps) {
  const { t } = useTranslation('apps');
  const put = usePutApp();
  const [draft, setDraft] = useState(() => draftOf(app));
  const [isTried, setTried] = useState(false);
  const way = app === undefined ? 'add' : 'edit';
  const faults = faultsOf(draft, app === undefined ? apps.map(({ id }) => id) : []);
  const seen = isTried ? faults : {};
  const fault = (message: string | false) =>
    message !== false && ({ validationState: 'error', validationMessage: message } as const);

  function submit(): void {
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    put.mutate(
      {
        id: draft.id.trim(),
        name: draft.name.trim(),
        clientAppIds: idsIn(draft.clientAppIds),
        servicePlanIds: [...draft.servicePlanIds],
        ...(app !== undefined && { etag: app.etag }),
      },
      {
        onSuccess: ({ name }) => {
          onDone(t(`${way}.done`, { app: name }));
        },
      },
    );
  }

  return (
    <FormDialog
      title={t(`${way}.title`, { app: app?.name ?? '' })}
      action={t(`${way}.action`)}
      isWorking={put.isPending}
      error={put.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={t('name')} {...fault(seen.name !== undefined && t('nameFault'))}>
        <Input
          value={draft.name}
          onChange={(_event, { value }) => {
            setDraft({ ...draft, name: value });
          }}
        />
      </Field>
      {app === undefined && (
        <Field label={t('id')} hint={t('idHint')} {...fault(seen.id !== undefined && t(`idFault.${seen.id}`))}>
          <Input
            value={draft.id}
            autoComplete="off"
            onChange={(_event, { value }) => {
              setDraft({ ...draft, id: value });
            }}
          />
        </Field>
      )}
      <Field
        label={t('clientAppIds')}
        hint={t('clientAppIdsHint')}
        {...fault(seen.clientAppIds !== undefined && t(`clientAppIdsFault.${seen.clientAppIds}`, { max: IDS_MAX }))}
      >
        <Textarea
          value={draft.clientAppIds}
          rows={3}
          resize="vertical"
          onChange={(_event, { value }) => {
            setDraft({ ...draft, clientAppIds: value });
          }}
        />
      </Field>
      <PlanPicker
        chosen={draft.servicePlanIds}
        planNames={planNames}
        products={products}
        fault={seen.servicePlanIds !== undefined && t(`plansFault.${seen.servicePlanIds}`, { max: IDS_MAX })}
        onChange={(servicePlanIds) => {
          setDraft({ ...draft, servicePlanIds });
        }}
      />
    </FormDialog>
  );
}
