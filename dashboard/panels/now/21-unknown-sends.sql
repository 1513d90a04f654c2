-- title: Unknown sends
-- help: Whether they arrived is unknown; a delivery status or a person will tell.
-- refresh: 10s
-- size: tiny
-- link: /admin/panels/delivery/unknown-sends
select count(*) as big, case when count(*) > 0 then 'warn' else 'good' end as tone,
    count(*) filter (where unknowns > 1) || ' need a person' as label
from report.outbox
where state = 'unknown'
