"""Several hosts on one machine, each a network namespace, with what a deployment on several hosts is made of: HAProxy, web
hosts, worker hosts, a PgBouncer on each, PostgreSQL with a synchronous standby. Then they fail, one after the other, while
customers write. `python -m deploy.lab` prints what that cost them; `docs/failures.md` keeps a run.
"""
