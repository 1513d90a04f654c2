-- title: Refused POSTs
-- help: BadSignature means a wrong app secret, or a stranger at the door.
-- refresh: 30s
-- size: medium
-- empty: The door refused nothing.
select date_bin(:bucket, at, timestamptz '2000-01-01') as bar_label, sum(count) as bar_value, why as bar_series
from report.refusals
where at >= :since and at < :until
group by 1, 3
order by 1, 3
