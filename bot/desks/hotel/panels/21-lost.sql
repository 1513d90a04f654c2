-- title: Lost for want of rooms
-- help: Nights that guests asked for in this time when nothing was free.
-- refresh: 5m
-- size: medium
-- empty: Nobody was turned away in this time.
select n.night as bar_label, replace(e.why, '_', ' ') as bar_series, count(distinct e.conversation_id) as bar_value
from report.errands e
cross join lateral generate_series(e.begins, least(e.ends, e.begins + 31) - 1, interval '1 day') as n (night)
where e.service = 'offers' and e.what = 'search' and e.why in ('sold_out', 'taken', 'closed')
    and e.created_at >= :since and e.created_at < :until
group by 1, 2
order by 1, 2
