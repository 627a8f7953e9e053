/** What an entry changed, field by field: what it was, and what it is since then, as texts. */
import { useTranslation } from 'react-i18next';
import type { AuditEntry, Names } from '../../api/audit';
import { useFormat } from '../../i18n/format';
import { after, before, type Fields, plansOf, productsOf, textOf, textsOf } from './fields';

export interface FieldChange {
  field: string;
  label: string;
  /** Undefined where there was none. */
  before: string | undefined;
  after: string | undefined;
}

const LABELS = [
  'appId',
  'assignedAt',
  'assignedBy',
  'autoClaimEnabled',
  'clientAppIds',
  'disabledServicePlanIds',
  'displayName',
  'enabled',
  'name',
  'products',
  'servicePlanIds',
  'servicePlans',
  'skuPartNumber',
  'totalLicenses',
] as const;

/** What a claim tells beside what its sentence says already. */
const CLAIM_LABELS = ['userPrincipalName', 'appName', 'assigningOrder', 'signInId'] as const;

export function useChanges(names: Names): (entry: AuditEntry) => FieldChange[] {
  const { t } = useTranslation('audit');
  const { list, moment, number } = useFormat();
  const nameOf = (id: string): string => names.get(id) ?? id;
  const listOrNone = (items: readonly string[]): string => (items.length === 0 ? t('none') : list(items));

  function productText({ skuId, disabled }: { skuId: string; disabled: readonly string[] }): string {
    return disabled.length === 0
      ? nameOf(skuId)
      : t('without', { product: nameOf(skuId), plans: list(disabled.map(nameOf)) });
  }

  function originText(value: unknown): string {
    const { kind, policyId, policyName } = (value ?? {}) as Fields;
    return kind === 'policy' ? (textOf(policyName) ?? nameOf(textOf(policyId) ?? '')) : t('administrator');
  }

  function valueText(field: string, value: unknown): string | undefined {
    if (value === undefined) return undefined;
    switch (field) {
      case 'appId':
        return nameOf(textOf(value) ?? '');
      case 'assignedAt':
        return moment(textOf(value) ?? '');
      case 'assignedBy':
        return originText(value);
      case 'servicePlans':
        return listOrNone(plansOf(value).map((plan) => plan.displayName ?? plan.servicePlanId ?? ''));
      case 'products':
        return productsOf(value)
          .map((product, index) => `${(index + 1).toString()}. ${productText(product)}`)
          .join(', ');
      case 'clientAppIds':
        return listOrNone(textsOf(value));
      case 'servicePlanIds':
      case 'disabledServicePlanIds':
        return listOrNone(textsOf(value).map(nameOf));
      default:
        if (typeof value === 'boolean') return value ? t('on') : t('off');
        if (typeof value === 'number') return number(value);
        return typeof value === 'string' ? value : JSON.stringify(value);
    }
  }

  function labelOf(field: string): string {
    const known = [...LABELS, ...CLAIM_LABELS].find((label) => label === field);
    return known === undefined ? field : t(`fields.${known}`);
  }

  return (entry) => {
    if (entry.action === 'license.claimed') {
      const told = entry.details ?? {};
      return CLAIM_LABELS.filter((field) => told[field] !== undefined).map((field) => ({
        field,
        label: labelOf(field),
        before: undefined,
        after: valueText(field, told[field]),
      }));
    }
    const [was, is] = [before(entry), after(entry)];
    return Object.keys({ ...was, ...is }).map((field) => ({
      field,
      label: labelOf(field),
      before: valueText(field, was[field]),
      after: valueText(field, is[field]),
    }));
  };
}
