/**
 * The draft of a policy, and the version that it began with.
 *
 * While nothing is changed the draft follows the policy as it is read again. Once something is changed, it stays with the
 * version that the administrator saw: only that one's ETag may be overwritten.
 */
import { useState } from 'react';
import { StaleError } from '../../../../api/errors';
import { type Policy, useUpdatePolicy } from '../../../../api/policies';
import type { Product } from '../../../../api/products';
import { changeOf, type Draft, draftOf, isChanged } from './draft';

interface Work {
  base: Policy;
  draft: Draft;
  /** How the last save ended. Any further change is new work, which none of this is about. */
  isSaved?: boolean;
  error?: Error;
  theirs?: Policy;
}

export interface PolicyDraft {
  base: Policy;
  draft: Draft;
  isChanged: boolean;
  isSaving: boolean;
  /** The last save was done, and nothing was changed since. */
  isSaved: boolean;
  /** Something is changed here, and another administrator has saved something else since. */
  isOvertaken: boolean;
  error: Error | null;
  /** What another administrator had saved when this draft could not be. */
  theirs: Policy | undefined;
  edit: (draft: Draft) => void;
  save: () => void;
  discard: () => void;
  /** Goes on with this draft on top of what they saved, and saves it if it says anything else. */
  resolve: (draft: Draft) => void;
  /** Back to the draft, without a decision. */
  postpone: () => void;
}

export function usePolicyDraft(
  policy: Policy,
  products: readonly Product[],
  readAgain: () => Promise<{ data: Policy | undefined }>,
): PolicyDraft {
  const update = useUpdatePolicy();
  const [work, setWork] = useState<Work>(() => begun(policy));
  const [isComparing, setComparing] = useState(false);
  const { base, draft } = work;
  const isDirty = isChanged(draft, draftOf(base));
  const isSaving = update.isPending || isComparing;
  // The list may be a moment behind what was saved here. A policy's times never go back.
  const isNewer = policy.etag !== base.etag && policy.modifiedAt >= base.modifiedAt;
  if (isNewer && !isSaving && (!isDirty || says(policy, draft))) {
    // What was to be saved and is there now was saved, also where the answer that said so was lost.
    setWork({ ...begun(policy), isSaved: isDirty });
  }

  function write({ base: sentBase, draft: sent }: Work): void {
    setWork({ base: sentBase, draft: sent });
    update.mutate(
      { id: sentBase.id, etag: sentBase.etag, change: changeOf(sent, draftOf(sentBase), products) },
      {
        onSuccess: (saved) => {
          // What was entered while the save was on its way is a change of its own.
          setWork((now) =>
            now.draft === sent ? { ...begun(saved), isSaved: true } : { base: saved, draft: now.draft },
          );
        },
        onError: (error) => {
          if (!(error instanceof StaleError)) {
            setWork((now) => ({ ...now, error }));
            return;
          }
          setComparing(true);
          void readAgain().then(({ data }) => {
            setComparing(false);
            // What they saved may not have been readable just now: then the refusal is shown.
            const isRead = data !== undefined && data.etag !== sentBase.etag;
            setWork((now) => ({ ...now, ...(isRead ? { theirs: data } : { error }) }));
          });
        },
      },
    );
  }

  return {
    base,
    draft,
    isChanged: isDirty,
    isSaving,
    isSaved: work.isSaved === true,
    isOvertaken: isDirty && isNewer && !isSaving,
    error: work.error ?? null,
    // An earlier save of one's own whose answer was lost is no conflict.
    theirs: work.theirs !== undefined && !says(work.theirs, draft) ? work.theirs : undefined,
    edit: (next) => {
      setWork({ base, draft: next });
    },
    save: () => {
      write(work);
    },
    discard: () => {
      setWork(begun(policy));
    },
    resolve: (next) => {
      if (work.theirs === undefined) return;
      const resolved = { base: work.theirs, draft: next };
      setWork(resolved);
      if (isChanged(next, draftOf(work.theirs))) write(resolved);
    },
    postpone: () => {
      setWork({ base, draft });
    },
  };
}

function begun(policy: Policy): Work {
  return { base: policy, draft: draftOf(policy) };
}

/** Whether the policy says all that the draft does, so that there is nothing to save. */
function says(policy: Policy, draft: Draft): boolean {
  return !isChanged(draft, draftOf(policy));
}
