"""The embedded PostgreSQL: one real server for each data folder, started for whoever needs it.

Callers use `embedded.Embedded` (a data folder's own server), `embedded.temporary` (one for tests) and
`external.check` (a server that DATABASE_URL names). Nothing is imported here, so that the guard, which
outlives every command, stays a small process. Why it is built this way: docs/decisions/0001.
"""
