-- Wrong passwords, so that all consoles slow down together. Twin: 006_tries.sqlite.sql.
-- A row a wrong try, until the right password comes, a new one is set, or an hour has gone.

create table password_try (
    id bigint primary key,
    account_id bigint not null references account,
    at bigint not null
);
create index password_try_account on password_try (account_id, id);
