-- The people who have an account. This is no read model: it is in no log, and a rebuild
-- leaves it alone. An account that is being erased keeps its id alone, until no session
-- of it is left.

create table accounts (
  id            uuid        primary key,
  email         text,                 -- lower case; null: being erased
  display_name  text,
  password_hash text,                 -- Argon2id, a PHC string; null: being erased
  created_at    timestamptz not null,
  erasing_since timestamptz,
  check ((erasing_since is null) = (email is not null)),
  check ((erasing_since is null) = (password_hash is not null))
);

create unique index accounts_email on accounts (lower(email));
create index accounts_erasing_since on accounts (erasing_since) where erasing_since is not null;
