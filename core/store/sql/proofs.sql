-- name: use
-- Each for whoever comes first; who comes at the same moment waits for the other's commit and then sees it. The update
-- changes nothing: it lets a row that is there be returned as it is.
insert into proofs (desk_id, kind, digest, conversation_id, subject)
select %(desk_id)s, t.kind, t.digest, %(conversation_id)s, %(subject)s
from unnest(%(kind)s::text[], %(digest)s::text[]) as t (kind, digest)
order by t.kind, t.digest
on conflict (desk_id, kind, digest) do update set kind = excluded.kind
returning kind, conversation_id, subject
