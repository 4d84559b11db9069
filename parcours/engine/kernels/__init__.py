"""The loops. Everything else prepares their arrays or finishes their sums.

Every kernel takes the customers `first` to `last` (past the end) of a log, so that parts run in threads and
buckets on other machines, and writes sums or one entry a customer, which add up. The highest code of its
width means “no activity”: such an event stays in the log but takes no part in sequences.
"""
