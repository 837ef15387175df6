-- What people did with picks. Rows are added, never changed.

create table feedback (
  feedback_id   uuid        primary key, -- also of its event stream
  session_id    uuid        not null,
  user_id       uuid,                    -- whose session it is; null: nobody's in particular
  headphone_id  uuid        not null,
  slug          text        not null,
  rank          smallint    not null, -- of the pick in its session, 1 is the best
  overall       real        not null, -- the pick's score, 0 to 1
  kind          text        not null, -- viewed, clicked, saved, purchased, dismissed or rated
  rating        smallint,             -- 1 to 5, when it was rated
  created_at    timestamptz not null,
  partition     integer     not null,
  "offset"      bigint      not null
);

create index feedback_session_id on feedback (session_id);
