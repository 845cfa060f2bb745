"""Keeps what she needs, what she is good at, what she wants, and which services were asked for on her way.

*Need*: something that she lacks, who identified it, what meets it today and what could. *Strength*: something that she
can build on; no need is recorded before one. *Goal*: something that she wants, in her words; several at once.
*Stage of change*: where she stands with one goal. *Cycle stage*: where she stands in the cycle of exploitation, as her
worker sees it and as she does; an observation, which changes nothing else. *Service request*: what a partner is asked.
"""
