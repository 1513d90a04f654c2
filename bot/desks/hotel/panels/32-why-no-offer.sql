-- title: Why there was no offer
-- help: Searches in this time that found nothing as it was asked for, by the reason of the house.
-- refresh: 5m
-- size: small
-- empty: Every search found something.
select replace(why, '_', ' ') as bar_label, count(*) as bar_value
from report.errands
where service = 'offers' and what = 'search' and why <> '' and created_at >= :since and created_at < :until
group by 1
order by 2 desc, 1
