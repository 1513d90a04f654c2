-- title: Held now
-- help: Rooms that are kept for guests who decide or pay, and not booked yet.
-- refresh: 5s
-- size: tiny
-- link: /admin/bookings
select count(*) as big, coalesce('the first ends ' || to_char(min(until) at time zone 'UTC', 'HH24:MI') || ' UTC', '') as label
from report.holds
where state = 'held'
