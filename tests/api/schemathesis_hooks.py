"""What operations ask for beyond what JSON Schema can say: good requests are kept to it.

A request that is drawn to be refused stays as it is."""

import itertools
import uuid

import schemathesis
from schemathesis.generation import GenerationMode

_numbers = itertools.count(1)


def _put_in_order(values, low, high):
    """Swaps the two where the least is over the most; in a query they may be text."""
    least, most = values.get(low), values.get(high)
    if least is not None and most is not None and float(least) > float(most):
        values[low], values[high] = most, least


def _is_empty(value):
    """No wish: null, or nothing but such."""
    if isinstance(value, dict):
        return all(_is_empty(each) for each in value.values())
    return value is None or value == []


def _keep_recommend(case):
    body = case.body
    preferences = body["preferences"] if "preferences" in body else body
    _put_in_order(preferences, "budget_min", "budget_max")
    if _is_empty(preferences):
        preferences["genres"] = ["rock"]
    if case.headers and "Idempotency-Key" in case.headers:  # a key names one request
        case.headers["Idempotency-Key"] = f"request-{next(_numbers):010}"


def _keep_list_headphones(case):
    _put_in_order(case.query or {}, "price_min", "price_max")


def _keep_record_feedback(case):
    """A rating belongs to the kind rated, and to no other."""
    if case.body["kind"] != "rated":
        case.body.pop("rating", None)
    elif not case.body.get("rating"):
        case.body["rating"] = 3


def _keep_register(case):
    """An e-mail that nobody has yet, and a password that is hard to guess."""
    case.body["email"] = f"somebody-{next(_numbers)}@example.com"
    case.body["password"] = f"{uuid.uuid5(uuid.NAMESPACE_URL, case.body['password'])}"
    if case.body.get("display_name") is not None:
        case.body["display_name"] = "Somebody"


def _keep_log_in(case):
    case.body["email"] = "nobody@example.com" if next(_numbers) % 2 else "somebody-1@example.com"


def _keep_list_my_recommendations(case):
    """A cursor is opaque: only that of a page is good."""
    if case.query and "cursor" in case.query:
        case.query["cursor"] = "2026-11-22T14:15:39.000000Z_01a203ef-01e2-785e-a92d-5b2806dd8eef"


_KEPT = {name.removeprefix("_keep_"): keep for name, keep in list(globals().items()) if name.startswith("_keep_")}


@schemathesis.hook
def before_call(context, case, kwargs):
    keep = _KEPT.get(case.operation.definition.raw.get("operationId"))
    if keep and case.meta and case.meta.generation.mode == GenerationMode.POSITIVE:
        keep(case)
