-- title: Receipts to confirm
-- help: Guests whose room is held while reception looks at what they sent.
-- refresh: 5s
-- size: tiny
-- link: /admin/bookings
select count(*) as big, case when count(*) > 0 then 'warn' else 'good' end as tone
from report.tickets
where kind = 'receipt' and status in ('pending', 'in_progress')
