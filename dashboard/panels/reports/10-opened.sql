-- title: Reports opened
-- help: In this time; compared with the same span before it.
-- refresh: 1m
-- size: small
select count(*) filter (where created_at >= :since) as big, count(*) filter (where created_at < :since) as before,
    'reports' as label
from report.tickets
where created_at >= :since - (:until - :since) and created_at < :until
