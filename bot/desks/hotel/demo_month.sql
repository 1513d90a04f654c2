-- A month of guests of the demo hotel, and the bookings that they have ahead of them. Everybody in here is made up.
create or replace function pg_temp.dice(n bigint, salt int) returns float language sql immutable parallel safe
return (hashint8extended(n, %(seed)s * 1000 + salt) & 1073741823) / 1073741824.0;

create temp table made_guests on commit drop as
select n, nextval(pg_get_serial_sequence('contacts', 'id')) as contact_id,
    nextval(pg_get_serial_sequence('conversations', 'id')) as conversation_id,
    (array['Lucía','Mateo','Sofía','Benjamín','Valentina','Tomás','Emma','Joaquín','Julieta','Bruno','Clara','Iara'])[1 + floor(12 * pg_temp.dice(n, 1))::int]
        || ' ' || (array['Funes','Quiroga','Ledesma','Bustos','Ferreyra','Sosa','Acuña','Peralta','Molina','Ibarra'])[1 + floor(10 * pg_temp.dice(n, 2))::int] as name,
    %(until)s::timestamptz - (%(days)s * (1 - (n + pg_temp.dice(n, 3)) / (14.0 * %(days)s))) * interval '1 day' - interval '5 minutes' as at
from generate_series(0, 14 * %(days)s - 1) n;

create temp table made_stays on commit drop as
select s.*, begins + 1 + floor(4 * pg_temp.dice(n, 6) ^ 2)::int as ends, kind.key as resource, kind.content ->> 'name' as title,
    (hashint8extended(n, 7) & 1023) as roll
from (
    select g.*, (g.at at time zone 'America/Argentina/Buenos_Aires')::date
        + case when pg_temp.dice(n, 4) < 0.3 then 1 + floor(6 * pg_temp.dice(n, 5))::int else 7 + floor(38 * pg_temp.dice(n, 5))::int end as begins,
        (array['standard_double', 'standard_double', 'standard_double', 'standard_double', 'premium_double', 'premium_double',
            'standard_single', 'standard_single', 'family', 'suite'])[1 + floor(10 * pg_temp.dice(n, 8))::int] as wished
    from made_guests g
) s
join catalogue kind on kind.desk_id = %(desk)s and kind.kind = 'room_types' and kind.key = s.wished;

create temp table made_prices on commit drop as
select s.*, tstzrange((begins + time '15:00') at time zone 'America/Argentina/Buenos_Aires',
        (ends + time '11:00') at time zone 'America/Argentina/Buenos_Aires') as period,
    round(net.sum * 1.21, 2) as amount, round(net.sum * 0.21, 2) as tax, net.nights
from made_stays s
cross join lateral (
    select sum(rate.price) as sum, jsonb_agg(jsonb_build_object('day', d.day::date, 'price', rate.price::text, 'tax', round(rate.price * 0.21, 2)::text) order by d.day) as nights
    from generate_series(s.begins, s.ends - 1, interval '1 day') as d (day)
    cross join lateral (
        select (r.content ->> 'price')::numeric(14, 2) as price from catalogue r
        where r.desk_id = %(desk)s and r.kind = 'rates' and r.content ->> 'type' = s.resource and r.content -> 'days' @> to_jsonb(extract(isodow from d.day)::int)
            and d.day between (r.content ->> 'from')::date and (r.content ->> 'to')::date
        order by price desc limit 1
    ) rate
) net
where net.sum is not null;

insert into contacts (id, name, created_at) overriding system value select contact_id, name, at from made_guests;

insert into aliases (scope, kind, value, contact_id)
select '', 'wa_id', (5492944000000 + n)::text, contact_id from made_guests;

insert into conversations (id, channel_id, contact_id, created_at) overriding system value
select g.conversation_id, ch.id, g.contact_id, g.at
from made_guests g join channels ch on ch.desk_id = %(desk)s and ch.kind = 'whatsapp';

create temp table made_holds on commit drop as
with units as (
    select key as unit, content ->> 'type' as resource from catalogue where desk_id = %(desk)s and kind = 'rooms'
),
tried as (
    insert into holds (desk_id, conversation_id, key, number, resource, unit, period, state, until, kept, created_at, ended_at)
    select %(desk)s, p.conversation_id, 'turno-' || p.conversation_id || '-hold:' || p.n, 1, p.resource, u.unit, p.period,
        'booked', upper(p.period), 0, p.at + interval '3 minutes', null
    from made_prices p
    cross join lateral (
        select unit from units where units.resource = p.resource order by pg_temp.dice(p.n * 100 + hashtext(unit) %% 97, 9) limit 1
    ) u
    where p.roll < 480
    on conflict do nothing
    returning id, conversation_id, key, unit, created_at
)
select * from tried;

insert into holds (desk_id, conversation_id, key, number, resource, unit, period, state, until, kept, created_at, ended_at)
select %(desk)s, p.conversation_id, 'turno-' || p.conversation_id || '-hold:' || p.n, 1, p.resource, u.unit, p.period, f.state,
    case when f.state = 'held' then %(until)s::timestamptz + interval '3 hours' else p.at + interval '23 minutes' end, 0,
    p.at + interval '3 minutes', case when f.state <> 'held' then p.at + interval '23 minutes' end
from made_prices p
cross join lateral (
    select key as unit from catalogue where desk_id = %(desk)s and kind = 'rooms' and content ->> 'type' = p.resource
    order by pg_temp.dice(p.n * 100 + hashtext(key) %% 97, 14) limit 1
) u
cross join lateral (
    select case when p.at > %(until)s::timestamptz - interval '3 days' then 'held' when p.roll < 600 then 'expired' else 'released' end as state
) f
where p.roll between 480 and 680
on conflict do nothing;

insert into hold_acts (hold_id, desk_id, key, act, resource, unit, period, until, at)
select h.id, h.desk_id, h.key, a.act, h.resource, h.unit, h.period, h.until, h.created_at + a.after
from holds h
cross join lateral (
    values ('taken', interval '0'), (h.state, interval '6 minutes')
) a (act, after)
where h.desk_id = %(desk)s and a.act <> 'held';

insert into quotes (desk_id, conversation_id, key, number, resource, period, amount, tax, currency, content, source, read_at, good_until, created_at)
select %(desk)s, p.conversation_id, 'search:' || p.n || ':1', 1, p.resource, p.period, p.amount, p.tax, 'ARS',
    jsonb_build_object('arrives', p.begins, 'leaves', p.ends, 'name', p.title, 'parties', jsonb_build_array(jsonb_build_object('adults', 2, 'ages', '[]'::jsonb)), 'nights', p.nights, 'left', 2),
    'house book', p.at, p.at + interval '30 minutes', p.at + interval '2 seconds'
from made_prices p
where p.roll >= 480 or exists (select from made_holds h where h.conversation_id = p.conversation_id);

insert into bookings (desk_id, conversation_id, quote_id, key, hold_key, reference, resource, period, amount, currency, state, attention, content, source, created_at, changed_at)
select %(desk)s, p.conversation_id, q.id, 'turno-' || p.conversation_id || '-book:' || q.id, h.key,
    case when p.n = newest.n then '' else 'M' || upper(substr(md5(p.n::text), 1, 6)) end, p.resource, p.period, p.amount, 'ARS',
    case when p.n = newest.n then 'unknown' when pg_temp.dice(p.n, 10) < 0.07 then 'cancelled' else 'booked' end,
    case when pg_temp.dice(p.n, 11) < 0.012 then 'another_price' when pg_temp.dice(p.n, 11) > 0.99 then 'overbooked' else '' end,
    q.content || jsonb_build_object('units', jsonb_build_array(h.unit), 'guest', jsonb_build_object(
        'name', p.name, 'email', 'huesped' || p.n || '@correo.example', 'phone', '+' || (5492944000000 + p.n)::text, 'note', ''))
        || case when pg_temp.dice(p.n, 12) < 0.1 then jsonb_build_object('late', jsonb_build_object('until', upper(p.period) + interval '4 hours', 'fee', '18000.00', 'currency', 'ARS')) else '{}' end,
    'house book', p.at + interval '9 minutes', p.at + interval '9 minutes'
from made_prices p
join made_holds h on h.conversation_id = p.conversation_id
join quotes q on q.conversation_id = p.conversation_id
cross join (select max(m.n) as n from made_prices m join made_holds x on x.conversation_id = m.conversation_id) newest;

update holds h set state = 'cancelled', ended_at = b.created_at + interval '2 days'
from bookings b where b.desk_id = %(desk)s and b.hold_key = h.key and h.desk_id = %(desk)s and b.state = 'cancelled';

insert into errands (conversation_id, event_id, service, what, key, content, state, attempts, result, error, created_at, wanted_at, finished_at, begun_at)
select p.conversation_id, 0, e.service, e.what, e.key, e.content, e.state, 1, e.result, e.error, p.at + e.after, p.at + e.after,
    p.at + e.after + (e.takes + e.takes * 9 * pg_temp.dice(p.n, 13) ^ 9) * interval '1 second', case when e.state = 'unknown' then p.at + e.after end
from made_prices p
left join made_holds h on h.conversation_id = p.conversation_id
left join quotes q on q.conversation_id = p.conversation_id
left join bookings b on b.conversation_id = p.conversation_id
cross join lateral (
    select 'offers', 'search', 'search:' || p.n, jsonb_build_object('arrives', p.begins, 'leaves', p.ends, 'room', p.resource), 'done',
        jsonb_build_object('offers', '[]'::jsonb, 'why', case when q.id is null then 'sold_out' else '' end), null, interval '0', 0.08
    union all
    select 'hold', 'take', 'hold:' || q.id, jsonb_build_object('quote', q.id), 'done', '{}'::jsonb, null, interval '3 minutes', 0.03
    where q.id is not null and p.roll <= 680
    union all
    select 'booking', 'book', 'book:' || q.id, jsonb_build_object('quote', q.id, 'hold', h.key), case b.state when 'unknown' then 'unknown' else 'done' end,
        case when b.state <> 'unknown' then '{}'::jsonb end, case b.state when 'unknown' then 'Undecided: no answer within 15 s' end, interval '9 minutes', 0.4
    where b.id is not null
) e (service, what, key, content, state, result, error, after, takes);

insert into tickets (number, desk_id, conversation_id, event_id, kind, summary, content, created_at)
select 'TKT-' || upper(substr(md5('receipt' || p.n), 1, 8)), %(desk)s, p.conversation_id, -p.n - 1, 'receipt',
    'Comprobante de ' || p.name || ': ' || p.title || ', seña del 30 por ciento', jsonb_build_object('given', '{}'::jsonb, 'hold', h.key), %(until)s::timestamptz - interval '25 minutes'
from made_prices p join holds h on h.conversation_id = p.conversation_id and h.state = 'held'
order by p.n desc limit 2;

insert into inbox (channel_id, conversation_id, external_id, kind, text, state, attempts, sent_at, received_at, finished_at)
select v.channel_id, v.id, 'wamid.MONTH' || p.n, 'text',
    'Hola, busco ' || lower(p.title) || ' del ' || to_char(p.begins, 'DD/MM') || ' al ' || to_char(p.ends, 'DD/MM'), 'done', 1, p.at - interval '1 second', p.at,
    p.at + interval '80 milliseconds'
from made_prices p join conversations v on v.id = p.conversation_id;

insert into steps (conversation_id, version, event_id, from_flow, from_state, to_flow, to_state, trigger, origin, reading, replies, at)
select i.conversation_id, 1, i.id, '', '', 'hotel', 'waiting', 'greeting', 'customer',
    '{"intent": "greeting", "confidence": 1.0, "source": "rules", "ms": 0.4, "why": "", "guesses": {}, "facts": {}}', 1, i.finished_at
from inbox i join made_guests g on g.conversation_id = i.conversation_id;

insert into sessions (conversation_id, version, flow, flow_version, state, language, memory, heard_at, updated_at, active_at)
select g.conversation_id, 1, 'hotel', 1, 'waiting', 'es-AR', '{"slots": {}, "asked": "", "asked_at_version": 1, "misses": 0, "timers": {}, "notes": {}}',
    g.at, g.at, date_bin('10 minutes', g.at, '1970-01-01 00:00:00+00')
from made_guests g;
