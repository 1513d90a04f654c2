-- title: Where conversations stand
-- help: How many stand in each state, and since when the oldest has not moved. A click opens them.
-- refresh: 10s
-- size: wide
-- empty: Nobody has written yet.
-- link: /admin/panels/conversations/in-one-state?flow={flow}&state={state}
select flow, state, count(*) as conversations, min(last_activity_at) as oldest_at
from report.conversations
where version > 0
group by flow, state
order by flow, state
