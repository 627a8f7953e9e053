/** What an entry of the log is about: read from what the API says of it, which may have actions and fields yet unknown. */
import type { AuditEntry, Names } from '../../api/audit';

export type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function before(entry: AuditEntry): Fields {
  return fieldsOf(entry.details?.before);
}

export function after(entry: AuditEntry): Fields {
  return fieldsOf(entry.details?.after);
}

/** The ids in a target such as `users/ada/licenses/18181a46-…`: of the user, and of what comes last. */
export function idsOf(entry: AuditEntry): { userId: string; id: string } {
  const parts = entry.target.split('/');
  return { userId: parts[1] ?? '', id: parts.at(-1) ?? '' };
}

/** The names of today, and for what is no longer there the names that the entries themselves tell. */
export function namesOf(today: Names, entries: readonly AuditEntry[]): Names {
  const names = new Map<string, string>();
  const add = (id: unknown, name: unknown): void => {
    if (typeof id === 'string' && typeof name === 'string' && !names.has(id)) names.set(id, name);
  };
  // Newest first, so that the last name counts.
  for (const entry of entries) {
    const told = entry.details ?? {};
    add(told.userId, told.displayName ?? told.userPrincipalName);
    add(told.skuId, told.productName);
    add(told.policyId, told.policyName);
    add(told.appId, told.appName);
    for (const fields of [after(entry), before(entry)]) {
      add(idsOf(entry).id, fields.name ?? fields.displayName);
      for (const plan of plansOf(fields.servicePlans)) add(plan.servicePlanId, plan.displayName);
    }
  }
  return new Map([...names, ...today]);
}

export function plansOf(value: unknown): { servicePlanId: string | undefined; displayName: string | undefined }[] {
  if (!Array.isArray(value)) return [];
  return value
    .map(fieldsOf)
    .map((plan) => ({ servicePlanId: textOf(plan.servicePlanId), displayName: textOf(plan.displayName) }));
}

/** A policy's products as the log keeps them, in assigning order. */
export function productsOf(value: unknown): { skuId: string; disabled: readonly string[] }[] {
  if (!Array.isArray(value)) return [];
  return value.map(fieldsOf).map((product) => ({
    skuId: textOf(product.skuId) ?? '',
    disabled: textsOf(product.disabledServicePlanIds),
  }));
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
