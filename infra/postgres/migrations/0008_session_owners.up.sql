-- Whose a session is, newest first, and what was asked for under an Idempotency-Key.

alter table sessions add column request_hash text;
create index sessions_of_user on sessions (user_id, created_at desc, id desc) where user_id is not null;
