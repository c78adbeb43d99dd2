"""Proof that real products read Portbook's artifacts as its rules say.

`corpus` makes the artifacts, `rules` reads what they should say (the `json` target of the same selection), `consumers`
hold one module for each program that judges them, `outcome` is what they answer, `assurance` makes a page of the answers.
"""
