import { Soon } from '../../components/Soon';

export function Products() {
  return <Soon />;
}
