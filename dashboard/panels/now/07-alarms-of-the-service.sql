-- title: Alarms of the service
-- help: Alerts that fire now, by the rules of `deploy/prometheus`, as Alertmanager tells it. Red is what wakes somebody.
-- refresh: 30s
-- size: wide
select name as lamp, case severity when 'page' then 'bad' else 'warn' end as state,
    summary || ', since ' || to_char(started_at, 'YYYY-MM-DD HH24:MI') as detail
from report.alarms
where ended_at is null
order by severity = 'page' desc, started_at
