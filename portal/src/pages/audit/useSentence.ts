/** An entry as a sentence, in the reader's language. */
import { useTranslation } from 'react-i18next';
import type { AuditEntry, Names } from '../../api/audit';
import { after, idsOf, textOf } from './fields';

const KEYS = {
  'app.created': 'appCreated',
  'app.updated': 'appUpdated',
  'app.deleted': 'appDeleted',
  'product.created': 'productCreated',
  'product.updated': 'productUpdated',
  'product.deleted': 'productDeleted',
  'policy.created': 'policyCreated',
  'policy.updated': 'policyUpdated',
  'policy.deleted': 'policyDeleted',
  'license.assigned': 'licenseAssigned',
  'license.changed': 'licenseChanged',
  'license.removed': 'licenseRemoved',
  'license.claimed': 'licenseClaimed',
} as const;

function isKnown(action: string): action is keyof typeof KEYS {
  return action in KEYS;
}

export function useSentence(names: Names): (entry: AuditEntry) => string {
  const { t } = useTranslation('audit');
  return (entry) => {
    if (entry.action === 'settings.updated') {
      const isOn = after(entry).autoClaimEnabled;
      if (isOn === true) return t('actions.settingsOn');
      if (isOn === false) return t('actions.settingsOff');
    }
    if (!isKnown(entry.action)) return t('actions.other', { action: entry.action, target: entry.target });
    const { userId, id } = idsOf(entry);
    const policyId = textOf(entry.details?.policyId) ?? '';
    return t(`actions.${KEYS[entry.action]}`, {
      name: names.get(id) ?? id,
      user: names.get(userId) ?? userId,
      policy: textOf(entry.details?.policyName) ?? names.get(policyId) ?? policyId,
    });
  };
}
