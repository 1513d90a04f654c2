-- title: Unknown bookings
-- help: Asked of the house, and nobody knows what came of it. Look there, then settle it on its page.
-- refresh: 5s
-- size: tiny
-- link: /admin/bookings?state=unknown
select count(*) as big, 'since ' || coalesce(to_char(min(created_at) at time zone 'UTC', 'DD Mon HH24:MI'), 'never') as label,
    case when count(*) > 0 then 'bad' else 'good' end as tone
from report.bookings
where state = 'unknown'
