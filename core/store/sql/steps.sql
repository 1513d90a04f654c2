-- name: append
-- One row for each version a session ever had.
insert into steps (
    conversation_id, version, event_id, from_flow, from_state, to_flow, to_state, trigger, origin, reading, replies, note
)
select * from unnest(
    %(conversation_id)s::bigint[], %(version)s::int[], %(event_id)s::bigint[], %(from_flow)s::text[],
    %(from_state)s::text[], %(to_flow)s::text[], %(to_state)s::text[], %(trigger)s::text[], %(origin)s::text[],
    %(reading)s::jsonb[], %(replies)s::int[], %(note)s::text[]
)

-- name: recorded
-- Whole recorded conversations that moved since then: each step with its event and what was said, in order.
select st.conversation_id, st.version, st.reading, st.at, st.to_flow, st.to_state, i.id as event_id, i.external_id,
    i.kind, i.text, i.content, i.sent_at, i.received_at, i.attempts, i.error, ch.kind as channel_kind, ch.address,
    s.language, d.id as desk_id,
    d.name as desk_name, d.language as desk_language, d.timezone, d.menu, d.settings, c.name as contact_name,
    coalesce((select jsonb_agg(jsonb_build_object('kind', o.kind, 'text', o.text) order by o.id) from outbox o
        where o.conversation_id = st.conversation_id and o.event_id = st.event_id), '[]'::jsonb) as said
from steps st
join sessions s on s.conversation_id = st.conversation_id
join conversations conv on conv.id = st.conversation_id
join contacts c on c.id = conv.contact_id
join channels ch on ch.id = conv.channel_id
join desks d on d.id = ch.desk_id
left join inbox i on i.id = st.event_id
where st.conversation_id in (select conversation_id from steps where at >= now() - %(since_s)s * interval '1 second')
order by st.conversation_id, st.version

-- name: flow
-- Steps of conversations since then, in order: the event, its reading and replies, and how long they took.
-- Of one conversation only, when it is named.
select st.conversation_id, st.version, st.at, st.from_flow, st.from_state, st.to_flow, st.to_state, st.trigger, st.origin,
    st.note, st.replies, i.kind, i.text as said,
    extract(epoch from st.at - i.received_at)::float as took_s,
    (select string_agg(o.text, ' ' order by o.id) from outbox o
        where o.conversation_id = st.conversation_id and o.event_id = st.event_id) as answered
from steps st
left join inbox i on i.id = st.event_id
where (%(conversation_id)s::bigint is null or st.conversation_id = %(conversation_id)s)
    and st.at >= now() - %(since_s)s * interval '1 second'
    and (st.conversation_id, st.version) > (%(after)s::bigint, %(after_version)s::int)
order by st.conversation_id, st.version limit %(size)s
