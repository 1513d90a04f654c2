-- part: account
id, email, name, role, desks, password_hash, totp_secret, disabled_at

-- name: create
-- An account, unless the address has one.
insert into staff (email, name, role, desks, password_hash)
values (%(email)s, %(name)s, %(role)s, %(desks)s::text[], %(password_hash)s)
on conflict (email) do nothing
returning id

-- name: everybody
-- With the time each was last seen, and in how many places each is signed in.
select p.id, p.email, p.name, p.role, p.desks, p.password_hash is not null as can_enter,
    p.totp_secret is not null as has_totp, p.invitation_until, p.created_at, p.disabled_at, p.signed_in_at,
    s.sessions, s.seen_at
from staff p
cross join lateral (
    select count(*) as sessions, max(seen_at) as seen_at from staff_sessions s where s.staff_id = p.id and s.complete
) s
order by p.disabled_at is not null, lower(p.name), p.id

-- name: find
select @account@ from staff where id = %(id)s

-- name: find_by_email
select @account@ from staff where email = %(email)s

-- name: hold_admins
-- Admins who can let others in; locked until the end of the transaction, so that two cannot remove each other.
select id from staff where role = 'admin' and desks is null and disabled_at is null and password_hash is not null
order by id for update

-- name: set_password
-- A new password ends the invitation.
update staff set password_hash = %(password_hash)s, invitation_hash = null, invitation_until = null where id = %(id)s

-- name: set_place
update staff set role = %(role)s, desks = %(desks)s::text[] where id = %(id)s

-- name: set_disabled
update staff set disabled_at = case when %(disabled)s then coalesce(disabled_at, now()) end where id = %(id)s

-- name: set_totp
update staff set totp_secret = %(secret)s, totp_step = 0 where id = %(id)s

-- name: reseal_totp
update staff set totp_secret = %(secret)s where id = %(id)s and totp_secret is not null

-- name: spend_totp
-- A code opens once: only a later one opens again.
update staff set totp_step = %(step)s where id = %(id)s and totp_step < %(step)s

-- name: add_news
-- A line for whoever signs in next.
update staff set news = news || jsonb_build_array(jsonb_build_array(%(kind)s::text, %(told)s::text)) where id = %(id)s

-- name: take_news
with kept as (select id, news from staff where id = %(id)s for update)
update staff p set news = '[]' from kept where p.id = kept.id
returning kept.news

-- name: signed_in
update staff set signed_in_at = now() where id = %(id)s

-- name: invite
-- A link that opens once; it takes the place of an earlier one.
update staff set invitation_hash = %(hash)s, invitation_until = now() + make_interval(secs => %(valid_s)s)
where id = %(id)s and disabled_at is null

-- name: invited
select id, email, name, role, desks, totp_secret from staff
where invitation_hash = %(hash)s and invitation_until > now() and disabled_at is null

-- name: accept_invitation
-- One use: a second visitor with the same link gets no row.
update staff set name = %(name)s, password_hash = %(password_hash)s, invitation_hash = null, invitation_until = null
where invitation_hash = %(hash)s and invitation_until > now() and disabled_at is null
returning id, email
