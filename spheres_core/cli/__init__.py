"""The `spheres` command: how the people who run the system start it, ask it and mend it.

*Speaker*: says everything in the reader's language, for people or (`--json`) for programs; answers go to stdout, what
is going on to stderr. *Trouble*: a reason not to go on that the reader can do something about; never a traceback.
Exit codes: 0 done, 1 refused or something to mend, 2 used wrongly. Words and secrets of people never stand in arguments
or logs.
"""
