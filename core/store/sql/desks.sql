-- part: desk
id, name, language, timezone, menu, settings

-- name: put_desk
insert into desks (id, name, language, timezone, menu, settings)
values (%(id)s, %(name)s, %(language)s, %(timezone)s, %(menu)s, %(settings)s::jsonb)
on conflict (id) do update set name = excluded.name, language = excluded.language, timezone = excluded.timezone,
    menu = excluded.menu, settings = excluded.settings

-- name: put_channel
-- A number answers for a desk; other columns of its row are left alone.
insert into channels (kind, address, desk_id, fallback_template, pulled)
values (%(kind)s, %(address)s, %(desk_id)s, %(template)s::jsonb, %(pulled)s)
on conflict (kind, address) do update
    set desk_id = excluded.desk_id, pulled = excluded.pulled, fallback_template = coalesce(channels.fallback_template, excluded.fallback_template)

-- name: channels
-- Every number, with the desk that answers on it, and until when its sending is paused, if it is.
select id, kind, address, desk_id, case when paused_until > now() then paused_until end as paused_until, paused_why, pulled
from channels order by kind, address

-- name: named
-- The desks there are, for who may see them.
select id, name from desks where %(desks)s::text[] is null or id = any(%(desks)s) order by name, id

-- name: waiting
-- Every desk with the menu that answers for it, and how many events wait there.
select d.id, d.menu, count(i.id) as waiting
from desks d
left join channels ch on ch.desk_id = d.id
left join inbox i on i.channel_id = ch.id and i.state = 'waiting'
group by d.id order by d.id

-- name: hold
-- One at a time puts desks in place, until its transaction ends.
select pg_advisory_xact_lock(hashtext('turno desks'))

-- name: one
-- A desk as it stands.
select @desk@ from desks where id = %(id)s

-- name: all
-- Every desk as it stands.
select @desk@ from desks order by id

-- name: paused
-- How many numbers may not send at this moment.
select count(*) as numbers from channels where paused_until > now()
