-- name: change
-- The ticket has another status now; nothing is touched when it has that status already.
update tickets set status = %(status)s, resolved_at = case when %(status)s = 'resolved' then now() end
where number = %(number)s and status <> %(status)s
returning number, conversation_id

-- name: find
select number, kind, status, desk_id, conversation_id, created_at, resolved_at from tickets where number = %(number)s

-- name: newest
select number, kind, status, desk_id, created_at from tickets order by created_at desc, number limit %(size)s
