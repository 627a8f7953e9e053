/**
 * The draft of a policy, and the version that it began with.
 *
 * While nothing is changed the draft follows the policy as it is read again. Once something is changed, it stays with the
 * version that the administrator saw: only that one's ETag may be overwritten.
 */
import { useState } from 'react';
import { StaleError } from '../../api/errors';
import { type Policy, useUpdatePolicy } from '../../api/policies';
import { changeOf, type Draft, draftOf, isChanged } from './draft';

interface Work {
  base: Policy;
  draft: Draft;
}

export interface PolicyDraft {
  base: Policy;
  draft: Draft;
  isChanged: boolean;
  isSaving: boolean;
  /** The last save was done, and nothing was changed since. */
  isSaved: boolean;
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

export function usePolicyDraft(policy: Policy, readAgain: () => Promise<{ data: Policy | undefined }>): PolicyDraft {
  const update = useUpdatePolicy();
  const [work, setWork] = useState<Work>({ base: policy, draft: draftOf(policy) });
  const [theirs, setTheirs] = useState<Policy>();
  const [isComparing, setComparing] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const { base, draft } = work;
  const isDirty = isChanged(draft, draftOf(base));
  if (policy.etag !== base.etag && !isDirty && !update.isPending) setWork({ base: policy, draft: draftOf(policy) });

  function write(sent: Work): void {
    setSaved(false);
    const change = changeOf(sent.draft, draftOf(sent.base));
    update.mutate(
      { id: sent.base.id, etag: sent.base.etag, change },
      {
        onSuccess: (saved) => {
          // What was entered while the save was on its way is a change of its own.
          setWork((now) => ({ base: saved, draft: now.draft === sent.draft ? draftOf(saved) : now.draft }));
          setSaved(true);
        },
        onError: (error) => {
          if (!(error instanceof StaleError)) return;
          setComparing(true);
          void readAgain().then(({ data }) => {
            setComparing(false);
            // What they saved may not have been readable just now: then the refusal is shown.
            if (data === undefined || data.etag === sent.base.etag) return;
            update.reset();
            setTheirs(data);
          });
        },
      },
    );
  }

  return {
    base,
    draft,
    isChanged: isDirty,
    isSaving: update.isPending || isComparing,
    isSaved: isSaved && !isDirty,
    error: isComparing ? null : update.error,
    theirs,
    edit: (next) => {
      setSaved(false);
      setWork({ base, draft: next });
    },
    save: () => {
      write(work);
    },
    discard: () => {
      update.reset();
      setSaved(false);
      setWork({ base: policy, draft: draftOf(policy) });
    },
    resolve: (next) => {
      if (theirs === undefined) return;
      const resolved = { base: theirs, draft: next };
      setTheirs(undefined);
      setWork(resolved);
      if (isChanged(next, draftOf(theirs))) write(resolved);
    },
    postpone: () => {
      setTheirs(undefined);
    },
  };
}
