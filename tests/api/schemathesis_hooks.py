"""What the operations ask for beyond what JSON Schema can say: drawn requests are kept to it."""

import schemathesis


def _in_order(values, low, high):
    """Swaps the two where both are numbers and the least is over the most."""
    if not isinstance(values, dict):
        return
    least, most = values.get(low), values.get(high)
    if _is_number(least) and _is_number(most) and least > most:
        values[low], values[high] = most, least


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_empty(value):
    """No wish: null, or nothing but such."""
    if isinstance(value, dict):
        return all(_is_empty(each) for each in value.values())
    return value is None or value == []


def _with_a_wish(preferences):
    """Preferences whose every field says "no wish" get one; {} itself the document forbids."""
    if isinstance(preferences, dict) and preferences and _is_empty(preferences) and "genres" in preferences:
        preferences["genres"] = ["rock"]
    elif isinstance(preferences, dict) and preferences and _is_empty(preferences):
        preferences["budget_max"] = 500


@schemathesis.hook
def map_body(context, body):
    if context.operation.definition.raw.get("operationId") == "recommend" and isinstance(body, dict):
        for preferences in (body, body.get("preferences")):
            _in_order(preferences, "budget_min", "budget_max")
        _with_a_wish(body.get("preferences") if "preferences" in body else body)
    return body


@schemathesis.hook
def map_query(context, query):
    _in_order(query, "price_min", "price_max")
    return query
