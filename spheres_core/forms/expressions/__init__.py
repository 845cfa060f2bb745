"""The small language of form rules: read once into a JSON tree, evaluated in Python and in the browser alike.

Blank is `None`. Comparing with a blank is false, arithmetic with a blank is blank, `x = ''` asks whether x is blank.
Numbers are doubles, dates are ISO text, multiples are lists of codes, text is measured in code points, and patterns
match whole texts in ASCII classes. `static/expressions.js` holds the same rules; a test runs both on random ones.
"""

from spheres_core.forms.expressions.evaluator import Compiled, RuleScope, compile_tree, evaluate
from spheres_core.forms.expressions.parser import FUNCTIONS, ExpressionInvalid, parse
from spheres_core.forms.expressions.rule_tree import Tree, columns_of, references_of, rewrite, uses_self
from spheres_core.forms.expressions.values import Value

__all__ = [
    "FUNCTIONS",
    "Compiled",
    "ExpressionInvalid",
    "RuleScope",
    "Tree",
    "Value",
    "columns_of",
    "compile_tree",
    "evaluate",
    "parse",
    "references_of",
    "rewrite",
    "uses_self",
]
