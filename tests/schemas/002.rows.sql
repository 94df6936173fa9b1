-- Rows for a database of schema 002: those of 001, and tags.
.read 001.rows.sql
insert into tag (id, version, created_at, updated_at, code, code_key, name, name_key, active) values
    (171, 1, 1793000000000, 1793000000000, 'VIP', 'vip', '贵宾', '贵宾', 1),
    (172, 2, 1793000000000, 1793000100000, 'cold-call', 'cold-call', '陌拜', '陌拜', 0);
insert into lead_tag values (111, 171), (111, 172), (113, 171);
