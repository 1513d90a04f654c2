-- title: When customers write
-- help: Messages by day and hour, in the time zone of their desk.
-- refresh: 5m
-- size: medium
-- empty: Nobody wrote in this time.
with quarters as (
    select desk, date_bin(interval '15 minutes', received_at, timestamptz '2000-01-01') as at, count(*) as messages
    from report.inbox
    where received_at >= :since and received_at < :until
        and origin = 'customer'
    group by 1, 2
),
here as (
    select q.at at time zone d.timezone as at, q.messages
    from quarters q
    join report.desks d on d.desk = q.desk
)
select to_char(date_trunc('day', at), 'DD Mon') as heat_day, extract(hour from at) as heat_hour,
    sum(messages) as heat_value
from here
group by date_trunc('day', at), 2
order by date_trunc('day', at), 2
