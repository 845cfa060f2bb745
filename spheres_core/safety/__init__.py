"""Keeps her emergency plan, and lets somebody on call open it when she is in danger.

*Emergency plan*: what she has thought out beforehand with her worker, in sections; each writing is a version of its
own, and one of them is the plan: the one to which she has agreed. *Not now*: she does not want one yet, and it is
asked again on a day. *Emergency access*: somebody of a partner opens her plan for a few hours, with a reason, where
she has agreed to that beforehand; whoever follows her hears of it at once, and it is looked at afterwards.
"""
