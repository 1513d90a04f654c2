-- title: From state to state
-- help: Conversations that reached each state of a flow in this time, and how those that went no further left. Without a flow: the one where most stand.
-- param: flow text
-- size: medium
-- empty: Nobody was in this flow.
with chosen as (
    select coalesce(nullif(:flow, ''), (
        select flow
        from report.conversations
        where last_activity_at >= :since and last_activity_at < :until and flow <> ''
        group by flow
        order by count(*) desc, flow
        limit 1
    )) as flow
),
moved as (
    select conversation_id, from_flow, from_state, to_flow, to_state, trigger
    from report.steps
    where at >= :since and at < :until and (to_flow = (select flow from chosen) or from_flow = (select flow from chosen))
),
reached as (
    select to_state as state, count(distinct conversation_id) as conversations
    from moved
    where to_flow = (select flow from chosen)
    group by to_state
),
gone as (
    select from_state as state, trigger, count(*) as times,
        row_number() over (partition by from_state order by count(*) desc, trigger) as place
    from moved
    where from_flow = (select flow from chosen) and to_flow <> from_flow
    group by from_state, trigger
)
select replace(r.state, '_', ' ') as funnel_step, r.conversations as funnel_value,
    coalesce('left by ' || string_agg(replace(g.trigger, '_', ' ') || ' ' || g.times, ', ' order by g.place), '')
        as funnel_note
from reached r
left join gone g on g.state = r.state and g.place <= 3
group by r.state, r.conversations
order by r.conversations desc, r.state
