-- title: Duplicates by retry number
-- help: How many events came once more, twice more, and so on.
-- refresh: 1m
-- size: medium
-- empty: Nothing came twice.
select case when retries >= 10 then 'ten times more, or oftener' when retries = 1 then 'once more'
        else retries || ' times more' end as bar_label, count(*) as bar_value
from report.inbox
where received_at >= :since and received_at < :until and retries > 0
group by 1, least(retries, 10)
order by least(retries, 10)
