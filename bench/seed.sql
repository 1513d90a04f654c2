create or replace function pg_temp.dice(n bigint, salt int) returns float language sql immutable parallel safe
return (hashint8extended(n, %(seed)s * 1000 + salt) & 1073741823) / 1073741824.0;

create or replace function pg_temp.hours(u float) returns interval language sql immutable parallel safe
return case when u < 0.05 then u / 0.05 * 7
    when u < 0.55 then 7 + (u - 0.05) / 0.5 * 6
    when u < 0.90 then 13 + (u - 0.55) / 0.35 * 6
    else 19 + (u - 0.9) / 0.1 * 5 end * interval '1 hour';

create temp table scripts (script text, share float, upto float);

insert into scripts values
    ('refrigerator', 0.38, 0), ('vehicle', 0.14, 0), ('hello', 0.14, 0), ('tickets', 0.1, 0), ('given up', 0.1, 0),
    ('unclear', 0.09, 0), ('person', 0.05, 0);

update scripts s set upto = (select sum(o.share) from scripts o where o.script <= s.script);

create temp table lines (
    script text, k int, kind text, text text, from_flow text, from_state text, to_flow text, to_state text, trigger text,
    origin text, said text
);

insert into lines values
    ('refrigerator', 1, 'text', 'hola', '', '', 'menu', 'waiting', 'greeting', 'customer', '¡Hola! 👋 Soy el asistente de Refrescos del Norte. ¿Qué equipo necesitas reportar?'),
    ('refrigerator', 2, 'choice', 'Refrigerador', 'menu', 'waiting', 'refrigerator', 'filling', 'report_refrigerator', 'customer', '❄️ ¿Cuál es el código SAP del refrigerador? Está en la etiqueta, cerca del código de barras.'),
    ('refrigerator', 3, 'text', '40451{}', 'refrigerator', 'filling', 'refrigerator', 'confirming_equipment', 'told', 'customer', '🔎 Encontré este equipo. ¿Es correcto?'),
    ('refrigerator', 4, 'choice', 'Sí', 'refrigerator', 'confirming_equipment', 'refrigerator', 'filling', 'yes', 'customer', '✅ Equipo confirmado. 🔧 ¿Qué le pasa al refrigerador?'),
    ('refrigerator', 5, 'text', 'no enfría desde ayer y hace un ruido muy fuerte', 'refrigerator', 'filling', 'refrigerator', 'reported', 'told', 'customer', '✅ Reporte creado. Un técnico te contactará. Guarda tu número de reporte.'),
    ('refrigerator', 6, 'text', 'gracias', 'refrigerator', 'reported', 'menu', 'rested', 'thanks', 'customer', '¡Con gusto! 😊 Aquí estoy cuando me necesites.'),
    ('vehicle', 1, 'text', 'buenas tardes', '', '', 'menu', 'waiting', 'greeting', 'customer', '¡Hola! 👋 ¿Qué equipo necesitas reportar?'),
    ('vehicle', 2, 'choice', 'Vehículo', 'menu', 'waiting', 'vehicle', 'filling', 'report_vehicle', 'customer', '🚗 ¿Cuál es tu número de empleado?'),
    ('vehicle', 3, 'text', 'EMP{}', 'vehicle', 'filling', 'vehicle', 'filling', 'told', 'customer', '🚗 ¿Cuál es el código SAP del vehículo?'),
    ('vehicle', 4, 'text', '50551{}', 'vehicle', 'filling', 'vehicle', 'filling', 'told', 'customer', '🔧 ¿Qué le pasa al vehículo?'),
    ('vehicle', 5, 'text', 'no arranca, se quedó parado en la carretera', 'vehicle', 'filling', 'vehicle', 'filling', 'told', 'customer', '📍 ¿Dónde estás? Comparte tu ubicación o escribe la dirección.'),
    ('vehicle', 6, 'location', '', 'vehicle', 'filling', 'vehicle', 'reported', 'told', 'customer', '✅ Reporte creado. El centro más cercano va en camino.'),
    ('hello', 1, 'text', 'hola', '', '', 'menu', 'waiting', 'greeting', 'customer', '¡Hola! 👋 ¿Qué equipo necesitas reportar?'),
    ('hello', 2, 'timer', '', 'menu', 'waiting', 'menu', 'timed_out', 'timer', 'timer', 'Cerré la conversación porque no recibí respuesta.'),
    ('tickets', 1, 'text', '¿cómo va mi reporte?', '', '', 'tickets', 'choosing', 'consult_tickets', 'customer', '🔎 Estos son tus reportes. ¿Cuál quieres ver?'),
    ('tickets', 2, 'choice', 'TKT-{}', 'tickets', 'choosing', 'tickets', 'shown', 'told', 'customer', '🎫 Tu reporte está en proceso.'),
    ('tickets', 3, 'text', 'ok gracias', 'tickets', 'shown', 'menu', 'rested', 'thanks', 'customer', '¡Con gusto! 😊'),
    ('given up', 1, 'text', 'mi refrigerador no enfría', '', '', 'refrigerator', 'filling', 'report_refrigerator', 'customer', 'Entendido 👍 ❄️ ¿Cuál es el código SAP del refrigerador?'),
    ('given up', 2, 'text', '99999{}', 'refrigerator', 'filling', 'refrigerator', 'filling', 'told', 'customer', 'No encontré ese código. ¿Lo escribes otra vez?'),
    ('given up', 3, 'text', 'cancelar', 'refrigerator', 'filling', 'menu', 'cancelled', 'cancel', 'customer', 'Cancelé el reporte. Aquí estoy cuando me necesites.'),
    ('unclear', 1, 'text', 'oigan y lo del otro día qué pasó', '', '', 'menu', 'waiting', 'unclear', 'customer', 'No te entendí bien. ¿Qué equipo necesitas reportar?'),
    ('unclear', 2, 'text', 'pues eso que les dije del camión {}', 'menu', 'waiting', 'menu', 'maybe_vehicle', 'told', 'customer', '¿Es un vehículo?'),
    ('unclear', 3, 'text', 'no sé', 'menu', 'maybe_vehicle', 'menu', 'waiting', 'unclear', 'customer', 'Vamos a empezar otra vez. ¿Qué equipo necesitas reportar?'),
    ('person', 1, 'text', 'quiero hablar con una persona', '', '', 'menu', 'waiting', 'person', 'customer', '🙋 Ya avisé a una persona del equipo; te escribirá por aquí.'),
    ('person', 2, 'agent', '', 'menu', 'waiting', 'menu', 'waiting', 'agent', 'agent', '👤 Ana te atiende a partir de ahora.'),
    ('person', 3, 'text', 'por fin, llevo dos horas esperando', 'menu', 'waiting', 'menu', 'waiting', '', 'customer', ''),
    ('person', 4, 'agent', '', 'menu', 'waiting', 'menu', 'waiting', 'agent', 'agent', 'Perdona la espera. Ya lo estoy viendo contigo.');

create temp table people as
select n as id, n as contact_id, pg_temp.dice(n, 1) < 0.08 as web
from generate_series(1, greatest(%(messages)s / 18, 12)) n;

insert into contacts (id, name, created_at) overriding system value
select id, (array['Rosa','José','María','Juan','Guadalupe','Luis','Ana','Carlos','Irma','Héctor','Paz','Martín'])[1 + floor(12 * pg_temp.dice(id, 2))::int]
    || ' ' || (array['Maldonado','Ríos','Salcedo','Peña','Treviño','Olvera','Aguirre','Núñez','Garza','Solís'])[1 + floor(10 * pg_temp.dice(id, 3))::int],
    %(until)s::timestamptz - %(days)s * interval '1 day'
from people;

insert into aliases (scope, kind, value, contact_id)
select '', case when web then 'web' else 'wa_id' end, case when web then 'w' || id else (5215500000000 + id)::text end, id from people
union all select 'default', 'bsuid', 'MX.' || (5215500000000 + id), id from people where not web;

insert into conversations (id, channel_id, contact_id, created_at) overriding system value
select p.id, ch.id, p.id, %(until)s::timestamptz - %(days)s * interval '1 day'
from people p
join channels ch on ch.desk_id = %(desk)s and ch.kind = case when p.web then 'web' else 'whatsapp' end;

create temp table visits as
select v, 1 + floor((select count(*) from people) * pg_temp.dice(v, 4))::bigint as conversation_id,
    (select script from scripts where upto > pg_temp.dice(v, 5) * (select max(upto) from scripts) order by upto limit 1) as script,
    date_trunc('day', %(until)s::timestamptz) - (%(days)s - 1) * interval '1 day'
        + floor(x) * interval '1 day' + pg_temp.hours(x - floor(x)) as at
from (
    select v, (v + pg_temp.dice(v, 6)) / size * %(days)s as x
    from (select ceil(%(messages)s / 4.2)::bigint + 20 as size) s, generate_series(0, size - 1) v
) spread;

create temp table said as
select row_number() over (order by at, v, k) as id, row_number() over (partition by conversation_id order by at, v, k) as version,
    all_lines.*
from (
    select v.v, v.conversation_id, v.at + (l.k - 1) * (20 + 40 * pg_temp.dice(v.v, 7)) * interval '1 second' as at, l.*,
        p.web
    from visits v
    join lines l on l.script = v.script
    join people p on p.id = v.conversation_id
    where v.at + (l.k - 1) * (20 + 40 * pg_temp.dice(v.v, 7)) * interval '1 second' <= %(until)s::timestamptz
    order by 3 desc, 1, l.k
    limit %(messages)s
) all_lines;

create index on said (id);

analyze said;

insert into sessions (conversation_id, version, flow, flow_version, state, language, memory, agent, heard_at, updated_at, active_at)
select conversation_id, version, to_flow, 1, to_state, 'es',
    '{"slots": {}, "asked": "", "asked_at_version": 1, "misses": 0, "timers": {}, "notes": {}}',
    case when script = 'person' and pg_temp.dice(v, 8) < 0.3 then 'ana@turno.example' end, at, at,
    date_bin('10 minutes', at, '1970-01-01 00:00:00+00')
from (select distinct on (conversation_id) * from said order by conversation_id, version desc) last;

insert into sessions (conversation_id, updated_at, active_at)
select id, created_at, date_bin('10 minutes', created_at, '1970-01-01 00:00:00+00') from conversations c
where not exists (select from sessions s where s.conversation_id = c.id);

insert into inbox (
    id, channel_id, conversation_id, external_id, kind, text, raw, state, attempts, retries, last_retry_at, sent_at,
    received_at, finished_at, error
) overriding system value
select s.id, c.channel_id, s.conversation_id,
    case s.origin when 'timer' then 'timer:' || s.id when 'agent' then 'agent:' || s.id else 'wamid.SEED' || s.id end, s.kind,
    replace(s.text, '{}', (10 + s.v %% 89)::text),
    case when s.origin = 'customer' then json_build_object('id', 'wamid.SEED' || s.id, 'from', (5215500000000 + s.conversation_id)::text,
        'from_user_id', 'MX.' || (5215500000000 + s.conversation_id), 'timestamp', extract(epoch from s.at)::bigint::text,
        'type', s.kind, 'text', json_build_object('body', s.text), 'context', null) end,
    fate.state, case fate.state when 'buried' then 5 when 'waiting' then 0 else 1 end,
    case when pg_temp.dice(s.id, 10) < 0.02 then 1 + floor(3 * pg_temp.dice(s.id, 11))::int else 0 end,
    case when pg_temp.dice(s.id, 10) < 0.02 then s.at + interval '7 seconds' end,
    case when s.origin = 'customer' then s.at - interval '1 second' end, s.at,
    case when fate.state <> 'waiting' then s.at + (0.05 + 2 * pg_temp.dice(s.id, 12) ^ 6) * interval '1 second' end,
    case when fate.state = 'buried' then 'ValueError: a made-up failure' end
from said s
join conversations c on c.id = s.conversation_id
cross join lateral (
    select case when s.id > (select max(id) from said) - 5 then 'waiting' when pg_temp.dice(s.id, 9) < 0.001 then 'buried' else 'done' end
) fate (state)
order by s.id;

insert into steps (
    conversation_id, version, event_id, from_flow, from_state, to_flow, to_state, trigger, origin, reading, replies, at
)
select conversation_id, version, id, from_flow, from_state, to_flow, to_state, trigger, origin,
    case when origin = 'customer' then jsonb_build_object(
        'intent', trigger, 'guesses', '{}'::jsonb, 'facts', '{}'::jsonb,
        'confidence', round((0.35 + 0.6 * pg_temp.dice(id, 13))::numeric, 3),
        'source', case when kind <> 'text' then 'kind' when pg_temp.dice(id, 14) < 0.12 then 'rules+ai' else 'rules' end,
        'ms', round((1 + 900 * pg_temp.dice(id, 15) ^ 8)::numeric, 2),
        'why', case when kind <> 'text' then 'kind' when pg_temp.dice(id, 16) < 0.01 then 'timeout' else '' end
    ) end,
    (said <> '')::int, at + interval '200 milliseconds'
from said
order by id;

insert into outbox (
    channel_id, conversation_id, event_id, correlation_id, kind, text, content, state, external_id, attempts, error_code,
    error, created_at, claimed_at, sent_at, delivered_at, read_at
)
select c.channel_id, s.conversation_id, s.id, 'seed:' || s.id, 'text', s.said,
    case when s.origin = 'agent' then '{"author": "agent"}' else '{}' end::jsonb, fate.state,
    case when fate.state in ('sent', 'delivered', 'read') then 'wamid.SAID' || s.id end,
    case fate.state when 'waiting' then 0 else 1 end,
    case when fate.state = 'failed' then (array[131047, 131026, 130472, 131049, 131053])[1 + floor(5 * pg_temp.dice(s.id, 18))::int] end,
    case fate.state when 'failed' then 'Rejected: a made-up refusal' when 'parked' then 'OutsideWindow: more than 24 hours' end,
    s.at + interval '200 milliseconds', s.at + interval '210 milliseconds',
    case when fate.state in ('sent', 'delivered', 'read', 'failed') then s.at + interval '300 milliseconds' end,
    case when fate.state in ('delivered', 'read') then s.at + (0.5 + 5 * pg_temp.dice(s.id, 19) ^ 3) * interval '1 second' end,
    case when fate.state = 'read' then s.at + (6 + 600 * pg_temp.dice(s.id, 20) ^ 4) * interval '1 second' end
from said s
join conversations c on c.id = s.conversation_id
cross join lateral (
    select case when s.id > (select max(id) from said) - 3 then 'waiting'
        when d < 0.72 then 'read' when d < 0.9 then 'delivered' when d < 0.96 then 'sent' when d < 0.99 then 'failed'
        when d < 0.995 then 'unknown' else 'parked' end
    from (select pg_temp.dice(s.id, 17) as d) thrown
) fate (state)
where s.said <> ''
order by s.id;

insert into deliveries (external_id, state, recipient, outbox_id, pricing_category, billable, at, received_at)
select o.external_id, d.state, (5215500000000 + o.conversation_id)::text, o.id,
    case when pg_temp.dice(o.id, 21) < 0.93 then 'service' else 'utility' end, pg_temp.dice(o.id, 21) >= 0.93, d.at, d.at + interval '1 second'
from outbox o
cross join lateral (
    values ('sent', o.sent_at), ('delivered', o.delivered_at), ('read', o.read_at)
) as d (state, at)
where o.external_id like 'wamid.SAID%%' and d.at is not null
order by o.id, d.at, d.state;

insert into tickets (number, desk_id, conversation_id, event_id, kind, status, summary, content, created_at, resolved_at)
select 'TKT-' || upper(left(md5(%(seed)s || ':' || id), 8)), %(desk)s, conversation_id, id, script, fate.status,
    case when script = 'vehicle' then 'no arranca, se quedó parado en la carretera' else text end,
    case when script = 'vehicle' then '{"arrival": {"name": "Centro Norte", "minutes": 47, "km": 12.3}, "given": {}}'
        else '{"equipment": {"code": "4045101", "model": "VR-20", "brand": "Imbera", "client": "Abarrotes Lupita", "place": "Monterrey"}, "given": {}}' end::jsonb,
    at, case when fate.status = 'resolved' then least(at + (2 + 70 * pg_temp.dice(id, 23)) * interval '1 hour', %(until)s::timestamptz) end
from said
cross join lateral (
    select case when at > %(until)s::timestamptz - interval '1 day' or d < 0.1 then 'pending' when d < 0.18 then 'in_progress'
        when d < 0.22 then 'cancelled' else 'resolved' end
    from (select pg_temp.dice(id, 22) as d) thrown
) fate (status)
where to_state = 'reported'
on conflict do nothing;

insert into surveys (ticket, status, comment, sent_at, finished_at)
select number, fate.status, case when fate.status = 'completed' and pg_temp.dice(event_id, 25) < 0.3 then 'muy buen servicio' else '' end,
    resolved_at + interval '1 day', case when fate.status <> 'sent' then resolved_at + interval '25 hours' end
from tickets
cross join lateral (
    select case when d < 0.5 then 'completed' when d < 0.7 then 'expired' when d < 0.85 then 'rejected' else 'sent' end
    from (select pg_temp.dice(event_id, 24) as d) thrown
) fate (status)
where tickets.status = 'resolved' and resolved_at < %(until)s::timestamptz - interval '1 day';

insert into survey_answers (ticket, question, rating, at)
select s.ticket, q, 1 + floor(5 * sqrt(pg_temp.dice(t.event_id * 7 + q, 26)))::int, s.finished_at
from surveys s
join tickets t on t.number = s.ticket
cross join generate_series(1, 6) q
where s.status = 'completed';

insert into happenings (at, kind, name, conversation_id, count, detail)
select at, 'conflict', '', conversation_id, 1, '{}'::jsonb from said where pg_temp.dice(id, 27) < 0.003
union all
select at, 'refused', (array['signature', 'body', 'too_large'])[1 + floor(3 * pg_temp.dice(id, 29))::int], null, 1, '{}' from said
where pg_temp.dice(id, 28) < 0.0005
union all
select at, 'breaker', 'graph', null, 1, '{"from": "closed", "to": "open", "why": "5 failures"}' from said where pg_temp.dice(id, 30) < 0.0001;

insert into heartbeats (process, kind, host, pid, jobs, breakers, started_at, at)
select 'seed-' || n, case when n <= 2 then 'web' else 'workers' end, 'seed', n, case when n <= 2 then '{}' else '{conversation,sender,media,janitor}' end::text[],
    '{"graph:100000000000001": "closed", "ai": "closed"}', %(until)s::timestamptz - interval '3 hours', %(until)s
from generate_series(1, 4) n;

insert into last_posts (channel_id, at) select id, %(until)s from channels where desk_id = %(desk)s on conflict do nothing;

insert into timers (conversation_id, name, due_at, rest_s, set_at_version)
select conversation_id, 'inactivity_warn', %(until)s::timestamptz + interval '25 minutes', 1500, version
from sessions where state in ('waiting', 'filling', 'confirming_equipment', 'choosing');

select setval(pg_get_serial_sequence('contacts', 'id'), (select max(id) from contacts)),
    setval(pg_get_serial_sequence('conversations', 'id'), (select max(id) from conversations)),
    setval(pg_get_serial_sequence('inbox', 'id'), (select max(id) from inbox));
