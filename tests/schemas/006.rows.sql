-- Rows for a database of schema 006, which brought the tries of passwords: those of 005, and two tries.
.read 005.rows.sql
insert into password_try (id, account_id, at) select 9000001, min(id), 1795402800000 from account;
insert into password_try (id, account_id, at) select 9000002, min(id), 1795402860000 from account;
