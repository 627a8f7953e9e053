"""What soaks have found, as short as it can be told."""

from domain.assignments import assign_license
from domain.changes import Effect
from domain.integrity import as_of
from domain.journal import JournalRecord
from domain.products import put_product
from tests.domain.tenants import ADA, ANY, E1, EXCHANGE, NEW, START, TEAMS1, Tenant, product


class TenantWithAForgottenPlan(Tenant):
    """Ada's license has Exchange turned off; the product lost it and has it again, so it is on."""

    def __init__(self) -> None:
        super().__init__()
        self.done(put_product, product=product(E1), precondition=NEW)
        self.turn_exchange_off()
        self.done(put_product, product=product(E1, plans=(TEAMS1,)), precondition=ANY)
        self.done(put_product, product=product(E1), precondition=ANY)

    def turn_exchange_off(self) -> Effect:
        answer = self.settle(
            lambda stamp: assign_license(
                *(self.state, self.user("ada"), stamp),
                sku_id=E1,
                disabled_service_plan_ids=(EXCHANGE,),
                actor=ADA,
            )
        )
        assert isinstance(answer, tuple), answer
        return answer[0]


def test_turning_a_forgotten_plan_off_again_says_so_in_the_journal() -> None:
    tenant = TenantWithAForgottenPlan()
    assert tenant.turn_exchange_off() is Effect.CHANGED
    assert tenant.entry.details["after"]["disabledServicePlanIds"] == [EXCHANGE]


def test_a_check_of_integrity_can_undo_turning_a_forgotten_plan_off_again() -> None:
    tenant = TenantWithAForgottenPlan()
    before = tenant.user("ada")
    tenant.turn_exchange_off()
    record = JournalRecord(tenant.state.head.sequence, START, "id", (tenant.entry,))
    undone = as_of(tenant.user("ada"), record.sequence - 1, [record])
    assert [held.disabled_service_plan_ids for held in undone.licenses] == [
        held.disabled_service_plan_ids for held in before.licenses
    ]
