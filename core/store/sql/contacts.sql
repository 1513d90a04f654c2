-- name: meet
-- Everybody in this group is known by all the names they gave, and has a conversation on the number they wrote to.
-- Found by BSUID first, then by phone. A phone that already belongs to somebody with another BSUID is left
-- alone: two people are never merged by guess, unless the platform itself declared the change.
-- Two groups that meet the same stranger at once: the second waits for the first on the alias, and finds its contact.
with person as (
    select p.*, ch.id as channel_id, ch.scope
    from unnest(%(ord)s::int[], %(channel_kind)s::text[], %(address)s::text[], %(name)s::text[], %(declared)s::bool[])
        as p (ord, channel_kind, address, name, declared)
    join channels ch on ch.kind = p.channel_kind and ch.address = p.address
),
named as (
    select n.ord, n.rank, n.kind, n.value, person.name, person.declared, person.channel_id,
        case n.kind when 'bsuid' then person.scope when 'parent_bsuid' then person.scope else '' end as scope
    from unnest(%(alias_ord)s::int[], %(rank)s::int[], %(kind)s::text[], %(value)s::text[]) as n (ord, rank, kind, value)
    join person using (ord)
),
known as (
    select distinct on (n.ord) n.ord, a.contact_id, n.channel_id, n.name
    from named n
    join aliases a on a.scope = n.scope and a.kind = n.kind and a.value = n.value
    where n.kind <> 'parent_bsuid'
        and (n.kind = 'bsuid' or n.declared or not exists (
            select 1 from named own join aliases other
                on other.contact_id = a.contact_id and other.kind = 'bsuid' and other.scope = own.scope
            where own.ord = n.ord and own.kind = 'bsuid'
        ))
    order by n.ord, n.rank
),
stranger as (
    select distinct on (n.ord) n.*
    from named n where not exists (select 1 from known k where k.ord = n.ord)
    order by n.ord, n.rank
),
first_alias as (
    insert into aliases (scope, kind, value, contact_id)
    select scope, kind, value, nextval(pg_get_serial_sequence('contacts', 'id'))
    from stranger order by scope, kind, value
    on conflict do nothing
    returning scope, kind, value, contact_id
),
fresh as (
    select s.ord, f.contact_id, s.channel_id, s.name
    from first_alias f join stranger s using (scope, kind, value)
),
born as (
    insert into contacts (id, name) overriding system value
    select contact_id, max(name) from fresh group by contact_id  -- one stranger may write to two numbers at once
),
renamed as (
    update contacts c set name = k.name from known k where c.id = k.contact_id and k.name <> '' and c.name <> k.name
),
met as (
    select * from known union all select * from fresh
),
learned as (
    insert into aliases (scope, kind, value, contact_id)
    select distinct on (n.scope, n.kind, n.value) n.scope, n.kind, n.value, met.contact_id
    from named n join met using (ord)
    where not exists (select 1 from first_alias f where f.scope = n.scope and f.kind = n.kind and f.value = n.value)
    order by n.scope, n.kind, n.value
    on conflict do nothing
),
begun as (
    insert into conversations (channel_id, contact_id)
    select distinct channel_id, contact_id from met order by channel_id, contact_id
    on conflict do nothing
    returning id
)
insert into sessions (conversation_id) select id from begun

-- name: callback_of
-- The number that a customer wants to be called at, and whose conversation it is.
select ch.desk_id as desk, s.memory #>> '{notes,callback}' as value
from conversations conv
join channels ch on ch.id = conv.channel_id
join sessions s on s.conversation_id = conv.id
where conv.id = %(conversation_id)s

-- name: phone_of
-- The whole number of a conversation's customer (or what stands for it), and whose conversation it is.
select ch.desk_id as desk,
    (select a.value from aliases a where a.contact_id = conv.contact_id and a.kind <> 'parent_bsuid'
     order by a.kind = 'wa_id' desc, a.learned_at desc limit 1) as value
from conversations conv
join channels ch on ch.id = conv.channel_id
where conv.id = %(conversation_id)s
