"""A request's trace: from the caller's span to the calls of the storage."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    get_current_span,
    get_tracer,
    set_span_in_context,
)

from functions.telemetry.observation import Observation
from functions.telemetry.providers import sampler
from storage.instruments import LINKS, committing, settling, telling_of
from tests.functions.conftest import Api
from tests.functions.valid import stock
from tests.telemetry.kept import Kept, ids, parent_id

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


def sign_in(api: Api, user_id: str, trace_parent: str = f"00-{TRACE}-{CALLER}-01") -> None:
    body = {"tenantId": api.tenant_id, "appId": "microsoft-teams", "user": {"id": user_id}}
    headers = {"x-functions-key": api.served.keys.function, "traceparent": trace_parent}
    assert api.anonymous("POST", "/sign-ins", json=body, headers=headers).status_code == 200


def only(spans: list[ReadableSpan]) -> ReadableSpan:
    (span,) = spans
    return span


def test_a_claim_is_one_trace_from_the_callers_span_to_the_storage_call(api: Api, kept: Kept) -> None:
    policy = stock(api)
    kept.begin()

    sign_in(api, "ada")

    top, settle, commit = (only(kept.spans(name)) for name in ("sign_in", "settle", "commit"))
    call = only(kept.spans("storage commit"))
    assert {ids(span)[0] for span in kept.spans()} == {TRACE}
    assert [parent_id(span) for span in (top, settle, commit, call)] == [
        CALLER,
        *(ids(span)[1] for span in (top, settle, commit)),
    ]
    assert (call.kind, call.attributes) == (
        SpanKind.CLIENT,
        {"db.system.name": "azure.tables", "operation": "commit", "status": "ok"},
    )
    assert top.attributes is not None
    assert (top.kind, dict(top.attributes)) == (
        # The host has the server's span.
        SpanKind.INTERNAL,
        {
            "operation": "sign_in",
            "request_id": top.attributes["request_id"],
            "tenant_id": api.tenant_id,
            "user_id": "ada",
            "outcome": "claimed",
            "policy_id": policy["id"],
            "sku_id": policy["products"][0]["skuId"],
            "http.response.status_code": 200,
        },
    )


@pytest.mark.parametrize("trace_parent", ["", "nonsense", f"00-{'0' * 32}-{CALLER}-01", f"ff-{TRACE}-{CALLER}-01"])
def test_a_trace_parent_that_cannot_be_read_counts_as_none(api: Api, kept: Kept, trace_parent: str) -> None:
    sign_in(api, "ada", trace_parent)

    top = only(kept.spans("sign_in"))
    assert (top.parent, top.status.status_code) == (None, StatusCode.UNSET)


def test_what_the_caller_does_not_sample_is_not_told(api: Api, kept: Kept) -> None:
    stock(api)
    kept.begin()

    sign_in(api, "ada", f"00-{TRACE}-{CALLER}-00")

    assert kept.spans() == []
    assert kept.total("autoclaim.sign_ins", outcome="claimed") == 1


def test_no_more_traces_are_kept_than_the_ratio_says_whatever_callers_want() -> None:
    tracer = TracerProvider(sampler(0.1), shutdown_on_exit=False).get_tracer("test")
    random = Random(1)  # noqa: S311 - not a secret

    def kept_of(wanted: TraceFlags) -> int:
        callers = [SpanContext(random.getrandbits(128), 1, is_remote=True, trace_flags=wanted) for _ in range(2_000)]
        spans = [tracer.start_span("any", set_span_in_context(NonRecordingSpan(caller))) for caller in callers]
        return sum(span.is_recording() for span in spans)

    assert kept_of(TraceFlags(TraceFlags.DEFAULT)) == 0
    assert 100 < kept_of(TraceFlags(TraceFlags.SAMPLED)) < 300


def test_each_request_has_its_own_storage_calls_though_one_task_serves_them_all(api: Api, kept: Kept) -> None:
    stock(api, total=20)
    kept.begin()
    traces = [f"{number:032x}" for number in range(1, 21)]

    # Close to each other, so that the task that the first one began has no pause to end in.
    with ThreadPoolExecutor(4) as threads:
        list(
            threads.map(
                lambda place: sign_in(api, f"user-{place}", f"00-{traces[place]}-{CALLER}-01"), range(len(traces))
            )
        )

    by_id = {ids(span)[1]: span for span in kept.spans()}
    for call in kept.spans("storage commit") + kept.spans("storage get"):
        above = by_id[parent_id(call) or ""]
        assert (above.start_time or 0) <= (call.start_time or 0)
        assert (above.end_time or 0) >= (call.end_time or 0)
    served = {ids(span)[0] for span in kept.spans("commit")}
    served |= {f"{link.context.trace_id:032x}" for span in kept.spans("commit") for link in span.links}
    assert served == set(traces)


def test_a_commit_has_links_to_some_of_those_that_it_serves(kept: Kept) -> None:
    people = LINKS + 10
    with ExitStack() as waiting:
        waiting.enter_context(get_tracer("test").start_as_current_span("caller"))
        spans = []
        for _ in range(people):
            waiting.enter_context(settling("a tenant"))
            spans.append(get_current_span())
        with telling_of(spans), committing(people):
            pass

    commit = only(kept.spans("commit"))
    assert parent_id(commit) == ids(kept.spans("settle")[0])[1]
    assert len(commit.links) == LINKS


def test_a_failure_is_told_by_its_type_alone(api: Api, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("Ada Lovelace")

    monkeypatch.setattr("storage.tables.table.LedgerTable.get", fail)

    assert api.sign_in("ada").status_code == 500

    top = only(kept.spans("sign_in"))
    assert top.status.status_code is StatusCode.ERROR
    assert not top.events
    assert all("Lovelace" not in span.to_json() for span in kept.spans())


def test_a_function_that_is_called_without_a_context_begins_a_trace(kept: Kept) -> None:
    del kept
    with Observation("get_me") as observation:
        observation.begin(None)

        context = get_current_span().get_span_context()

    assert context.is_valid
