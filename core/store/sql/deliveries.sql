-- name: apply
-- Delivery statuses are kept, and move their sends forward, never back: sent, delivered, read.
-- A send is found by our own id when that came back, else by the platform's; `failed` counts until it was delivered.
-- A status of a send that no row knows is parked.
with told as (
    select t.*, coalesce(
        (select o.id from outbox o where o.id = t.callback_id),
        (select o.id from outbox o where o.external_id = t.external_id order by o.id limit 1)
    ) as outbox_id
    from unnest(
        %(external_id)s::text[], %(state)s::text[], %(rank)s::int[], %(recipient)s::text[], %(callback_id)s::bigint[],
        %(error_code)s::int[], %(error)s::text[], %(pricing_category)s::text[], %(billable)s::bool[],
        %(at)s::timestamptz[]
    ) as t (
        external_id, state, rank, recipient, callback_id, error_code, error, pricing_category, billable, at
    )
),
kept as (
    insert into deliveries (
        external_id, state, recipient, outbox_id, callback_id, error_code, error, pricing_category, billable, at
    )
    select external_id, state, recipient, outbox_id, callback_id, error_code, error, pricing_category, billable, at
    from told order by external_id, state, recipient
    on conflict (external_id, state, recipient) do nothing
),
furthest as (
    select outbox_id, max(rank) as rank, min(external_id) as external_id,
        max(error_code) filter (where state = 'failed') as error_code,
        max(error) filter (where state = 'failed') as error,
        min(coalesce(at, now())) filter (where state = 'delivered') as delivered_at,
        min(coalesce(at, now())) filter (where state in ('read', 'played')) as read_at,
        bool_or(state = 'failed') as failed
    from told where outbox_id is not null group by outbox_id
),
locked as (
    select o.id from outbox o join furthest f on f.outbox_id = o.id order by o.id for update of o
)
update outbox o
set state = case
        when f.rank >= 3 then 'read'
        when f.rank = 2 and o.state <> 'read' then 'delivered'
        when o.state in ('delivered', 'read') then o.state
        when f.failed then 'failed'
        when o.state = 'failed' then o.state
        else 'sent'
    end,
    external_id = coalesce(o.external_id, f.external_id),
    sent_at = coalesce(o.sent_at, now()),
    delivered_at = coalesce(o.delivered_at, f.delivered_at, case when f.rank >= 2 then now() end),
    read_at = coalesce(o.read_at, f.read_at),
    error_code = case when f.failed and o.state not in ('delivered', 'read') then f.error_code else o.error_code end,
    error = case when f.failed and o.state not in ('delivered', 'read') then f.error else o.error end,
    settle_at = null
from furthest f join locked on locked.id = f.outbox_id
where o.id = f.outbox_id
    and not coalesce(  -- of a question that went once more as plain text: what is told of the refused one is known already
        o.content #>> '{instead_of,external_id}' = f.external_id
            or (f.failed and f.error_code::text = o.content #>> '{instead_of,refused}'
                and o.external_id is distinct from f.external_id),
        false  -- what went instead may know nothing of the kind: a template, or text for what was refused at once
    )
returning o.id, o.correlation_id, o.state,
    case when f.delivered_at is not null then extract(epoch from f.delivered_at - o.created_at)::float end as delivered_s,
    case when f.failed then f.error_code end as failed_code

-- name: parked
-- Statuses that came before we knew the platform's id of the send, and whose send is known by now.
update deliveries d set outbox_id = o.id
from outbox o
where d.outbox_id is null and o.external_id = d.external_id
returning d.external_id, d.state, d.recipient, o.id as callback_id, d.error_code, d.error, d.pricing_category,
    d.billable, d.at
