-- title: Breaker changes
-- help: The newest first.
-- refresh: 30s
-- size: wide
-- empty: No breaker has moved.
select at, breaker, replace(from_state, '_', ' ') as from_state, replace(to_state, '_', ' ') as to_state, why
from report.breaker_changes
where at >= :since and at < :until
order by at desc
