"""What pages and answers show of emergency plans, by page."""
