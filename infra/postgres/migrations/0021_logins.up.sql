-- One row per login. Of its refresh tokens, each of which names it, only the newest is
-- good; any other that comes has been used before, and ends the login.

create table logins (
  id         uuid        primary key,
  user_id    uuid        not null references accounts (id) on delete cascade,
  token_hash bytea       not null, -- SHA-256 of the refresh token that is good
  used_at    timestamptz not null,
  expires_at timestamptz not null
);

create index logins_user on logins (user_id, used_at);
create index logins_expires_at on logins (expires_at);
