-- The explanation of a pick, ready to be served. A good one, which is complete and not
-- degraded, is only replaced by a newer good one.

create table explanations (
  session_id        uuid        not null,
  headphone_id      uuid        not null,
  explanation_id    uuid        not null, -- also of its event stream
  status            text        not null,
  document          text        compression lz4 not null, -- served as it is, so never parsed here
  provider          text,
  model             text,
  degraded          boolean,
  degraded_reason   text,
  prompt_version    integer,
  attempts          integer     not null default 0, -- calls of a language model
  prompt_tokens     bigint,
  completion_tokens bigint,
  cost_micro_usd    bigint,
  cost_is_known     boolean     not null default true, -- false: some call may have cost more
  created_at        timestamptz not null,
  completed_at      timestamptz,
  partition         integer     not null,
  "offset"          bigint      not null, -- of the event that the row is of
  primary key (session_id, headphone_id)
) with (toast_tuple_target = 4080); -- a compressed document stays in the row
