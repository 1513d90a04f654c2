-- name: start
insert into staff_sessions (token_hash, staff_id, complete, address, browser, said)
values (%(token_hash)s, %(staff_id)s, %(complete)s, %(address)s, %(browser)s, %(said)s::jsonb)
returning id

-- name: enter
-- The account of a session token, while it is valid. That it was used is written now and then, and not for a page that renews itself.
-- An account that still owes the code of a second factor has five minutes.
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
-- So many tries at once; after them each wait is twice the one before, until it is as long as it gets. An account
-- that must wait gets no row. After an hour without a try all is as new. One statement, so that all processes together allow exactly
-- as many as one.
insert into sign_in_tries as t (scope, key, tries, paid_until)
values (%(scope)s, %(key)s, 1, now() + make_interval(secs => case when %(most)s = 1 then
    least(%(every_s)s::float8, %(first_s)s) else 0 end))
on conflict (scope, key) do update set (tries, paid_until) = (
    select n.tries, now() + make_interval(secs => case when n.tries < %(most)s then 0 else
        least(%(every_s)s::float8, %(first_s)s * power(2, least(n.tries - %(most)s, 20))) end)
    from (select case when t.paid_until < now() - interval '1 hour' then 1 else t.tries + 1 end as tries) n
)
where t.paid_until <= now()
returning t.tries

-- name: wait_for_try
select greatest(0, extract(epoch from paid_until - now()))::float8 as wait_s
from sign_in_tries where scope = %(scope)s and key = %(key)s

-- name: forgive_tries
-- The waits of one key, and of every key that begins with it.
delete from sign_in_tries where scope = %(scope)s and (key = %(key)s or starts_with(key, %(key)s || ':'))

-- name: forgive_addresses
delete from sign_in_tries where scope = 'address'

-- name: forget_tries
delete from sign_in_tries where paid_until < now() - interval '1 hour'

-- name: keep_factor
-- The secret of a second factor until its first code: for one session, and for a short time.
update staff_sessions set totp_secret = %(secret)s, totp_until = now() + make_interval(secs => %(valid_s)s)
where id = %(id)s

-- name: kept_factor
select totp_secret from staff_sessions where id = %(id)s and totp_until > now()
