-- title: Alarms
-- help: The last hour: messages given up or not sent, how long 95 of 100 replies took, turns taken anew. Half of a limit warns.
-- param: errors_percent number @ALARM_ERRORS_PERCENT
-- param: reply_s number @ALARM_REPLY_S
-- param: conflicts integer @ALARM_CONFLICTS
-- refresh: 30s
-- size: wide
with events as (
    select count(*) as taken, count(*) filter (where is_buried) as buried
    from report.inbox
    where received_at > now() - interval '1 day' and finished_at > now() - interval '1 hour' and kind <> 'notice'
), sends as (
    select count(*) filter (where o.state = 'failed') as failed,
        percentile_cont(0.95) within group (order by extract(epoch from o.sent_at - i.received_at))
            filter (where i.origin = 'customer') as p95
    from report.outbox o
    left join report.inbox i on i.id = o.event_id
    where o.created_at > now() - interval '1 hour'
), conflicts as (
    select coalesce(sum(count), 0) as anew from report.conflicts where at > now() - interval '1 hour'
), measured (place, lamp, value, most, detail) as (
    select 1, 'Errors', case when taken > 0 then 100.0 * (buried + failed) / taken end, :errors_percent,
        (buried + failed) || ' of ' || taken || ' messages'
    from events, sends
    union all
    select 2, 'Replies', p95, :reply_s, 'p95 ' || round(p95::numeric, 1) || ' s' from sends
    union all
    select 3, 'Conflicts', anew, :conflicts, anew || ' turns taken anew' from conflicts
)
select lamp, case when value is null then 'off' when value > most then 'bad' when value > most / 2 then 'warn' else 'ok' end
    as state,
    case when value is null then 'nothing in the last hour' else detail || ', at most ' ||
        case place when 1 then most || ' %' when 2 then most || ' s' else most::text end end as detail
from measured
order by place
