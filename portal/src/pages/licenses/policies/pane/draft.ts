/** What an administrator is about to save of a policy: its writable fields, apart from the version that they began with. */
import type { Schemas } from '../../../../api/client';
import type { Policy } from '../../../../api/policies';
import type { Product } from '../../../../api/products';

export interface Draft {
  readonly name: string;
  readonly enabled: boolean;
  /** Products in assigning order, the primary one first. */
  readonly skuIds: readonly string[];
  /** The service plans that are off in a product's licenses, sorted. A product that is taken out keeps its own here. */
  readonly off: Readonly<Record<string, readonly string[]>>;
}

/** A part of a draft that is changed, compared and kept as one: `off.<skuId>` is one product's apps and services. */
export type Field = 'name' | 'enabled' | 'skuIds' | `off.${string}`;

export function draftOf(policy: Policy): Draft {
  return {
    name: policy.name,
    enabled: policy.enabled,
    skuIds: policy.products.map(({ skuId }) => skuId),
    off: Object.fromEntries(
      policy.products.map(({ skuId, disabledServicePlanIds }) => [skuId, [...disabledServicePlanIds].sort()]),
    ),
  };
}

export function fieldOff(skuId: string): Field {
  return `off.${skuId}`;
}

/** The product that a field is about, or undefined where it is about the whole policy. */
export function skuIdOf(field: Field): string | undefined {
  return field.startsWith('off.') ? field.slice('off.'.length) : undefined;
}

/** The fields of these drafts together: of products, those that are in one of them. */
export function fieldsOf(...drafts: Draft[]): Field[] {
  const skuIds = new Set(drafts.flatMap((draft) => draft.skuIds));
  return ['name', 'enabled', 'skuIds', ...[...skuIds].map(fieldOff)];
}

/** Whether both say the same of a field. Blanks around a name do not count: the API trims it. */
export function isSame(field: Field, one: Draft, other: Draft): boolean {
  return comparable(field, one) === comparable(field, other);
}

function comparable(field: Field, draft: Draft): string | undefined {
  if (field === 'name') return draft.name.trim();
  if (field === 'enabled' || field === 'skuIds') return JSON.stringify(draft[field]);
  const off = draft.off[skuIdOf(field) ?? ''];
  return off && JSON.stringify(off);
}

/** Whether saving the draft would change the policy. */
export function isChanged(draft: Draft, from: Draft): boolean {
  return fieldsOf(draft).some((field) => !isSame(field, draft, from));
}

/** What to send: only what is changed. Products are a whole list, so a change in one of them sends all. */
export function changeOf(draft: Draft, from: Draft, products: readonly Product[]): Schemas['PolicyUpdate'] {
  // What a product has today: a service that went in the meantime cannot be turned off.
  const offIn = (skuId: string): string[] => {
    const plans = products.find((product) => product.skuId === skuId)?.servicePlans ?? [];
    return (draft.off[skuId] ?? []).filter((id) => plans.some(({ servicePlanId }) => servicePlanId === id));
  };
  const hasOtherProducts = fieldsOf(draft).some(
    (field) => field !== 'name' && field !== 'enabled' && !isSame(field, draft, from),
  );
  return {
    ...(!isSame('name', draft, from) && { name: draft.name.trim() }),
    ...(!isSame('enabled', draft, from) && { enabled: draft.enabled }),
    ...(hasOtherProducts && {
      products: draft.skuIds.map((skuId) => ({ skuId, disabledServicePlanIds: offIn(skuId) })),
    }),
  };
}

/** The list after its chosen items went one place up (-1) or down (1); those at the end, and those behind them, stay. */
export function moved(skuIds: readonly string[], chosen: ReadonlySet<string>, step: -1 | 1): string[] {
  const list = step === -1 ? [...skuIds] : [...skuIds].reverse();
  for (let place = 1; place < list.length; place += 1) {
    const [before, here] = [list[place - 1] ?? '', list[place] ?? ''];
    if (chosen.has(here) && !chosen.has(before)) list.splice(place - 1, 2, here, before);
  }
  return step === -1 ? list : list.reverse();
}

/** The list after one item was put where another one is. */
export function placed(skuIds: readonly string[], skuId: string, target: string): string[] {
  const place = skuIds.indexOf(target);
  return place === -1 ? [...skuIds] : skuIds.filter((each) => each !== skuId).toSpliced(place, 0, skuId);
}

/** The draft with one service plan on or off in these products. */
export function turned(draft: Draft, skuIds: readonly string[], servicePlanIds: readonly string[], on: boolean): Draft {
  const off = { ...draft.off };
  for (const skuId of skuIds) {
    const others = (off[skuId] ?? []).filter((id) => !servicePlanIds.includes(id));
    off[skuId] = on ? others : [...others, ...servicePlanIds].sort();
  }
  return { ...draft, off };
}
