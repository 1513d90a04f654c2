-- title: Open
-- help: Neither resolved nor cancelled, whenever they were opened.
-- refresh: 1m
-- size: small
-- link: /admin/panels/reports/oldest-open
select count(*) as big, count(*) filter (where status = 'in_progress') || ' in progress' as label
from report.tickets
where status in ('pending', 'in_progress')
