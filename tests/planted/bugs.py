"""Bugs that a person could write here, and for each the tests that catch it.

Each is planted by replacing pieces of text that are there exactly once. Whoever changes such a line moves the bug too.
"""

from dataclasses import dataclass
from typing import Final

SEARCH: Final = "tests/search/test_search.py::TestAnyHistory::runTest"
"""Named only where it finds the bug within its first few examples: which ones it draws changes with the code."""

WALKS: Final = "tests/search/test_walks.py::test_"
POSTS: Final = "tests/search/test_posts.py::test_"
CONFLICTS: Final = "tests/storage/test_conflicts.py::test_"
LOST_ANSWERS: Final = "tests/storage/test_lost_answers.py::test_"
REFUSALS: Final = "tests/storage/test_refusals.py::test_"
STANDING: Final = "tests/storage/test_standing.py::test_"

COMMIT: Final = "await self._commit(standing, draft, tokens_of(batch, draft))"
COMMITTED: Final = f"return draft.settled if {COMMIT} else []"
IS_REFUSAL: Final = 'getattr(each.answer, "license", each) is None'
"""Of a sign-in's answer: there is no license in it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a file, and what is put in its place."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Bug:
    """One bug.

    Attributes:
        name: What is wrong, in words.
        caught_by: Tests that must fail, each of them.
        edits: What makes it wrong.
    """

    name: str
    caught_by: tuple[str, ...]
    edits: tuple[Edit, ...]


BUGS: Final = (
    Bug(
        "the journal row is upserted and the head is replaced in any version",
        (
            f"{CONFLICTS}the_last_seat_taken_meanwhile_turns_a_grant_into_a_refusal",
            f"{CONFLICTS}a_claim_on_its_way_is_not_made_once_turning_off_was_answered[policy]",
        ),
        (
            Edit("storage/tables/wire.py", 'Write.INSERT: "POST"', 'Write.INSERT: "PUT"'),
            Edit("storage/tables/wire.py", "if is_new else self._row_url(row", "if row is None else self._row_url(row"),
            Edit("storage/engine/commit.py", "leader), standing.etag)", 'leader), standing.etag and "*")'),
        ),
    ),
    Bug(
        "a batch that lost its commit is answered all the same",
        (SEARCH, f"{CONFLICTS}the_last_seat_taken_meanwhile_turns_a_grant_into_a_refusal"),
        (
            Edit(
                "storage/engine/committer.py",
                COMMITTED,
                f"{COMMIT}\n        return draft.settled",
            ),
        ),
    ),
    Bug(
        "of a batch that lost its commit, refusals are not decided again",
        (f"{CONFLICTS}a_refusal_is_decided_again_when_the_grant_that_it_leaned_on_was_not_made",),
        (
            Edit(
                "storage/engine/committer.py",
                COMMITTED,
                f"if {COMMIT}:\n            return draft.settled\n"
                f"        return [each if {IS_REFUSAL} else None for each in draft.settled]",
            ),
        ),
    ),
    Bug(
        "a refusal is answered before the grant that it leans on is committed",
        (SEARCH,),
        (
            Edit(
                "storage/engine/committer.py",
                COMMITTED,
                "for waiting, each in zip(batch, draft.settled, strict=False):\n"
                f"            if {IS_REFUSAL} and not waiting.answer.done():\n"
                f"                waiting.answer.set_result(each)\n        {COMMITTED}",
            ),
        ),
    ),
    Bug(
        "users read before the state are believed",
        (f"{REFUSALS}a_license_taken_back_in_another_process_is_not_already_there",),
        (
            Edit(
                "storage/engine/standing.py",
                "began, ended, ended, configured_since))",
                "began, ended, ended, configured_since, self._standing.line if self._standing else Line()))",
            ),
        ),
    ),
    Bug(
        "a commit whose answer was lost gets a new id",
        (f"{LOST_ANSWERS}a_claim_whose_answer_was_lost_is_answered_claimed_and_made_once",),
        (
            Edit(
                "storage/engine/transaction.py",
                "import asyncio\n",
                "import asyncio\nfrom dataclasses import replace\nfrom uuid import uuid4\n",
            ),
            Edit(
                "storage/engine/transaction.py",
                "        await asyncio.sleep(",
                "        commit = replace(commit, id=uuid4().hex)\n        await asyncio.sleep(",
            ),
        ),
    ),
    Bug(
        "a commit whose answer was lost counts as not made",
        (f"{LOST_ANSWERS}a_claim_whose_answer_was_lost_is_answered_claimed_and_made_once",),
        (
            Edit(
                "storage/engine/transaction.py",
                "            problem = error\n",
                "            raise ConflictError(0) from error\n",
            ),
        ),
    ),
    Bug(
        "a policy in memory decides a grant",
        (SEARCH, f"{CONFLICTS}a_claim_on_its_way_is_not_made_once_turning_off_was_answered[policy]"),
        (
            Edit(
                "storage/engine/standing.py",
                "if known and known.state.head.configuration_sequence == head.configuration_sequence and known.etag:",
                "if known and known.etag:",
            ),
        ),
    ),
    Bug(
        "a refusal rests on a head that was read before the question came",
        (SEARCH, f"{REFUSALS}what_another_process_turned_on_counts_at_once"),
        (
            Edit(
                "storage/engine/committer.py",
                "return await confirmed(self._reader, standing, batch, draft)",
                "return draft.settled",
            ),
        ),
    ),
    Bug(
        "what is known after an own commit counts from its answer, not from its sending",
        (f"{WALKS}a_seat_that_another_process_bought_while_a_commits_answer_was_on_its_way_counts_for_who_comes_then",),
        (
            Edit(
                "storage/engine/committer.py",
                "commit.leader, etags[0], began, ended, ended,",
                "commit.leader, etags[0], ended, ended, ended,",
            ),
        ),
    ),
    Bug(
        "a refusal rests on a user who is newer than the state",
        ("tests/storage/test_moments.py::test_a_user_is_not_refused_because_of_the_seat_that_the_user_held_until_now",),
        (Edit("storage/engine/drafting.py", "if each.sequence >= draft.stamp.sequence or ", "if "),),
    ),
    Bug(
        "who asks while a read is under way shares that read",
        (f"{STANDING}who_asks_while_a_read_is_under_way_gets_one_that_began_later",),
        (
            Edit(
                "storage/engine/standing.py",
                "        if self._following is None:\n",
                "        if self._reading:\n            return await asyncio.shield(self._reading)\n"
                "        if self._following is None:\n",
            ),
        ),
    ),
    Bug(
        "a refusal rests on the guess that a user is new",
        ("tests/storage/test_guesses.py::test_no_refusal_is_answered_from_a_guess",),
        (
            Edit(
                "storage/engine/drafting.py",
                "if decision.change is None and draft.rests_on_guess(",
                "if decision.change and draft.rests_on_guess(",
            ),
        ),
    ),
    Bug(
        "time runs backwards where the clocks of processes differ",
        ("tests/storage/test_ledger.py::test_a_commit_time_never_runs_backwards_though_a_clock_does",),
        (Edit("storage/engine/drafting.py", "max(now, head.at) if head.at else now", "now"),),
    ),
    Bug(
        "who was put back is lost",
        (SEARCH,),
        (
            Edit(
                "storage/engine/waiting.py",
                "self._line[waiting.number] = waiting\n                self._line.move_to_end",
                "self._line.setdefault(waiting.number + 1, waiting)\n                self._line.move_to_end",
            ),
        ),
    ),
    Bug(
        "a license that was taken back stays in the digest",
        ("tests/domain/test_changes.py::test_the_digest_is_zero_again_once_everything_is_taken_back",),
        (Edit("domain/changes.py", "digest += sign * ", "digest += max(sign, 0) * "),),
    ),
    Bug(
        "a license with the app turned off counts as one that licenses it",
        ("tests/domain/test_claims.py::test_the_first_outcome_that_is_true_is_the_answer[appTurnedOff]",),
        (
            Edit(
                "domain/licenses.py",
                "plan_id in product.service_plan_ids and plan_id not in disabled_service_plan_ids",
                "plan_id in product.service_plan_ids",
            ),
        ),
    ),
    Bug(
        "who holds a product that was taken from the policy claims another",
        ("tests/domain/test_claims.py::test_the_first_outcome_that_is_true_is_the_answer[alreadyLicensed]",),
        (
            Edit(
                "domain/sign_ins.py",
                "    if not held:\n",
                "    held = tuple(each for each in held if each.sku_id in policy.sku_ids)\n    if not held:\n",
            ),
        ),
    ),
    Bug(
        "a total may fall below what is assigned",
        ("tests/domain/test_model.py::TestAnyHistory::runTest",),
        (Edit("domain/products.py", "if product.total_licenses < assigned:", "if product.total_licenses < 0:"),),
    ),
    Bug(
        "a claim of the journal's tail counts though its row has it",
        (f"{WALKS}a_report_counts_each_claim_once_though_a_roll_up_comes_at_any_of_its_calls",),
        (
            Edit(
                "storage/reports/counts.py",
                "if claim.sequence > through.get((claim.policy_id, month_of(claim.day)), 0):",
                "if claim.sequence > watermark.sequence:",
            ),
        ),
    ),
    Bug(
        "the watermark moves before the claims are counted",
        (f"{WALKS}a_roll_up_that_dies_at_any_of_its_calls_counts_each_claim_once",),
        (
            Edit(
                "storage/reports/rollup.py",
                "watermark.etag if watermark else None), *rows])",
                "watermark.etag if watermark else None)])\n"
                "        if rows:\n            await self._reports.commit(rows)",
            ),
        ),
    ),
    Bug(
        "commits go from the journal before they are counted",
        ("tests/reports/test_retention.py::test_nothing_above_the_watermark_goes",),
        (
            Edit(
                "storage/upkeep/retention.py",
                "most = min(COMMITS_PER_STEP, watermark.sequence - retention.pruned_through)",
                "most = COMMITS_PER_STEP",
            ),
        ),
    ),
    Bug(
        "the users of a commit are known with other rows' ETags",
        (f"{STANDING}a_head_that_stands_still_keeps_the_users_known",),
        (Edit("storage/engine/commit.py", "etags[first:], strict=True)", "etags, strict=False)"),),
    ),
    Bug(
        "who posted is answered before the commit",
        (f"{POSTS}nothing_is_told_of_a_commit_that_was_not_made",),
        (
            Edit(
                "storage/engine/committer.py",
                COMMITTED,
                "for waiting, each in zip(batch, draft.settled, strict=False):\n"
                "            if waiting.seen and not waiting.answer.done():\n"
                f"                waiting.answer.set_result(each)\n        {COMMITTED}",
            ),
        ),
    ),
    Bug(
        "what was posted long ago is decided",
        (f"{POSTS}what_was_posted_long_ago_is_left",),
        (Edit("storage/engine/posts/inbox.py", "is_seen or self._is_old(stored.row)", "is_seen"),),
    ),
    Bug(
        "what is committed for others is written over whatever came in between",
        (f"{POSTS}a_leader_that_stands_still_at_any_call_harms_nobody_who_was_posted[it is turned off-stopped]",),
        (
            Edit(
                "storage/engine/commit.py",
                "written_over(head_row(tenant_id, state.head, leader), standing.etag)",
                "Operation(Write.UPSERT, head_row(tenant_id, state.head, leader))",
            ),
            Edit(
                "storage/engine/commit.py",
                "Operation(Write.INSERT, journal_row(",
                "Operation(Write.UPSERT, journal_row(",
            ),
        ),
    ),
    Bug(
        "a process is told what became of another one's post",
        (f"{POSTS}each_process_is_told_what_became_of_its_own_post",),
        (
            Edit(
                "storage/engine/posts/inbox.py",
                "            taken = self._taken.get(process_id)\n            if taken:\n",
                "            taken = next(iter(self._taken.values()), None)\n            if taken:\n",
            ),
        ),
    ),
    Bug(
        "the leader's own callers go before those who are posted",
        (f"{POSTS}who_is_posted_is_not_behind_all_that_come_to_the_leader_later",),
        (
            Edit(
                "storage/engine/waiting.py",
                "number, first = next(iter(self._line.items()))",
                "number, first = min(self._line.items(), key=lambda each: each[1].seen is not None)",
            ),
        ),
    ),
    Bug(
        "who is licensed since the own post is taken to have claimed",
        (f"{POSTS}of_two_sign_ins_of_somebody_in_one_post_only_the_first_claims",),
        (
            Edit(
                "storage/engine/posts/posting.py",
                "if token_of(commit.row, origin.place) != waiting.token:",
                "if token_of(commit.row, origin.place) is None:",
            ),
        ),
    ),
    Bug(
        "who is licensed since the own post is taken not to have claimed where the journal is gone",
        (f"{POSTS}who_claimed_is_not_told_to_be_licensed_already_because_the_journal_is_gone",),
        (
            Edit(
                "storage/engine/posts/posting.py",
                'raise LedgerUnavailableError("the tenant was deleted before it was known who claimed")',
                "return settled",
            ),
        ),
    ),
    Bug(
        "who repeats a claim in the same commit takes its token",
        (f"{POSTS}of_two_sign_ins_of_somebody_in_one_post_only_the_first_claims",),
        (
            Edit(
                "storage/engine/commit.py",
                "isinstance(answer, ClaimAnswer) and answer.outcome is Outcome.CLAIMED",
                "isinstance(answer, ClaimAnswer)",
            ),
            Edit(
                "storage/engine/commit.py",
                "tokens.setdefault(held.assigned_by.place, waiting.token)",
                "tokens[held.assigned_by.place] = waiting.token",
            ),
        ),
    ),
    Bug(
        "a leader that was succeeded keeps whom it took in",
        (f"{POSTS}a_leader_that_was_succeeded_hands_nobody_on",),
        (Edit("storage/engine/committer.py", "            self._inbox.let_go()\n", "            pass\n"),),
    ),
    Bug(
        "a refusal is told to somebody whose post is not answered",
        (f"{POSTS}who_was_refused_claims_nothing_by_a_leader_that_was_only_slow[stopped]",),
        (
            Edit(
                "storage/engine/posts/posting.py",
                "is None and waiting.unanswered:",
                "is None and waiting.unanswered < 0:",
            ),
        ),
    ),
    Bug(
        "a leader decides what another one was asked",
        (f"{POSTS}who_was_refused_by_one_leader_claims_nothing_by_the_next",),
        (
            Edit(
                "storage/engine/posts/inbox.py",
                "post is None or post.leader != self._process_id or ",
                "post is None or ",
            ),
        ),
    ),
    Bug(
        "a post comes without a bell",
        (f"{POSTS}what_is_posted_is_claimed_by_the_leader_and_told_by_who_was_asked",),
        (
            Edit(
                "storage/engine/posts/posting.py",
                "writes = [Operation(Write.UPSERT, row), Operation(Write.UPSERT, bell)]",
                "writes = [Operation(Write.UPSERT, row)]",
            ),
        ),
    ),
    Bug(
        "who was refused elsewhere, and could claim now, is never posted again",
        (f"{POSTS}who_was_refused_a_seat_that_comes_then_is_posted_again",),
        (Edit("storage/engine/posts/following.py", "waiting.is_decided = False", "pass"),),
    ),
    Bug(
        "who is being told is put back",
        (f"{POSTS}who_is_being_told_is_not_decided_again",),
        (
            Edit(
                "storage/engine/waiting.py",
                "if not (waiting.is_settled or waiting.answer.done()):",
                "if not waiting.answer.done():",
            ),
        ),
    ),
    Bug(
        "a process that forgot a tenant numbers its posts as before, under the same id",
        (f"{POSTS}a_process_that_forgot_the_tenant_takes_no_old_answer_for_a_new_one",),
        (Edit("storage/engine/ledger.py", "tenant_id, self._new_id(), ", "tenant_id, str(id(self)), "),),
    ),
    Bug(
        "a tombstone of a head that waits for a first commit counts as one that waits",
        ("tests/search/test_lives.py::test_a_tenant_that_moved_before_its_first_commit_does_not_begin_where_it_was",),
        (Edit("storage/rows/lives.py", " and not why_closed(head)", ""),),
    ),
)
