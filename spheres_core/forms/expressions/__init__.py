"""The language of form rules, as ODK means it: read once into a JSON tree, evaluated here and in the browser alike.

Blank is the empty text. Numbers are doubles, dates are days since 1970 wherever a number is wanted, multiples are texts
of codes with spaces between, text is measured in code points, and patterns match whole texts in ASCII classes.
`static/expressions.js` holds the same rules; a test runs both on random ones.
"""

from spheres_core.forms.expressions.dates import Clock, clock_at, clock_of_day
from spheres_core.forms.expressions.evaluator import Compiled, RulePlace, RuleScope, compile_tree, evaluate
from spheres_core.forms.expressions.functions import FUNCTIONS
from spheres_core.forms.expressions.parser import ExpressionInvalid, parse
from spheres_core.forms.expressions.rule_tree import Tree, columns_of, references_of, rewrite, uses_self
from spheres_core.forms.expressions.values import Value

__all__ = [
    "FUNCTIONS",
    "Clock",
    "Compiled",
    "ExpressionInvalid",
    "RulePlace",
    "RuleScope",
    "Tree",
    "Value",
    "clock_at",
    "clock_of_day",
    "columns_of",
    "compile_tree",
    "evaluate",
    "parse",
    "references_of",
    "rewrite",
    "uses_self",
]
