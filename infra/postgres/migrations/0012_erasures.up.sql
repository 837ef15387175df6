-- Sessions of which a projection keeps nothing, whatever the log still brings of them. Each
-- projection has its own, since each is somewhere else in the log. An id says nothing of
-- whose it was.

create table erased_sessions (
  projection text        not null,
  session_id uuid        not null,
  erased_at  timestamptz not null default now(),
  primary key (projection, session_id)
);

-- What a call cost stays when its session is erased.
alter table language_model_calls alter column session_id drop not null;
create index language_model_calls_session_id on language_model_calls (session_id);
