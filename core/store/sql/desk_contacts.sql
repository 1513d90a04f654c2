-- name: in_use
-- Whether any contact is mapped, and the numbers that several desks share.
select exists (select 1 from desk_contacts) as mapped,
    array(
        select distinct kind || ' ' || regexp_replace(address, '/[a-z0-9][a-z0-9-]*$', '') from channels
        where address ~ '/[a-z0-9][a-z0-9-]*$'
    ) as shared

-- name: known
-- For each event: the desk of its channel, the desks that share its number, and the one that its sender is mapped to by
-- any name of the contact. A name that came with the event counts before those that the contact has besides.
with item as (
    select * from unnest(%(ord)s::int[], %(channel_kind)s::text[], %(address)s::text[]) as t (ord, channel_kind, address)
),
named as (
    select n.ord, n.rank, n.kind, n.value, ch.scope
    from unnest(%(alias_ord)s::int[], %(rank)s::int[], %(kind)s::text[], %(value)s::text[]) as n (ord, rank, kind, value)
    join item using (ord)
    left join channels ch on ch.kind = item.channel_kind and ch.address = item.address
    where n.kind <> 'parent_bsuid'
),
person as (
    select distinct on (n.ord) n.ord, a.contact_id
    from named n
    join aliases a on a.kind = n.kind and a.value = n.value
        and a.scope = case n.kind when 'bsuid' then coalesce(n.scope, 'default') else '' end
    order by n.ord, n.rank
),
called as (
    select ord, rank, kind, value from named
    union all
    select p.ord, 100, a.kind, a.value from person p join aliases a on a.contact_id = p.contact_id
),
mapped as (
    select distinct on (c.ord) c.ord, m.desk_id
    from called c join desk_contacts m on m.kind = c.kind and m.value = c.value
    order by c.ord, c.rank, m.mapped_at desc
)
select item.ord, ch.desk_id as own, d.id as mapped, coalesce(d.name, '') as name,
    coalesce(nullif(d.settings ->> 'phone', ''), nullif(d.settings ->> 'whatsapp_number', ''), '') as number,
    array(
        select b.desk_id from channels b
        where b.kind = item.channel_kind and b.address = item.address || '/' || b.desk_id
    ) as branches
from item
left join channels ch on ch.kind = item.channel_kind and ch.address = item.address
left join mapped m on m.ord = item.ord
left join desks d on d.id = m.desk_id
order by item.ord

-- name: first_copies
-- The addresses of a shared number at which these events lie already.
select ch.kind, i.external_id, ch.address
from unnest(%(channel_kind)s::text[], %(address)s::text[], %(external_id)s::text[]) as t (kind, address, external_id)
join channels ch on ch.kind = t.kind and (ch.address = t.address or regexp_replace(ch.address, '/[a-z0-9][a-z0-9-]*$', '') = t.address)
join inbox i on i.channel_id = ch.id and i.external_id = t.external_id

-- name: share
-- A desk answers on a number that it shares; what it shares of a channel there is already is left alone.
insert into channels (kind, address, desk_id, scope)
select %(kind)s, %(address)s, %(desk_id)s,
    coalesce((select scope from channels where kind = %(kind)s and address = %(number)s), 'default')
on conflict (kind, address) do nothing

-- name: map
-- A contact belongs to this desk from now on.
insert into desk_contacts (kind, value, desk_id, mapped_by) values (%(kind)s, %(value)s, %(desk_id)s, %(by)s)
on conflict (kind, value) do update set desk_id = excluded.desk_id, mapped_by = excluded.mapped_by, mapped_at = now()

-- name: unmap
delete from desk_contacts where kind = %(kind)s and value = %(value)s returning desk_id

-- name: mapped
-- The contacts of a desk, or of all, the newest first.
select kind, value, desk_id, mapped_at, mapped_by from desk_contacts
where %(desk_id)s::text is null or desk_id = %(desk_id)s
order by mapped_at desc, kind, value limit 500
