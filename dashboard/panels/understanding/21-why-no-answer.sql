-- title: Why the AI gave no answer
-- help: low confidence and resting are its normal life; timeout, busy and breaker open are trouble.
-- refresh: 1m
-- size: medium
-- empty: Whenever the AI was asked, it helped.
select replace(reading ->> 'why', '_', ' ') as bar_label, count(*) as bar_value
from report.steps
where at >= :since and at < :until and origin = 'customer' and reading ->> 'source' <> 'kind'
    and coalesce(reading ->> 'why', '') not in ('', 'kind')
group by 1
order by 2 desc, 1
