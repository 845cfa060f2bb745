"""Extra questions: what a pack, a plugin or the region asks on a record of another room, and the answers.

A room declares a *kind of record* (`register_record_kinds`). A form whose key begins with `on_` and the kind is asked
of staff on each record of it. Its answers stand here, sealed, by the version of the form that asked; they go with the
record. Who may read or change the record may read or answer its extra questions, and nobody else.
"""
