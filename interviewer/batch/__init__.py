"""Many answers: from a file of rows to grades on the disk, and what is learned from them.

`rows` reads, `ledger` keeps, `run` grades. `scored` joins grades with people's scores, `plot` draws
them, `trial` tries a guide on its own examples. Nothing here knows a terminal.
"""
