-- title: Satisfaction
-- help: The mean of all ratings given in this time, from 1 to 5.
-- refresh: 5m
-- size: small
select round(avg(rating) filter (where at >= :since), 2) as big,
    round(avg(rating) filter (where at < :since), 2) as before,
    count(*) filter (where at >= :since) || ' ratings' as label
from report.ratings
where at >= :since - (:until - :since) and at < :until
