import { Soon } from '../../components/Soon';

export function Policies() {
  return <Soon />;
}
