-- name: put
-- One file for each name (idempotent). A file that is stored again counts as new, so that a sweep under way leaves it alone.
insert into files (name, content) values (%(name)s, %(content)s)
on conflict (name) do update set stored_at = now()

-- name: get
select content from files where name = %(name)s

-- name: holds
select 1 from files where name = %(name)s

-- name: old
-- Names of the files that are not too young.
select name from files
where stored_at < now() - %(grace_s)s * interval '1 second' and name > %(after)s
order by name limit %(size)s

-- name: remove
delete from files where name = any(%(name)s) and stored_at < now() - %(grace_s)s * interval '1 second'

-- name: drop
-- At once, unless it was kept anew since.
delete from files where name = %(name)s and stored_at <= %(kept_at)s
