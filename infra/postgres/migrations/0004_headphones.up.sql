-- The catalog as the catalog topic has it. Retired headphones have no row.

create table headphones (
  id           uuid           primary key,
  slug         text           not null,
  brand        text           not null,
  model        text           not null,
  core         boolean        not null,
  form_factor  text           not null,
  back         text           not null,
  driver       text           not null,
  wireless     boolean        not null,
  anc          boolean        not null,
  microphone   boolean        not null,
  price_usd    numeric(10, 2) not null,
  msrp_usd     numeric(10, 2) not null,
  price_tier   text           not null,
  release_year integer,
  genres       text[]         not null,
  use_cases    text[]         not null,
  document     text           compression lz4 not null, -- as answers show it
  "offset"     bigint         not null -- of the newest record in the row
);
