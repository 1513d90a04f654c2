-- title: Dead letters
-- help: Events that were given up after several tries.
-- refresh: 10s
-- size: tiny
-- link: /admin/panels/now/list-of-dead-letters
select count(*) as big, case when count(*) > 0 then 'bad' else 'good' end as tone,
    count(*) filter (where finished_at > now() - interval '1 day') || ' in the last day' as label
from report.inbox
where is_buried
