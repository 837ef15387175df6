-- What language models did for a session. Tokens are counted in 64 bits in the log.

alter table sessions
  alter column prompt_tokens type bigint,
  alter column completion_tokens type bigint,
  add column prompt_version integer,
  add column degraded_reason text,
  add column cost_is_known boolean not null default true; -- false: some call may have cost more
