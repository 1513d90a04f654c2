-- title: Turns in the last minute
-- help: Events that took effect; compared with the minute before.
-- refresh: 5s
-- size: tiny
select count(*) filter (where at > now() - interval '1 minute') as big,
    count(*) filter (where at <= now() - interval '1 minute') as before, 'turns' as label
from report.steps
where at > now() - interval '2 minutes'
