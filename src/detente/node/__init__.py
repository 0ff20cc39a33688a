"""A party's node: what it sends, what it stores of others, and the log that neither side can rewrite.

One log per channel and party; the other party is its witness. Numbers order messages, clocks never do.
Reading order: `failpoint` (where a crash is tried), `store` (the database), `ledger` (the log in it: entries,
hashes, checkpoints), `folder` (a node on disk), `forms` (what a body may hold), `sending`, `receiving`, `heads` (what each side has seen of the other's log), `bundle` (all of it carried offline), `export`, `compare`.
"""
