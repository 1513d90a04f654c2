-- title: Circuit breakers
-- help: A service that keeps failing is left alone for a while: the platform by number, the AI by kind of question.
-- refresh: 5s
-- size: small
-- empty: Nobody has a breaker yet: nothing was asked.
-- link: /admin/panels/concurrency/breaker-changes
select breaker as lamp,
    case max(case state when 'open' then 2 when 'half_open' then 1 else 0 end)
        when 2 then 'bad' when 1 then 'warn' else 'ok' end as state,
    string_agg(distinct replace(state, '_', ' '), ', ') as detail
from report.breakers
group by breaker
order by breaker
