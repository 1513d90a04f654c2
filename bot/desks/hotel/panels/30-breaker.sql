-- title: The house
-- help: A house that keeps failing is left alone for a while. Open: guests hear that nobody answers.
-- refresh: 5s
-- size: small
-- empty: The house was not asked yet.
-- link: /admin/panels/concurrency/breaker-changes
select split_part(breaker, ':', 2) as lamp,
    case max(case state when 'open' then 2 when 'half_open' then 1 else 0 end)
        when 2 then 'bad' when 1 then 'warn' else 'ok' end as state,
    string_agg(distinct replace(state, '_', ' '), ', ') as detail
from report.breakers
where breaker like 'service:%:house'
group by 1
order by 1
