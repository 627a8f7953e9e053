/**
 * The draft of something that other administrators may change while it is open.
 *
 * What only they have changed is taken over at once; what is changed here stays. Either way the draft then begins with
 * their version, so that its ETag is the one to send, and the fields that they changed are told.
 */
import { useState } from 'react';

interface Work<Saved, Draft> {
  base: Saved;
  draft: Draft;
  taken: readonly (keyof Draft)[];
  disputed: readonly (keyof Draft)[];
}

export interface SharedDraft<Saved, Draft> {
  /** What the draft began with, or the newest version that it was put on top of. */
  base: Saved;
  draft: Draft;
  setDraft: (draft: Draft) => void;
  /** Fields that others have changed since it was opened, and which of those are changed here too. */
  taken: readonly (keyof Draft)[];
  disputed: readonly (keyof Draft)[];
}

interface SharedDraftOptions<Saved, Draft> {
  /** As it was when it was opened; nothing where it is new. */
  opened: Saved;
  /** As it is now; nothing if it was deleted. */
  now: Saved | undefined;
  /** The change is being saved, or was: a new version is one's own. */
  isSaving: boolean;
  draftOf: (saved: Saved) => Draft;
}

export function useSharedDraft<Saved extends { etag: string } | undefined, Draft extends object>(
  options: SharedDraftOptions<Saved, Draft>,
): SharedDraft<Saved, Draft> {
  const { opened, now, isSaving, draftOf } = options;
  const [work, setWork] = useState<Work<Saved, Draft>>(() => ({
    base: opened,
    draft: draftOf(opened),
    taken: [],
    disputed: [],
  }));
  if (now !== undefined && now.etag !== work.base?.etag && !isSaving) setWork(onTopOf(now, work, draftOf));
  return {
    ...work,
    setDraft: (draft) => {
      setWork({ ...work, draft });
    },
  };
}

function onTopOf<Saved, Draft extends object>(
  saved: Saved,
  work: Work<Saved, Draft>,
  draftOf: (saved: Saved) => Draft,
): Work<Saved, Draft> {
  const [began, theirs] = [draftOf(work.base), draftOf(saved)];
  const differs = (field: keyof Draft, one: Draft, other: Draft): boolean =>
    JSON.stringify(one[field]) !== JSON.stringify(other[field]);
  const fields = Object.keys(began) as (keyof Draft)[];
  const mine = fields.filter((field) => differs(field, work.draft, began));
  const changed = fields.filter((field) => differs(field, theirs, began));
  const disputed = mine.filter((field) => changed.includes(field) && differs(field, work.draft, theirs));
  return {
    base: saved,
    draft: { ...theirs, ...Object.fromEntries(mine.map((field) => [field, work.draft[field]])) },
    taken: [...new Set([...work.taken, ...changed])],
    disputed: [...new Set([...work.disputed, ...disputed])],
  };
}
