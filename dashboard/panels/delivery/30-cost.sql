-- title: What is paid for
-- help: Messages by the platform's pricing category.
-- refresh: 5m
-- size: medium
-- empty: The platform named no prices in this time.
select pricing_category as bar_label, count(*) as bar_value, case when billable then 'paid' else 'free' end as bar_series
from (
    select max(pricing_category) as pricing_category, bool_or(billable) as billable  -- each of its statuses names them
    from report.deliveries
    where received_at >= :since and received_at < :until and pricing_category <> ''
    group by outbound_id
) as priced
group by 1, 3
order by 2 desc, 1
