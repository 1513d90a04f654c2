-- title: Deadline hits
-- help: Questions to the AI that were not answered in time, by what was asked, per five minutes.
-- refresh: 1m
-- size: medium
-- empty: The AI was never too late.
select date_bin(interval '5 minutes', at, timestamptz '2000-01-01') as bar_label, count(*) as bar_value,
    coalesce(nullif(reading ->> 'operation', ''), 'question') as bar_series
from report.steps
where at >= :since and at < :until and reading ->> 'why' = 'timeout'
group by 1, 3
order by 1, 3
