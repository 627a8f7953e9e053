/** The report's numbers as a chart and its table show them: claims by day, and in a day by product. */
import type { PolicyReport } from '../../api/reports';

/** More than these cannot be told apart by color: the products with the fewest claims are then shown as one. */
export const SERIES_MAX = 8;

/** Products that stand together as one part of a column. */
export interface Series {
  key: string;
  /** Undefined of the rest: all products that have no part of their own. */
  name: string | undefined;
  /** Which color is its own, from 0; the same whichever policy is looked at. */
  place: number;
  claims: number;
}

export interface Day {
  date: string;
  claims: number;
  /** In the order of the series. */
  parts: readonly number[];
}

export interface Daily {
  total: number;
  series: readonly Series[];
  /** Every day of the period, oldest first, those without claims too. */
  days: readonly Day[];
}

const REST = 'rest';

interface ProductClaims {
  skuId: string;
  name: string;
  claims: number;
}

function claimsByProduct(policies: readonly PolicyReport[]): ProductClaims[] {
  const products = new Map<string, ProductClaims>();
  for (const { skuId, displayName, claims } of policies.flatMap((policy) => policy.products)) {
    const known = products.get(skuId)?.claims ?? 0;
    products.set(skuId, { skuId, name: displayName, claims: known + claims });
  }
  return [...products.values()].filter(({ claims }) => claims > 0);
}

/** The key of the series that each product of the report belongs to, and the series' places and names. */
function placed(policies: readonly PolicyReport[]): { keys: Map<string, string>; series: Omit<Series, 'claims'>[] } {
  const products = claimsByProduct(policies).sort((one, other) => other.claims - one.claims);
  const shown = products.length > SERIES_MAX ? products.slice(0, SERIES_MAX - 1) : products;
  const own = [...shown].sort((one, other) => one.name.localeCompare(other.name));
  const series = own.map(({ skuId, name }, place) => ({ key: skuId, name, place }));
  const keys = new Map(products.map(({ skuId }) => [skuId, shown.some((each) => each.skuId === skuId) ? skuId : REST]));
  const rest = { key: REST, name: undefined, place: own.length };
  return { keys, series: shown.length < products.length ? [...series, rest] : series };
}

/** The claims of all policies of a report, or of one. */
export function dailyClaims(all: readonly PolicyReport[], policyId: string | undefined): Daily {
  const { keys, series } = placed(all);
  const policies = policyId === undefined ? all : all.filter((policy) => policy.policyId === policyId);
  const days = new Map<string, Map<string, number>>();
  for (const day of policies.flatMap((policy) => policy.days)) {
    const parts = days.get(day.date) ?? new Map<string, number>();
    days.set(day.date, parts);
    for (const { skuId, claims } of day.products) {
      const key = keys.get(skuId) ?? REST;
      parts.set(key, (parts.get(key) ?? 0) + claims);
    }
  }
  const counted = series
    .map((each) => ({
      ...each,
      claims: [...days.values()].reduce((sum, parts) => sum + (parts.get(each.key) ?? 0), 0),
    }))
    .filter(({ claims }) => claims > 0);
  return {
    total: counted.reduce((sum, { claims }) => sum + claims, 0),
    series: counted,
    days: [...days].map(([date, parts]) => {
      const inOrder = counted.map(({ key }) => parts.get(key) ?? 0);
      return { date, claims: inOrder.reduce((sum, claims) => sum + claims, 0), parts: inOrder };
    }),
  };
}
