-- name: start
insert into staff_sessions (token_hash, staff_id, complete, address, browser)
values (%(token_hash)s, %(staff_id)s, %(complete)s, %(address)s, %(browser)s)
returning id

-- name: enter
-- Whose token this is, while it opens. That it was used is written now and then, and not for a page that renews itself.
-- Who still owes the code of a second factor has five minutes.
with found as (
    select s.id as session_id, s.complete, s.said, p.id, p.email, p.name, p.role, p.desks
    from staff_sessions s
    join staff p on p.id = s.staff_id
    where s.token_hash = %(token_hash)s and p.disabled_at is null
        and s.seen_at > now() - make_interval(secs => %(idle_s)s::float8)
        and s.created_at > now() - make_interval(secs => %(longest_s)s::float8)
        and (s.complete or s.created_at > now() - interval '5 minutes')
), seen as (
    update staff_sessions s set seen_at = now() from found
    where s.id = found.session_id and %(noted)s
        and s.seen_at < now() - make_interval(secs => %(idle_s)s::float8 / 30)
)
select * from found

-- name: say
-- Words that the next page shows.
update staff_sessions set said = %(said)s::jsonb where id = %(id)s

-- name: of_person
select id, created_at, seen_at, address, browser from staff_sessions
where staff_id = %(staff_id)s and complete
order by seen_at desc, id desc

-- name: end
delete from staff_sessions where id = %(id)s and staff_id = %(staff_id)s

-- name: end_by_token
delete from staff_sessions where token_hash = %(token_hash)s

-- name: end_all
-- All of a person's, but for the one that is kept.
delete from staff_sessions where staff_id = %(staff_id)s and id is distinct from %(but)s

-- name: forget_old
delete from staff_sessions
where seen_at <= now() - make_interval(secs => %(idle_s)s) or created_at <= now() - make_interval(secs => %(longest_s)s)

-- name: pay_for_try
-- A try costs its time: who has no more on account (so many at once, then one each while) gets no row, and may not try.
-- One statement, so that all processes together allow exactly as many as one.
insert into sign_in_tries as t (scope, key, paid_until)
values (%(scope)s, %(key)s, now() + make_interval(secs => %(every_s)s))
on conflict (scope, key) do update
    set paid_until = greatest(t.paid_until, now()) + make_interval(secs => %(every_s)s)
    where greatest(t.paid_until, now()) + make_interval(secs => %(every_s)s)
        <= now() + make_interval(secs => %(every_s)s * %(most)s::float8)
returning paid_until

-- name: wait_for_try
select greatest(0, extract(epoch from
    paid_until - now() - make_interval(secs => %(every_s)s * (%(most)s::float8 - 1))))::float8 as wait_s
from sign_in_tries where scope = %(scope)s and key = %(key)s

-- name: forgive_tries
delete from sign_in_tries where scope = %(scope)s and key = %(key)s

-- name: forget_tries
delete from sign_in_tries where paid_until < now()
