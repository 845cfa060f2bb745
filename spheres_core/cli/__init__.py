"""The `spheres` command: how the people who run the system start it, inspect it and repair it.

`command_table` names every command with its help; `help` imports a command when it is called. `output.Output` prints in
the reader's language, for people or (`--json`) for programs: results on stdout, progress on stderr. A `CommandError` is
a reason not to go on that the reader can mend; nobody is shown a traceback.
Exit codes: 0 done, 1 refused or something to mend, 2 used wrongly. Words and secrets of people never stand in arguments
or logs.
"""
