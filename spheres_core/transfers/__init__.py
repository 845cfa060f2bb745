"""Transfers: she goes on in another region, with what she has agreed to let go along and nothing else.

A *transfer* is what one region offers; in the other one it is a *received transfer*, until somebody there answers. What
went along stands in her new file as *brought entries*. No region reads another one's tables: messages cross by the
outbox (`events`), and who was who stands in each region's identity vault only.
"""
