-- title: Conflicts in the last hour
-- help: Turns taken again because somebody else had written the session. Fewer than 5 is usual; more than the limit wants a look.
-- param: most integer @ALARM_CONFLICTS
-- refresh: 30s
-- size: small
select coalesce(sum(count) filter (where at > now() - interval '1 hour'), 0) as big,
    coalesce(sum(count) filter (where at <= now() - interval '1 hour'), 0) as before,
    case when coalesce(sum(count) filter (where at > now() - interval '1 hour'), 0) > :most then 'bad'
        when coalesce(sum(count) filter (where at > now() - interval '1 hour'), 0) >= 5 then 'warn'
        else 'good' end as tone
from report.conflicts
where at > now() - interval '2 hours'
