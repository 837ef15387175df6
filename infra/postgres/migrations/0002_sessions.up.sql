-- One row per session, ready to be served. Read by its primary key, which is also
-- what tells a repeated request: a repeat has the same session id.

create table sessions (
  id                uuid        primary key,
  user_id           uuid,
  status            text        not null,
  document          text        compression lz4 not null, -- served as it is, so never parsed here
  provider          text,
  model             text,
  prompt_tokens     integer,
  completion_tokens integer,
  cost_micro_usd    bigint,
  attempts          integer     not null default 0, -- calls of a language model
  degraded          boolean,
  created_at        timestamptz not null,
  completed_at      timestamptz,
  version           integer     not null, -- of the session's event stream
  partition         integer     not null,
  "offset"          bigint      not null, -- of the newest event in the row
  command_id        uuid,
  correlation_id    uuid        not null
) with (toast_tuple_target = 4080); -- a compressed document stays in the row
