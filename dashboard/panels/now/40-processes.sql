-- title: Processes
-- help: Each tells every few seconds that it lives. One that was killed is shown for a day.
-- refresh: 5s
-- size: small
select p.kind || case when p.jobs = '{}' then '' else ': ' || array_to_string(p.jobs, ', ') end as lamp,
    case when p.alive then 'ok' else 'bad' end as state, p.heard_at as detail
from report.processes p
union all
select 'workers', 'bad', null
where not exists (select 1 from report.processes p where p.kind = 'workers' and p.alive)
order by 2, 1
