-- Rows for a database of schema 009, which brought segments, saved filters and the values asked of masked fields:
-- those of 008, and one of each.
.read 008.rows.sql
insert into segment (id, version, created_at, updated_at, code, code_key, name, name_key, noun, kind, sharing, account_id, members) select 9001, 1, 1, 1, 'VIP', 'vip', '贵宾', '贵宾', 'lead', 'static', 'all', id, 1 from account order by id limit 1;
insert into segment_member (segment_id, subject_id, entered_at) select 9001, id, 1 from lead order by id limit 1;
insert into saved_filter (id, version, created_at, updated_at, name, name_key, noun, condition, sharing, account_id, position) select 9002, 1, 1, 1, '今天', '今天', 'leads', 'received_at >= today', 'own', id, 1 from account order by id limit 1;
insert into masked_ask (account_id, hash, at) select id, x'00112233445566778899aabbccddeeff', 1 from account order by id limit 1;
