/** The auto-claim report: claims per policy, product and day. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { contentOf, type Schemas } from './client';
import { useApi } from './context';
import { followed, SELDOM_MILLISECONDS } from './queries';

export type Report = Schemas['ReportAnswer'];
export type PolicyReport = Schemas['PolicyReportAnswer'];

/** Days, today included. They are UTC's. */
export const PERIODS = [1, 7, 30, 90] as const;
export type Period = (typeof PERIODS)[number];
export const DEFAULT_PERIOD: Period = 90;

/** The report of a period. While another is fetched, the last one stays. */
export function useReport(period: Period) {
  const api = useApi();
  return useQuery({
    queryKey: ['reports', 'auto-claim', period],
    queryFn: ({ signal }) => contentOf(api.GET('/reports/auto-claim', { params: { query: { period } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: followed(SELDOM_MILLISECONDS),
  });
}
