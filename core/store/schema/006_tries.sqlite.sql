-- Wrong passwords, so that all consoles slow down together. Twin: 006_tries.pg.sql.
-- A row a wrong try, until the right password comes, a new one is set, or an hour has gone.

create table password_try (
    id integer primary key,
    account_id integer not null references account,
    at integer not null
) strict;
create index password_try_account on password_try (account_id, id);
