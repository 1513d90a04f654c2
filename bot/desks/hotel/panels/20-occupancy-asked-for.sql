-- title: Nights asked for and booked
-- help: The nights from tomorrow on: guests who asked for each in this time, and rooms that are booked on it.
-- param: nights integer 45
-- refresh: 5m
-- size: wide
-- empty: Nobody asked for a night to come.
with nights as (
    select generate_series(date_trunc('day', now()) + interval '1 day', now() + least(:nights, 365) * interval '1 day', interval '1 day') as night
),
asked as (
    select n.night, count(distinct e.conversation_id) as guests
    from nights n
    join report.errands e on n.night::date >= e.begins and n.night::date < e.ends
    where e.service = 'offers' and e.what = 'search' and e.created_at >= :since and e.created_at < :until
    group by n.night
),
booked as (
    select n.night, sum(greatest(1, coalesce(jsonb_array_length(b.units), 1))) as rooms
    from nights n
    join report.bookings b on b.period && tstzrange(n.night + interval '20 hours', n.night + interval '28 hours')
    where b.state = 'booked'
    group by n.night
)
select n.night as line_at, 'asked for' as line_series, coalesce(a.guests, 0) as line_value
from nights n left join asked a on a.night = n.night
where exists (select from asked union all select from booked)
union all
select n.night, 'booked', coalesce(b.rooms, 0)
from nights n left join booked b on b.night = n.night
where exists (select from asked union all select from booked)
order by 2, 1
