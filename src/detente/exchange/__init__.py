"""Notes, logs and proofs that neither side can rewrite: bytes and codes, no network and no database.

One specification a file, each read strictly, each refusal raised: nothing here
returns false. Reading order: `refused` (the one error), `strict` (lines, numbers, base64,
JSON), `vkey` (keys), `note`, `tree` (RFC 6962), `checkpoint`, `cosignature`, `tiles`,
`policy`, `proof`, `witness`; and what parties send each other: `message`, `card`, `entries` (of a log). `verifier` packs
what verifies a log into one file, `standalone`.
"""
