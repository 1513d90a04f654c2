-- title: Error codes
-- help: Refusals of the platform by code, and what each code means.
-- refresh: 1m
-- size: medium
-- empty: Nothing was refused.
select error_code, count(*) as times, count(distinct conversation_id) as conversations, max(created_at) as last_at
from report.outbox
where created_at >= :since and created_at < :until and error_code is not null
group by error_code
order by times desc
