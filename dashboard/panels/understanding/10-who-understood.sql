-- title: Who understood
-- help: Rules alone, the AI with them, or the rules because the AI gave no answer (fallback).
-- refresh: 1m
-- size: medium
-- empty: No customer wrote in this time.
select date_bin(:bucket, at, timestamptz '2000-01-01') as bar_label, count(*) as bar_value,
    case when reading ->> 'source' in ('ai', 'rules+ai') then 'AI'
        when coalesce(reading ->> 'why', '') in ('', 'kind') or reading ->> 'source' = 'kind' then 'rules'
        else 'fallback' end as bar_series
from report.steps
where at >= :since and at < :until and origin = 'customer' and reading is not null
group by 1, 3
order by 1, array_position(array['rules', 'AI', 'fallback'],
    case when reading ->> 'source' in ('ai', 'rules+ai') then 'AI'
        when coalesce(reading ->> 'why', '') in ('', 'kind') or reading ->> 'source' = 'kind' then 'rules'
        else 'fallback' end)
