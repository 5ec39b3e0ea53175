"""Django's PostgreSQL backend, with a pool that heals after the database was started again."""
