"""Forms: what is asked of people. Form definitions, their versions, and the answers given to them.

A region writes its questions in a spreadsheet (XLSForm). This room turns it into an immutable, hashed *form version*:
questions with stable names, words in every language, rules as small JSON trees. The same rules run here and in the
browser; this side decides. Answers are an object by question name; they are always checked and always shown by the
version that asked them.

Words: a *form* has a key (`referral`) and *versions*; a *question* has a name, a kind and perhaps a *meaning* that ties
it to the core's vocabulary; *choices* belong to a list and are retired, never removed; a *rule* is an expression
(relevant, constraint, required, calculation, choice filter); *answers* are what a person said.
"""
