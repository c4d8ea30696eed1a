"""Arithmetic written in data: "110 * depth" with the parameters of a motion."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import cache

from deukgeun.errors import SynthError

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "sin": lambda degrees: math.sin(math.radians(degrees)),
    "cos": lambda degrees: math.cos(math.radians(degrees)),
}


def evaluate(text: str, names: Mapping[str, float]) -> float:
    """The value of ``text``: numbers, names, + - * / **, brackets, min, max, abs, sin and cos (of degrees).

    Raises SynthError ``synth-expression`` for anything else, and for a name that is not among ``names``.
    """
    try:
        return float(_value(_parse(text), names))
    except (KeyError, SyntaxError, TypeError, ValueError, ZeroDivisionError) as error:
        raise SynthError("synth-expression", expression=text, reason=str(error)) from error


@cache
def _parse(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _value(node: ast.expr, names: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)](_value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(each, names) for each in args))
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")
