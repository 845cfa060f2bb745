"""Pages of participants: the list, and the file of one."""
