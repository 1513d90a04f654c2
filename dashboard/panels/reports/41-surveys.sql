-- title: Surveys
-- help: How the surveys of this time ended.
-- refresh: 5m
-- size: medium
-- empty: No survey ended in this time.
select status as bar_label, count(*) as bar_value
from report.surveys
where coalesce(finished_at, sent_at) >= :since and coalesce(finished_at, sent_at) < :until
group by status
order by 2 desc, 1
