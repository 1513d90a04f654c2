-- name: became
-- Outcomes of these events so far: the turn, how often it was taken, and its replies.
select i.external_id, i.state, i.retries, coalesce(i.error, '') as error,
    extract(epoch from i.finished_at - i.received_at)::float as turn_s,
    (select count(*) from steps st where st.conversation_id = i.conversation_id and st.event_id = i.id) as steps,
    o.replies, o.accepted, o.accepted_s, coalesce(o.text, '') as text
from inbox i
cross join lateral (
    select count(*) as replies, count(o.sent_at) as accepted, min(o.text) as text,
        extract(epoch from max(o.sent_at) - i.received_at)::float as accepted_s
    from outbox o where o.conversation_id = i.conversation_id and o.event_id = i.id
) o
where i.external_id = any(%(external_id)s)

-- name: trouble
-- Failures since then, of any customer.
select
    (select count(*) from inbox where state = 'buried' and finished_at >= %(since)s) as dead_letters,
    (select count(*) from outbox where state in ('failed', 'unknown') and created_at >= %(since)s) as not_sent,
    (select coalesce(sum(count), 0) from happenings where kind = 'refused' and at >= %(since)s) as refused,
    (select coalesce(sum(count), 0) from happenings where kind = 'conflict' and at >= %(since)s) as conflicts,
    (select count(*) from happenings where kind = 'breaker' and at >= %(since)s and detail ->> 'to' = 'open') as opened
