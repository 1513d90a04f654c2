-- title: Arrivals
-- help: Guests who arrive in the next days.
-- param: days integer 3
-- refresh: 1m
-- size: medium
-- empty: Nobody arrives in these days.
-- link: /admin/bookings/{id}
select id, reference, title as kind, (select string_agg(u, ', ') from jsonb_array_elements_text(units) u) as rooms, lower(period) as arrives_at
from report.bookings
where state = 'booked' and lower(period) >= current_date
    and lower(period) < current_date + make_interval(days => least(:days, 60)::int)
order by lower(period), reference
limit 200
