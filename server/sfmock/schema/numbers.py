"""Numbers as Salesforce writes them: Java's form of a double (wire-facts.md 2, rest.md 7)."""

from __future__ import annotations


def java_double(value: float) -> str:
    """The shortest text that reads back as the value: `3.0`, `0.25`, from 1e7 up `3.5E8`, below 1e-3 `1.0E-4`.

    The exponent form is certain in Bulk CSV; no recorded REST body has a value of that size.
    """
    if value == 0:
        return "0.0"
    if 1e-3 <= abs(value) < 1e7:
        return repr(value)
    sign = "-" if value < 0 else ""
    digits, exponent = _digits(abs(value))
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent}"


def _digits(value: float) -> tuple[str, int]:
    """The significant digits of a positive double, and the exponent of the first one."""
    mantissa, _, power = f"{value!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    leading = len(whole) - 1 if whole != "0" else -(len(fraction) - len(fraction.lstrip("0")) + 1)
    return digits.rstrip("0") or "0", leading + (int(power) if power else 0)
