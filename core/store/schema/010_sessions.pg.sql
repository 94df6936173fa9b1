-- Who is in over the network: sessions and API keys; wrong logins of which there is no account. Twin: 010_sessions.sqlite.sql.

-- A row a login. Of the token only a digest is kept: 32 bytes of BLAKE2b over 256 random bits.
create table session (
    id bigint primary key,
    account_id bigint not null references account,
    token_hash bytea not null,
    made_at bigint not null,
    seen_at bigint not null,                   -- to the minute
    ends_at bigint not null,
    idle_ms bigint,                            -- ends when not seen for so long; null: never by that
    from_addr text collate "C",
    agent text collate "C",
    ended_at bigint,                           -- null: open, unless its time is over
    why text collate "C"                                    -- of the end
);
create unique index session_token on session (token_hash);
create index session_account on session (account_id, id);
create index session_ends on session (ends_at);

-- Of the key only a digest is kept, too. rights: names by comma.
create table api_key (
    id bigint primary key,
    account_id bigint not null references account,
    name text collate "C" not null, name_key text collate "C" not null,
    key_hash bytea not null,
    rights text collate "C" not null,
    made_at bigint not null,
    seen_at bigint,
    ends_at bigint not null,
    ended_at bigint
);
create unique index api_key_hash on api_key (key_hash);
create unique index api_key_name on api_key (account_id, name_key) where ended_at is null;

-- As password_try, of logins that are not there: a keyed digest of what was typed.
create table login_try (
    id bigint primary key,
    hash bytea not null,
    at bigint not null
);
create index login_try_hash on login_try (hash, id);
create index login_try_at on login_try (at);
