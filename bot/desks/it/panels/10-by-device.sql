-- title: By device
-- help: Cases that reached a technician, by the device they are about.
-- refresh: 5m
-- size: medium
-- empty: No case reached a technician in this time.
select coalesce(nullif(replace(content ->> 'device', '_', ' '), ''), 'not known') as bar_label, count(*) as bar_value
from report.tickets
where created_at >= :since and created_at < :until
group by 1
order by 2 desc, 1
limit 15
