-- title: When customers write
-- help: Messages by day and hour, in the time zone of their desk.
-- refresh: 5m
-- size: medium
-- empty: Nobody wrote in this time.
select to_char(date_trunc('day', i.received_at at time zone d.timezone), 'DD Mon') as heat_day,
    extract(hour from i.received_at at time zone d.timezone) as heat_hour, count(*) as heat_value
from report.inbox i
join report.desks d on d.desk = i.desk
where i.received_at >= :since and i.received_at < :until
    and i.kind not in ('timer', 'agent', 'media_result', 'notice', 'system')
group by date_trunc('day', i.received_at at time zone d.timezone), 2
order by date_trunc('day', i.received_at at time zone d.timezone), 2
