-- title: Income booked
-- help: Prices of what was booked on each day, tax included, without what was cancelled since.
-- refresh: 1m
-- size: medium
-- empty: Nothing was booked in this time.
select date_trunc('day', created_at) as bar_label, currency as bar_series, sum(amount) as bar_value
from report.bookings
where state = 'booked' and created_at >= :since and created_at < :until
group by 1, 2
order by 1, 2
