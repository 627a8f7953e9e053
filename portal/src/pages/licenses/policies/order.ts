/** In which order the policies stand, and which of them are shown. */
import { useState } from 'react';
import type { Policy } from '../../../api/policies';

export const COLUMNS = ['name', 'app', 'products', 'available', 'claimed', 'status'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  column: Column;
  isDescending: boolean;
}

/** `waiting`: on, but the organisation's setting is off. */
export const STATUSES = ['on', 'waiting', 'off'] as const;
export type Status = (typeof STATUSES)[number];

export function statusOf(policy: Policy, isSettingOn: boolean): Status {
  if (!policy.enabled) return 'off';
  return isSettingOn ? 'on' : 'waiting';
}

/** Whether a policy's name, app or products contain the text, whatever its case. */
export function isFound(policy: Policy, text: string): boolean {
  const wanted = text.trim().toLocaleLowerCase();
  const words = [policy.name, policy.appName, ...policy.products.map(({ displayName }) => displayName)];
  return words.some((word) => word.toLocaleLowerCase().includes(wanted));
}

function compared(column: Column, one: Policy, other: Policy, texts: Intl.Collator): number {
  switch (column) {
    case 'name':
      return 0;
    case 'app':
      return texts.compare(one.appName, other.appName);
    case 'products':
      return texts.compare(one.products[0]?.displayName ?? '', other.products[0]?.displayName ?? '');
    case 'available':
      return one.availableLicenses - other.availableLicenses;
    case 'claimed':
      return one.claimedLicenses - other.claimedLicenses;
    case 'status':
      return Number(other.enabled) - Number(one.enabled);
  }
}

/** The policies by this column; by name where it says the same of two. */
export function sorted(policies: readonly Policy[], { column, isDescending }: Sort, language: string): Policy[] {
  const texts = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const way = isDescending ? -1 : 1;
  return policies.toSorted(
    (one, other) => way * (compared(column, one, other, texts) || texts.compare(one.name, other.name)),
  );
}

/** Everything that a column's order rests on, except numbers. */
function basis(policies: readonly Policy[], sort: Sort, language: string): string {
  const texts = policies.map(({ id, name, appName, enabled, products }) => [
    id,
    name,
    appName,
    enabled,
    products[0]?.displayName,
  ]);
  return JSON.stringify([sort, language, texts]);
}

/**
 * The policies in order, and they stay in it while only their numbers change: in a storm of sign-ins no row moves away
 * from under the pointer. Sorting again, or any change of the policies themselves, takes the numbers as they are then.
 */
export function useSteadyOrder(policies: readonly Policy[], sort: Sort, language: string): Policy[] {
  const now = basis(policies, sort, language);
  const order = () => ({ basis: now, ids: sorted(policies, sort, language).map(({ id }) => id) });
  const [kept, keep] = useState(order);
  const current = kept.basis === now ? kept : order();
  if (current !== kept) keep(current);
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  return current.ids.flatMap((id) => byId.get(id) ?? []);
}
