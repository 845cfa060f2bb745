"""Channels: how a message leaves the system. It leaves with nothing in it but "something is waiting, please sign in".

*Notice*: a subject and sentences of ours without any placeholder, so that no name and no word of a case can get in.
*Letter*: a notice in its recipient's language, with the tenant's sign-in address, or the address of an invitation.
*Channel*: e-mail, as a file per message by default and by SMTP when the deployment has it; or a *text message* to a
telephone, which says less still, has no address in it, and is handed over by a plugin, the *gateway*. Messages are read
on shared phones and over shoulders: everything else is read after signing in.
"""
