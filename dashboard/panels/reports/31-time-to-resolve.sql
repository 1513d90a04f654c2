-- title: Time to resolve
-- help: Of the reports resolved in this time.
-- refresh: 5m
-- size: medium
-- empty: Nothing was resolved in this time.
select kind, count(*) as resolved,
    percentile_cont(0.5) within group (order by extract(epoch from resolved_at - created_at)) as half_within_s,
    percentile_cont(0.9) within group (order by extract(epoch from resolved_at - created_at)) as nine_in_ten_within_s
from report.tickets
where resolved_at >= :since and resolved_at < :until
group by kind
order by kind
