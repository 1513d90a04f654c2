-- title: Confidence
-- help: How sure the reading of an intent was, in tenths.
-- refresh: 1m
-- size: medium
-- empty: No intent was read in this time.
select (width_bucket((reading ->> 'confidence')::float, 0, 1.0001, 10) - 1) * 10 || '–'
        || width_bucket((reading ->> 'confidence')::float, 0, 1.0001, 10) * 10 || ' %' as bar_label,
    count(*) as bar_value
from report.steps
where at >= :since and at < :until and origin = 'customer' and coalesce(reading ->> 'intent', '') <> ''
group by width_bucket((reading ->> 'confidence')::float, 0, 1.0001, 10)
order by width_bucket((reading ->> 'confidence')::float, 0, 1.0001, 10)
