"""Shares of 1 as per cent: those that were counted, and those that somebody has set."""

from __future__ import annotations

from fractions import Fraction


def counted(share: float) -> str:
    """A share of many, without decimals; 0% is none of them and 100% all, and nothing else is."""
    told = f"{share:.0%}"
    if share in (0, 1) or told not in ("0%", "100%"):
        return told
    tenths = f"{share:.1%}"
    return {"0.0%": "<0.1%", "100.0%": ">99.9%"}.get(tenths, tenths)


def given(share: float | Fraction) -> str:
    """A threshold or a penalty, with up to two decimals: it may be 12.5%."""
    return f"{round(100 * float(share), 2):g}%"
