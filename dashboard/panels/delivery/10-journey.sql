-- title: From decided to read
-- help: How far the replies of this time have come.
-- refresh: 30s
-- size: medium
with replies as (
    select state, sent_at, delivered_at, read_at from report.outbox where created_at >= :since and created_at < :until
)
select step as funnel_step, value as funnel_value, note as funnel_note
from (
    select 1, 'decided', count(*), '' from replies
    union all
    select 2, 'accepted by the platform', count(*) filter (where sent_at is not null),
        concat_ws(', ', case when count(*) filter (where state in ('waiting', 'claimed')) > 0
            then count(*) filter (where state in ('waiting', 'claimed')) || ' still wait' end,
            case when count(*) filter (where state = 'parked') > 0
            then count(*) filter (where state = 'parked') || ' parked' end)
    from replies
    union all
    select 3, 'delivered', count(*) filter (where delivered_at is not null),
        case when count(*) filter (where state = 'failed') > 0
            then count(*) filter (where state = 'failed') || ' failed' else '' end
    from replies
    union all
    select 4, 'read', count(*) filter (where read_at is not null), '' from replies
) as steps (place, step, value, note)
order by place
