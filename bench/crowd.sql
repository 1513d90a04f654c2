insert into contacts (id, name) overriding system value
select n, 'Rosa' from generate_series(%(first)s::bigint, %(last)s::bigint) n;

insert into aliases (scope, kind, value, contact_id)
select case names.kind when 'bsuid' then 'default' else '' end, names.kind, names.prefix || (%(first_phone)s::bigint + n - 1), n
from generate_series(%(first)s::bigint, %(last)s::bigint) n,
    (values ('wa_id', ''), ('bsuid', 'MX.')) as names (kind, prefix);

insert into conversations (id, channel_id, contact_id) overriding system value
select n, (select id from channels where kind = 'whatsapp' and address = %(number)s), n
from generate_series(%(first)s::bigint, %(last)s::bigint) n;

insert into sessions (conversation_id, version, flow, flow_version, state, language, heard_at, memory)
select n, 1, 'menu', 1, 'rested', 'es', now() - interval '1 day',
    '{"slots": {}, "asked": "", "asked_at_version": 1, "misses": 0, "timers": {}, "notes": {}}'
from generate_series(%(first)s::bigint, %(last)s::bigint) n;

insert into inbox (channel_id, conversation_id, external_id, kind, text, state, attempts, received_at, finished_at)
select c.channel_id, c.id, 'wamid.PAST' || c.id, 'text', 'gracias', 'done', 1, now() - interval '1 day', now()
from conversations c where c.id between %(first)s and %(last)s order by c.id;

insert into outbox (
    channel_id, conversation_id, event_id, correlation_id, kind, text, state, external_id, sent_at, created_at
)
select c.channel_id, c.id, c.id, 'past', 'text', '¡Con gusto! 😊 Aquí estoy cuando me necesites.', 'read',
    'wamid.SAID' || c.id, now() - interval '1 day', now() - interval '1 day'
from conversations c where c.id between %(first)s and %(last)s order by c.id;

insert into steps (
    conversation_id, version, event_id, from_flow, from_state, to_flow, to_state, trigger, origin, reading, replies
)
select n, 1, n, '', '', 'menu', 'rested', 'thanks', 'customer', '{"source": "rules", "intent": "thanks"}', 1
from generate_series(%(first)s::bigint, %(last)s::bigint) n;

select setval(pg_get_serial_sequence('contacts', 'id'), %(last)s),
    setval(pg_get_serial_sequence('conversations', 'id'), %(last)s);
