-- title: By centre
-- help: The centre that help comes from; for equipment that stays in its place, that place.
-- refresh: 5m
-- size: medium
-- empty: No reports in this time.
select coalesce(content #>> '{arrival,name}', content #>> '{equipment,place}', 'not known') as bar_label,
    count(*) as bar_value
from report.tickets
where created_at >= :since and created_at < :until
group by 1
order by 2 desc, 1
limit 15
