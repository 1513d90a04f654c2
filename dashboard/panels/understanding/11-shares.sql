-- title: Understood
-- help: Of what customers wrote or pressed in this time.
-- refresh: 1m
-- size: medium
with read as (
    select trigger, reading ->> 'source' as source, coalesce(reading ->> 'why', '') as why
    from report.steps
    where at >= :since and at < :until and origin = 'customer' and reading is not null
)
select label, done, total
from (
    select 1, 'understood', count(*) filter (where trigger <> 'unclear'), count(*) from read
    union all
    select 2, 'by rules alone', count(*) filter (where source not in ('ai', 'rules+ai') and why in ('', 'kind')), count(*)
    from read
    union all
    select 3, 'with the AI', count(*) filter (where source in ('ai', 'rules+ai')), count(*) from read
    union all
    select 4, 'fallback: the AI gave no answer',
        count(*) filter (where source not in ('ai', 'rules+ai', 'kind') and why not in ('', 'kind')), count(*)
    from read
) as shares (place, label, done, total)
order by place
