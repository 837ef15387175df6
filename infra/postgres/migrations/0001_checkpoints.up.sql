-- How far each projection is, and what it leaves out. The rows of a projection
-- and its checkpoints move in one transaction.

create table checkpoints (
  projection text        not null,
  partition  integer     not null,
  next       bigint      not null, -- the next offset to apply
  claim      bigint,               -- the newest claim before it: part of the position
  updated_at timestamptz not null default now(),
  primary key (projection, partition)
) with (fillfactor = 50); -- updated all the time: room for HOT updates

create table parked_sessions (
  projection  text        not null,
  partition   integer     not null,
  "offset"    bigint      not null, -- of the record that could not be applied
  session_id  uuid,                 -- null when the record's key names no session
  key         text        not null,
  error       text        not null,
  left_out    bigint      not null default 0, -- later records of the session
  parked_at   timestamptz not null default now(),
  primary key (projection, partition, "offset")
);

-- Counts what is left out.
create unique index parked_sessions_session on parked_sessions (projection, session_id)
  where session_id is not null;
