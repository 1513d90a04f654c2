-- title: Breaker changes
-- help: The newest first.
-- refresh: 30s
-- size: wide
-- empty: No breaker has moved.
select at, breaker, replace(from_state, '_', ' ') as from_state, replace(to_state, '_', ' ') as to_state, why
from report.breaker_changes
where at >= :since and at < :until
    and case when breaker like 'service:%:%' then split_part(breaker, ':', 2) in (select desk from report.desks)
        when breaker like 'whatsapp:%' or breaker like 'email:%' then split_part(breaker, ':', 2) in (select address from report.numbers)
        else true end
order by at desc
