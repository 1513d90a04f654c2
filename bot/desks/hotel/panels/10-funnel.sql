-- title: From a question to a booking
-- help: Guests who asked for rooms in this time, were told a price, had a room held, and booked; and why the others did not.
-- refresh: 1m
-- size: medium
-- empty: Nobody asked for rooms in this time.
with wished as (
    select conversation_id, why from report.errands
    where service = 'offers' and what = 'search' and created_at >= :since and created_at < :until
),
quoted as (select distinct conversation_id from report.quotes where created_at >= :since and created_at < :until),
held as (
    select conversation_id, state from report.holds
    where created_at >= :since and created_at < :until and conversation_id is not null
),
booked as (
    select conversation_id, state from report.bookings
    where created_at >= :since and created_at < :until and conversation_id is not null
),
steps as (
    select 1 as place, 'asked for rooms' as step, count(distinct conversation_id) as guests,
        (select string_agg(replace(why, '_', ' ') || ' ' || times, ', ' order by times desc)
            from (select why, count(*) as times from wished where why <> '' group by why) as w) as note
    from wished
    union all
    select 2, 'were told a price', count(*), '' from quoted
    union all
    select 3, 'had a room held', count(distinct conversation_id),
        (select string_agg(state || ' ' || times, ', ' order by times desc)
            from (select state, count(*) as times from held where state in ('expired', 'released') group by state) as h)
    from held
    union all
    select 4, 'booked', count(distinct conversation_id) filter (where state in ('booked', 'cancelled')),
        (select string_agg(state || ' ' || times, ', ' order by times desc)
            from (select state, count(*) as times from booked where state <> 'booked' group by state) as b)
    from booked
)
select step as funnel_step, guests as funnel_value, coalesce(note, '') as funnel_note
from steps
where (select count(*) from wished) > 0
order by place
