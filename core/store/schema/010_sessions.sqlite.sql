-- Who is in over the network: sessions and API keys; wrong logins of which there is no account. Twin: 010_sessions.pg.sql.

-- A row a login. Of the token only a digest is kept: 32 bytes of BLAKE2b over 256 random bits.
create table session (
    id integer primary key,
    account_id integer not null references account,
    token_hash blob not null,
    made_at integer not null,
    seen_at integer not null,                   -- to the minute
    ends_at integer not null,
    idle_ms integer,                            -- ends when not seen for so long; null: never by that
    from_addr text,
    agent text,
    ended_at integer,                           -- null: open, unless its time is over
    why text                                    -- of the end
) strict;
create unique index session_token on session (token_hash);
create index session_account on session (account_id, id);
create index session_ends on session (ends_at);

-- Of the key only a digest is kept, too. rights: names by comma.
create table api_key (
    id integer primary key,
    account_id integer not null references account,
    name text not null, name_key text not null,
    key_hash blob not null,
    rights text not null,
    made_at integer not null,
    seen_at integer,
    ends_at integer not null,
    ended_at integer
) strict;
create unique index api_key_hash on api_key (key_hash);
create unique index api_key_name on api_key (account_id, name_key) where ended_at is null;

-- As password_try, of logins that are not there: a keyed digest of what was typed.
create table login_try (
    id integer primary key,
    hash blob not null,
    at integer not null
) strict;
create index login_try_hash on login_try (hash, id);
create index login_try_at on login_try (at);
