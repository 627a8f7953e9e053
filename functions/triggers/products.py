"""/products: purchased subscriptions."""

from functools import partial

from domain import products
from domain.ids import fold
from domain.refusals import Code, Refusal
from domain.tenant import TenantState
from functions.http.admission import MANAGERS, READERS
from functions.http.answers import Answer, versioned
from functions.http.bodies import PRODUCT_BODY_BYTES
from functions.http.operations import Call, NoBody, Operations, raise_refusal
from functions.http.paging import PAGE, page_of
from functions.schemas.products import ProductAnswer, ProductList, ProductWrite, product_answer

operations = Operations()


@operations.operation("GET", "products", admission=READERS, query=PAGE, answers={200: ProductList})
async def list_products(call: Call[NoBody]) -> Answer:
    """List the products, by display name."""
    state = await call.state()
    products_ = state.configuration.products.values()
    in_order = sorted(((fold(product.display_name), product.sku_id), product.sku_id) for product in products_)
    page, next_link = page_of(in_order, call.listing(), parts=2)
    return Answer(body=ProductList(value=[product_answer(state, sku_id) for sku_id in page], next_link=next_link))


@operations.operation(
    "GET", "products/{skuId}", admission=READERS, answers={200: ProductAnswer}, errors=(Code.PRODUCT_NOT_FOUND,)
)
async def get_product(call: Call[NoBody]) -> Answer:
    """Read a product."""
    state = await call.state()
    raise_refusal(_missing(state, call.path["skuId"]))
    return versioned(product_answer(state, call.path["skuId"]))


@operations.operation(
    "PUT",
    "products/{skuId}",
    admission=MANAGERS,
    body=ProductWrite,
    body_bytes=PRODUCT_BODY_BYTES,
    conditional=True,
    answers={200: ProductAnswer, 201: ProductAnswer},
    errors=(Code.LICENSES_IN_USE, Code.POLICY_WOULD_LOSE_APP, Code.LIMIT_REACHED),
)
async def put_product(call: Call[ProductWrite]) -> Answer:
    """Make a product, or replace it. Holders of its licenses have what it has from then on."""
    sku_id = call.path["skuId"]
    state, effect = await call.change(
        partial(
            products.put_product,
            product=call.body.to_product(sku_id),
            precondition=call.precondition,
            actor=call.caller.administrator,
        )
    )
    return versioned(product_answer(state, sku_id), effect=effect)


@operations.operation(
    "DELETE",
    "products/{skuId}",
    admission=MANAGERS,
    conditional=True,
    answers={204: None},
    errors=(Code.PRODUCT_NOT_FOUND, Code.LICENSES_IN_USE, Code.PRODUCT_IN_USE),
)
async def delete_product(call: Call[NoBody]) -> Answer:
    """Delete a product that no policy has and no user holds."""
    await call.change(
        partial(
            products.delete_product,
            sku_id=call.path["skuId"],
            precondition=call.precondition,
            actor=call.caller.administrator,
        )
    )
    return Answer(204)


def _missing(state: TenantState, sku_id: str) -> Refusal | None:
    return None if sku_id in state.configuration.products else products.product_not_found(sku_id)
