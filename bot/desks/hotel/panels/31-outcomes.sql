-- title: What came of asking the house
-- help: Errands of this time by what was asked and what came of it.
-- refresh: 1m
-- size: small
-- empty: The house was not asked in this time.
select replace(what, '_', ' ') as bar_label,
    case when state = 'failed' and why is not null then 'refused' else state end as bar_series, count(*) as bar_value
from report.errands
where service in ('offers', 'hold', 'booking') and created_at >= :since and created_at < :until
group by 1, 2
order by 1, 2
