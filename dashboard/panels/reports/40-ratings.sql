-- title: Ratings by question
-- help: Means from 1 to 5.
-- refresh: 5m
-- size: medium
-- empty: No ratings in this time.
select short as bar_label, round(avg(rating), 2) as bar_value
from report.ratings
where at >= :since and at < :until
group by question, short
order by question
