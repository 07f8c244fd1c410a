"""Sessions of the past, judged by what is current: grades again, what differs, what-if.

`past` reads what was graded; `by_guide` says which guide it is graded by now; `again` grades many
at once and keeps the new grade beside the old; `rehearsing` takes a session through today's code
with the replies it got, `differing` says what of it would differ; `asking` lets one probe be worded
anew. Nothing here draws.
"""
