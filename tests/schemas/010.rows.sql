-- Rows for a database of schema 010, which brought sessions, API keys and wrong logins of nobody: those of 009, and one
-- of each.
.read 009.rows.sql
insert into session (id, account_id, token_hash, made_at, seen_at, ends_at, idle_ms, from_addr, agent) select 9003, min(id), x'0011223344556677', 1795402800000, 1795402860000, 1795446000000, 1800000, '10.1.2.3', 'gonghai 0.1.0' from account;
insert into api_key (id, account_id, name, name_key, key_hash, rights, made_at, ends_at) select 9004, min(id), '夜间', '夜间', x'7766554433221100', 'lead.read', 1795402800000, 1803178800000 from account;
insert into login_try (id, hash, at) values (9005, x'00112233445566778899aabbccddeeff', 1795402800000);
