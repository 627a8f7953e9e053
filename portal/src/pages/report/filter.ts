/** What the report is about, kept in the address: a policy's "View report" links to `/report?policyId=…`. */
import { useSearchParams } from 'react-router';
import { DEFAULT_PERIOD, type Period, PERIODS } from '../../api/reports';

export interface ReportFilter {
  period: Period;
  /** Without one, all policies. */
  policyId: string | undefined;
}

function periodOf(text: string | null): Period {
  return PERIODS.find((period) => period.toString() === text) ?? DEFAULT_PERIOD;
}

/** The filter, and how to change a part of it. Each choice is a step that the browser's Back undoes. */
export function useReportFilter(): [ReportFilter, (change: Partial<ReportFilter>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const filter: ReportFilter = {
    period: periodOf(parameters.get('period')),
    policyId: parameters.get('policyId')?.toLowerCase() ?? undefined,
  };
  const choose = (change: Partial<ReportFilter>): void => {
    const { period, policyId } = { ...filter, ...change };
    setParameters({ period: period.toString(), ...(policyId !== undefined && { policyId }) });
  };
  return [filter, choose];
}
