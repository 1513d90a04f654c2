-- title: Failed and parked
-- help: Replies that did not reach their customer, the newest first.
-- refresh: 30s
-- size: wide
-- empty: Every reply got through.
select id as outbound_id, conversation_id, desk, kind, state, created_at, attempts, error_code
from report.outbox
where created_at >= :since and created_at < :until and state in ('failed', 'parked')
order by id desc
