"""How near the product comes to the least that can be: the same work by hand-written SQL on bare Litestar and asyncpg.

*Product*: the dispatcher with its rooms. *Floor*: `floor/`, which writes the same rows and gives the same answers,
with the fewest round trips we could think of. *Ground*: the databases both stand on. Every figure is taken in turns,
product, floor, floor, product, so that what else the machine does meets both; what counts is the ratio.
"""
