"""The floor: the same answers by hand-written SQL on bare Litestar and asyncpg, with the fewest round trips.

Each request is BEGIN with the tenant in one message, one statement that does all its work and writes its trail (after
one that checks the token, and says who reads), and COMMIT before the answer; a day writes its trail in a statement of
its own, since which dates are near is not for SQL. It shares with the product what is not in question: checking
answers, the cipher, the marks by which duplicates are found, whether somebody may be reached now, the job function, the
tables and their row-level security. It knows one form, has no plugins, no rooms and no second way in, and would be
thrown away at the first change of mind; that is what makes it a floor.
"""
