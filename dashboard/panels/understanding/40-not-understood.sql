-- title: Not understood
-- help: Messages that were not understood, and how often. Long numbers are hidden.
-- roles: operator analyst admin
-- refresh: 1m
-- size: medium
-- empty: Everything was understood.
select regexp_replace(lower(left(i.text, 200)), '\d{4,}', '####', 'g') as sentence, count(*) as times,
    max(st.at) as last_at
from report.steps st
join report.inbox i on i.id = st.event_id
where st.at >= :since and st.at < :until and st.trigger = 'unclear' and i.text <> ''
group by 1
order by 2 desc, 3 desc
