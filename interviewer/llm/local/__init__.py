"""The embedded model: which weights there are, how they get here, the process that runs them.

`catalogue` knows, `pull` fetches, `engine` runs `server` as a child. No terminal here.
"""
