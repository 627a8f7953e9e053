/**
 * Two administrators changed the same policy: what the other one changed since, and both changes put together.
 *
 * There are three versions: the one that both began with, mine (not saved) and theirs (saved). What only one of us has
 * changed is not in dispute; what both have changed to something else has to be decided by a person.
 */
import { type Draft, type Field, fieldOff, fieldsOf, isSame, skuIdOf } from './draft';

export interface Versions {
  base: Draft;
  mine: Draft;
  theirs: Draft;
}

export interface Difference {
  field: Field;
  /** I have changed it too, and to something else. */
  isDisputed: boolean;
}

/** What they have changed, field by field. A product that they took out is told by the list of products alone. */
export function differences({ base, mine, theirs }: Versions): Difference[] {
  return fieldsOf(mine, theirs)
    .filter((field) => isTheirs(field, theirs) && !isSame(field, base, theirs))
    .map((field) => ({ field, isDisputed: !isSame(field, base, mine) && !isSame(field, mine, theirs) }));
}

function isTheirs(field: Field, theirs: Draft): boolean {
  const skuId = skuIdOf(field);
  return skuId === undefined || theirs.skuIds.includes(skuId);
}

/** Both changes together. Of what is in dispute, mine are the `kept` ones; the rest is theirs. */
export function merged({ base, mine, theirs }: Versions, kept: ReadonlySet<Field>): Draft {
  const isMine = (field: Field): boolean =>
    !isSame(field, base, mine) && (isSame(field, base, theirs) || kept.has(field));
  const skuIds = isMine('skuIds') ? mine.skuIds : theirs.skuIds;
  return {
    name: isMine('name') ? mine.name : theirs.name,
    enabled: isMine('enabled') ? mine.enabled : theirs.enabled,
    skuIds,
    off: Object.fromEntries(
      skuIds.map((skuId) => [
        skuId,
        (isMine(fieldOff(skuId)) ? mine.off[skuId] : theirs.off[skuId]) ?? mine.off[skuId] ?? [],
      ]),
    ),
  };
}
