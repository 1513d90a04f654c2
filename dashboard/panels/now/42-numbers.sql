-- title: Last signed POST
-- help: When the platform last brought something for each of our numbers, and whether sending is paused.
-- refresh: 10s
-- size: small
-- empty: No number is known.
select address || coalesce(' (' || desk || ')', ' (no desk)')
        || case when paused_until is not null then ': sending is paused, ' || paused_why else '' end as lamp,
    case when paused_until is not null then 'bad' when last_post_at is null then 'off'
        when last_post_at < now() - interval '1 day' then 'warn' else 'ok' end as state,
    last_post_at as detail
from report.numbers
where channel_kind = 'whatsapp'
order by address
