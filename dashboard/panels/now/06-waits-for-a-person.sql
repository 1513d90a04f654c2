-- title: Waits for a person
-- help: Customers who asked for a person and have had no answer yet, the longest wait first.
-- refresh: 5s
-- size: wide
-- empty: Nobody waits for a person.
select id as conversation_id, person_wanted_at as waits_since_at, contact, agent as held_by, desk, flow, state
from report.conversations
where waits_for_person
order by person_wanted_at nulls first, id
