-- title: Late departures
-- help: Guests who leave later than usual, from today on.
-- refresh: 1m
-- size: medium
-- empty: Nobody leaves late.
-- link: /admin/bookings/{id}
select id, reference, title as kind, (select string_agg(u, ', ') from jsonb_array_elements_text(units) u) as rooms, late_until
from report.bookings
where state = 'booked' and late_until >= current_date
order by late_until, reference
limit 100
