"""Sums of money and quantities, as exact as the decimals that were sent (metadata.md 2.2: nothing is rounded)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext

from sfmock.store.database import Value

HUNDRED = Decimal(100)


def exact(value: Value) -> Decimal:
    """A stored number; null counts as zero."""
    return Decimal(0) if value is None else Decimal(str(value))


def product(*factors: Value | Decimal) -> float:
    """The product of numbers."""
    result = Decimal(1)
    for each in factors:
        result *= each if isinstance(each, Decimal) else exact(each)
    return float(result)


def total(values: Iterable[Value]) -> float:
    """The sum of numbers; 0 of none."""
    return float(sum(map(exact, values), Decimal(0)))


def left_of(discount: Value) -> Decimal:
    """The part that a discount in percent leaves of a price."""
    return 1 - exact(discount) / HUNDRED


def quotient(dividend: Value, divisor: Decimal) -> float | None:
    """A number that times the divisor is the dividend; None where no decimal of 15 digits is."""
    if divisor == 0:
        return None
    with localcontext() as context:
        context.prec = 15
        result = exact(dividend) / divisor
    return float(result) if result * divisor == exact(dividend) else None


def discount(before: float, after: float) -> float:
    """What is missing of the price before, in percent to two decimals (how many is unverified); 0 of nothing."""
    if not before:
        return 0.0
    ratio = (exact(before) - exact(after)) / exact(before) * HUNDRED
    return float(ratio.quantize(Decimal("0.01"), ROUND_HALF_UP))
