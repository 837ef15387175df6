-- One row per call of a language model that has ended. Rows are added, never changed.

create table language_model_calls (
  call_id              uuid        primary key,
  session_id           uuid        not null,
  explanation_id       uuid,                 -- that it was made for; null: the session
  attempt              integer     not null, -- of its request, from 1
  purpose              text        not null, -- answer or repair
  provider             text        not null,
  model                text        not null, -- as the provider names it
  prompt_version       integer     not null,
  outcome              text        not null, -- replied or failed
  stopped              text,                 -- how the reply ended
  code                 text,                 -- why there is none
  http_status          integer,              -- of a response that was no reply
  input_tokens         bigint,               -- read, beside the provider's cache
  cache_write_tokens   bigint,               -- read, and cached
  cache_read_tokens    bigint,               -- read from the cache
  output_tokens        bigint,               -- written, reasoning included
  reasoning_tokens     bigint,               -- of output_tokens, thought only
  cost_micro_usd       bigint,               -- null when it is not known
  may_have_been_billed boolean     not null, -- it was sent, and no answer came back
  cost_max_micro_usd   bigint,               -- of one that may have been billed: the most it can have cost
  latency_ms           bigint      not null,
  response_id          text,
  request_id           text        not null, -- for the provider's support
  recorded_at          timestamptz not null,
  partition            integer     not null,
  "offset"             bigint      not null
);

-- What was spent since midnight, from the index alone.
create index language_model_calls_recorded_at on language_model_calls (recorded_at)
  include (cost_micro_usd, cost_max_micro_usd);
