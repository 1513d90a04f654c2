-- title: Conflicts in the last hour
-- help: Turns taken again because somebody else had written the session. Fewer than 5 is usual; more than 20 wants a look.
-- refresh: 30s
-- size: small
select coalesce(sum(count) filter (where at > now() - interval '1 hour'), 0) as big,
    coalesce(sum(count) filter (where at <= now() - interval '1 hour'), 0) as before,
    case when coalesce(sum(count) filter (where at > now() - interval '1 hour'), 0) > 20 then 'bad'
        when coalesce(sum(count) filter (where at > now() - interval '1 hour'), 0) >= 5 then 'warn'
        else 'good' end as tone
from report.conflicts
where at > now() - interval '2 hours'
