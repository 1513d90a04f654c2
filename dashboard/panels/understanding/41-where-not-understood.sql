-- title: Where it was not understood
-- help: The states in which customers were not understood.
-- refresh: 1m
-- size: medium
-- empty: Everything was understood.
select case when from_flow = '' then 'first words' else from_flow || ' · ' || replace(from_state, '_', ' ') end
        as bar_label, count(*) as bar_value
from report.steps
where at >= :since and at < :until and trigger = 'unclear'
group by 1
order by 2 desc, 1
limit 12
