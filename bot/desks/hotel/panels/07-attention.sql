-- title: Ask for a look
-- help: Booked otherwise than the guest was told, or more often than there are rooms.
-- refresh: 30s
-- size: tiny
-- link: /admin/bookings?attention=1
select count(*) as big, coalesce(string_agg(distinct replace(attention, '_', ' '), ', '), '') as label,
    case when count(*) > 0 then 'bad' else 'good' end as tone
from report.bookings
where state in ('booked', 'unknown') and attention <> '' and upper(period) > now()
