"""Simulated candidates, who drive the real interview from end to end.

`persona` is how somebody behaves and `story` what they have to tell, both documents; `candidate`
goes by them as a script (`speech`), `played` has a model do it. `scene` holds one interview, `run`
many. `measures` says what came of one, with `validity` and `tone`; `summary` of many.
"""
