/** What each page of the wizard is given. */
import type { Catalog, Draft } from './draft';

export interface PageProps {
  draft: Draft;
  catalog: Catalog;
  /** What is missing is shown as a fault too: one wanted to go on without it. */
  isChecked: boolean;
  onChange: (changed: Partial<Draft>) => void;
}
