import { Soon } from '../../components/Soon';

export function Apps() {
  return <Soon />;
}
