"""The demo's fictional people and what happened with them, made by the operations of the rooms on the days of the past.

`sign_ins` who can sign in · `partners` and `referrals` what a region has without anybody taking part · `people` who
takes part, from a fixed seed · `acts` what is done on a day, by whom · one module for each part of a file, listed in
`files.PARTS`: a room that comes adds its own there.
"""
