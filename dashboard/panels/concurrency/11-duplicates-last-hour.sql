-- title: Duplicates in the last hour
-- help: Copies of events we had already: each took effect once.
-- refresh: 30s
-- size: small
select coalesce(sum(retries), 0) as big, count(*) || ' events came more than once' as label
from report.inbox
where last_retry_at > now() - interval '1 hour' and received_at > now() - interval '8 days' and retries > 0
