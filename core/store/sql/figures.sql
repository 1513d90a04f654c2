-- name: chat
-- How much is said in the chat: lines of customers that are still kept, and sessions.
select
    (select count(*) from inbox i join channels ch on ch.id = i.channel_id and ch.kind = 'web'
        where i.origin = 'customer' and i.kind <> all(%(unspoken)s::text[])) as messages,
    (select count(*) from web_sessions
        where ended_at is null and spoke_at is not null
            and seen_at > now() - %(within_s)s * interval '1 second') as active,
    (select count(*) from web_sessions where ended_at is null) as sessions

-- name: tickets
select status, count(*) as number from tickets group by status

-- name: uploads
-- Photos that came, on any channel, and how long it took until each was looked into.
select count(*) as total, count(*) filter (where state = 'done') as success,
    count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'waiting') as waiting,
    coalesce(avg(extract(epoch from finished_at - created_at)) filter (where state = 'done'), 0)::float as average_s,
    (select coalesce(sum(bytes), 0)::bigint from photos) as bytes, (select count(*) from photos) as kept
from errands where service = 'photo'

-- name: asked
-- Questions that went to the AI within a day: about messages, those of them that it did not answer, and about photos and
-- voice notes that it looked into. A question that an open breaker or a full line refused was never asked.
select count(*) as requests, count(*) filter (where reading ->> 'source' = 'rules'
        and reading ->> 'why' not in ('', 'low_confidence')) as failures,
    (select count(*) from inbox where kind = 'media_result' and received_at > now() - interval '1 day'
        and content ->> 'source' = 'vision') as vision,
    (select count(*) from inbox where kind = 'media_result' and received_at > now() - interval '1 day'
        and content ->> 'source' = 'voice') as voice
from steps where at > now() - interval '1 day' and reading ->> 'operation' <> ''
    and reading ->> 'why' not in ('breaker_open', 'busy')

-- name: errors
-- Dead letters and sends that failed: how many are kept, and when the last was.
select
    (select count(*) from inbox where state = 'buried') as buried,
    (select count(*) from outbox where state = 'failed') as failed,
    (select max(finished_at) from inbox where state = 'buried') as last_buried_at

-- name: storage
select pg_database_size(current_database()) as bytes

-- name: crew
-- Whether anybody works: processes of workers with a fresh pulse, and how their breakers stand.
select count(*) as workers,
    coalesce(bool_or(exists (select 1 from jsonb_each_text(h.breakers) b
        where (b.key = 'ai' or b.key like 'ai:%%') and b.value = 'open')), false) as ai_rests
from heartbeats h where h.kind = 'workers' and h.at > now() - interval '30 seconds'
