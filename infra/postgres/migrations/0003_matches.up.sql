-- One row per pick.

create table matches (
  session_id    uuid     not null,
  rank          smallint not null, -- 1 is the best
  headphone_id  uuid     not null,
  overall       real     not null, -- the six scores, 0 to 1
  genre_match   real     not null,
  sound_profile real     not null,
  use_case      real     not null,
  budget        real     not null,
  feature_match real     not null,
  explanation   text     compression lz4 not null,
  pros          text[]   not null,
  cons          text[]   not null,
  highlights    text[]   not null,
  version       integer  not null, -- of the session's event stream
  primary key (session_id, rank)
);
