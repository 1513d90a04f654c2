-- title: Events waiting
-- help: Events that have not taken effect yet.
-- refresh: 5s
-- size: tiny
-- link: /admin/panels/conversations/stuck
select count(*) as big, case when count(*) > 100 then 'warn' end as tone,
    'in ' || count(distinct conversation_id) || ' conversations' as label
from report.inbox
where is_waiting
