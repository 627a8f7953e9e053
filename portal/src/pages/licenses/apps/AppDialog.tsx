/** Adds an app, or changes one. */
import { Field, Input, Textarea } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type App, usePutApp } from '../../../api/apps';
import { StaleError } from '../../../api/errors';
import { ActionDialog } from '../../../components/ActionDialog';
import { MeanwhileNote } from '../../../components/MeanwhileNote';
import { useSharedDraft } from '../../../components/useSharedDraft';
import { type AppDraft, faultsOf, idsIn, IDS_MAX, type ProductsByPlan } from './app';
import { PlanPicker } from './PlanPicker';

const LABELS = {
  id: 'id',
  name: 'name',
  clientAppIds: 'clientAppIds',
  servicePlanIds: 'plans',
} as const satisfies Record<keyof AppDraft, string>;

interface AppDialogProps {
  /** The one that is changed, as it was when the dialog was opened; none: a new one. */
  opened?: App;
  /** As it is now; nothing if another administrator has deleted it. */
  now?: App | undefined;
  apps: readonly App[];
  byPlan: ProductsByPlan;
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

export function AppDialog({ opened, now, apps, byPlan, planNames, onDone, onClose }: AppDialogProps) {
  const { t } = useTranslation(['apps', 'common']);
  const put = usePutApp();
  const isSaving = put.isPending || put.isSuccess;
  const { base, draft, setDraft, taken, disputed } = useSharedDraft({ opened, now, isSaving, draftOf });
  const isDeleted = opened !== undefined && now === undefined && !isSaving;
  const [isTried, setTried] = useState(false);
  const way = opened === undefined ? 'add' : 'edit';
  const faults = faultsOf(draft, opened === undefined ? apps.map(({ id }) => id) : []);
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
        ...(base !== undefined && { etag: base.etag }),
      },
      {
        onSuccess: ({ name }) => {
          onDone(t(`${way}.done`, { app: name }));
        },
      },
    );
  }

  return (
    <ActionDialog
      title={t(`${way}.title`, { app: opened?.name ?? '' })}
      action={t(`${way}.action`)}
      isReady={!isDeleted}
      isWorking={put.isPending}
      // What somebody else did is told by the note below; of a new one, that its ID was taken meanwhile.
      error={opened !== undefined && put.error instanceof StaleError ? null : put.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <MeanwhileNote
        ended={isDeleted && t('common:meanwhile.deleted')}
        taken={taken.map((field) => t(LABELS[field]))}
        disputed={disputed.map((field) => t(LABELS[field]))}
      />
      <Field label={t('name')} {...fault(seen.name !== undefined && t('nameFault'))}>
        <Input
          value={draft.name}
          onChange={(_event, { value }) => {
            setDraft({ ...draft, name: value });
          }}
        />
      </Field>
      {opened === undefined && (
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
        byPlan={byPlan}
        fault={seen.servicePlanIds !== undefined && t(`plansFault.${seen.servicePlanIds}`, { max: IDS_MAX })}
        onChange={(servicePlanIds) => {
          setDraft({ ...draft, servicePlanIds });
        }}
      />
    </ActionDialog>
  );
}
