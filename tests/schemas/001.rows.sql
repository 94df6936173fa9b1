-- Rows for a database of schema 001: every table has some, empty columns and rare characters among them. Secrets are bytes that nobody
-- needs to open.
insert into meta values ('id', 'a1b2c3d4e5f6a1b2c3d4e5f6'), ('zone', 'Asia/Shanghai'), ('mark', 'test');
insert into counter values ('id', 1881000000000009999), ('event', 3), ('audit', 2), ('lead_no', 4);
insert into branch (id, version, created_at, updated_at, code, code_key, name, name_key, parent_id, level, path, active) values
    (11, 1, 1793000000000, 1793000000000, 'HQ', 'hq', '总行', '总行', null, 'head_office', '1/', 1),
    (12, 3, 1793000000000, 1793000500000, 'SZ01', 'sz01', '深圳分行', '深圳分行', 11, 'branch', '1/c/', 1),
    (13, 1, 1793000000000, 1793000000000, 'SZ0101', 'sz0101', '南山支行', '南山支行', 12, 'outlet', '1/c/d/', 0);
insert into employee (id, version, created_at, updated_at, code, code_key, name, name_key, branch_id, manager_id, status) values
    (21, 1, 1793000000000, 1793000000000, '00300', '00300', '孙𬭎', '孙𬭎', 12, null, 'active'),
    (22, 2, 1793000000000, 1793000100000, '00101', '00101', '李·买买提', '李·买买提', 13, 21, 'leave');
insert into account (id, version, created_at, updated_at, code, code_key, employee_id, branch_id, roles, active, local_uid, password_at,
    password_hash) values
    (31, 1, 1793000000000, 1793000000000, 'local:1000', 'local:1000', null, 11, 'local_owner', 1, 1000, null, null),
    (32, 4, 1793000000000, 1793000900000, '00101', '00101', 22, null, 'staff', 1, null, 1793000900000,
        '$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g');
insert into channel (id, version, created_at, updated_at, code, code_key, name, name_key, parent_id, kind, active) values
    (41, 1, 1793000000000, 1793000000000, 'Web', 'web', '官网', '官网', null, 'online', 1),
    (42, 1, 1793000000000, 1793000000000, 'web-form', 'web-form', '表单', '表单', 41, 'online', 1),
    (43, 1, 1793000000000, 1793000000000, 'hall', 'hall', '厅堂', '厅堂', null, 'offline', 0);
insert into product (id, version, created_at, updated_at, code, code_key, name, name_key, active) values
    (51, 1, 1793000000000, 1793000000000, 'none', 'none', 'none', 'none', 1),
    (52, 1, 1793000000000, 1793000000000, 'CARD', 'card', '信用卡', '信用卡', 1);
insert into pool (id, version, created_at, updated_at, code, code_key, name, name_key, branch_id, parent_id, raise_hours, active) values
    (61, 1, 1793000000000, 1793000000000, 'default', 'default', 'default', 'default', 11, null, null, 1),
    (62, 1, 1793000000000, 1793000000000, 'SZ', 'sz', '深圳公海', '深圳公海', 12, 61, 72, 1);
insert into stage (id, version, created_at, updated_at, code, code_key, name, name_key, position, kind, active) values
    (71, 1, 1793000000000, 1793000000000, 'new', 'new', null, null, 10, 'open', 1),
    (72, 1, 1793000000000, 1793000000000, 'won', 'won', '成交', '成交', 70, 'won', 1),
    (73, 1, 1793000000000, 1793000000000, 'lost', 'lost', null, null, 80, 'lost', 1);
insert into person (id, version, created_at, updated_at, name, name_key, phone_enc, phone_hash, email_enc, email_hash, id_no_enc,
    id_no_hash, gender, birthday, deceased, minor) values
    (81, 1, 1793000000000, 1793000000000, '王芳', '王芳', x'0102030405', x'000102030405060708090a0b0c0d0e0f', null, null,
        x'aa', x'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', 'female', 641952000000, 0, 0);
insert into consent (id, version, created_at, updated_at, person_id, way, state, at, source, note, employee_id) values
    (91, 1, 1793000000000, 1793000000000, 81, 'phone', 'refused', 1793000200000, 'call', '不要再打了', 22);
insert into import (id, version, created_at, updated_at, kind, file, sha256, mode, state, total, rows, created, updated, skipped,
    rejected, next_row, finished_at, employee_id, options) values
    (101, 2, 1793000000000, 1793000300000, 'leads', '线索 11月.csv',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'create', 'done', 4096, 3, 2, 0, 0, 1, 3, 1793000300000, 22,
        '{"mode":"create"}');
insert into import_reject values (101, 2, 'phone.length', x'0badcafe');
insert into lead (id, version, created_at, updated_at, no, external_id, name, name_key, phone_enc, phone_hash, email_enc, email_hash,
    gender, birthday, person_id, branch_id, product_id, channel_id, stage_id, open, owner_id, pool_id, intent, region, source_detail, score,
    received_at, received_how, left_at, follow_up_count, returned_count, frozen, reason, closed_at, amount, batch_id) values
    (111, 5, 1793000000000, 1793000400000, 1, 'A-1', '王芳', '王芳', x'0102030405', x'000102030405060708090a0b0c0d0e0f', null, null,
        'female', 641952000000, 81, 13, 52, 42, 71, 1, 22, null, 'high', '南山', 'utm=11', 80, 1793000100000, 'claim', 1793086500000, 1, 0,
        0, null, null, null, null),
    (112, 1, 1793000000000, 1793000000000, 2, null, '欧阳·𨱇', '欧阳·𨱇', null, null, x'0f', x'101112131415161718191a1b1c1d1e1f',
        null, null, null, 12, 51, null, 71, 1, null, 62, null, null, null, null, 1793000000000, 'import', null, 0, 2, 1, '外地', null, null,
        101),
    (113, 7, 1793000000000, 1793000500000, 3, '401013266745e5661589292315434968', null, null, null, null, null, null, null, null, null,
        12, 52, 41, 72, 0, 21, null, null, null, null, null, 1793000000000, 'import', null, 0, 0, 0, null, 1793000500000, 880000, 101),
    (114, 2, 1793000000000, 1793000600000, 4, 'C''; drop table lead; --', 'Lee, "Bruce"', 'lee, "bruce"', null, null, null, null, 'male',
        null, null, 13, 51, 43, 73, 0, 22, null, 'low', null, null, 0, 1793000000000, 'create', null, 0, 0, 0, '无意向', 1793000600000,
        null, null);
alter table lead_x add column a_age real;
alter table lead_x add column a_job text;
alter table lead_x add column k_job text;
alter table lead_x add column a_vip integer;
insert into lead_x (id, a_age, a_job, k_job, a_vip) values (111, 36.5, 'Blue-Collar', 'blue-collar', 1), (112, null, null, null, 0);
insert into lead_gram values ('王', 111), ('王芳', 111), ('芳', 111), ('欧', 112), ('𨱇', 112);
insert into deal (id, version, created_at, updated_at, lead_id, owner_id, product_id, branch_id, won_at, amount, note, batch_id) values
    (121, 1, 1793000000000, 1793000000000, 113, 21, 52, 12, 1793000500000, 880000, null, 101);
insert into follow_up (id, version, created_at, updated_at, lead_id, employee_id, branch_id, at, way, result, note, next_at) values
    (131, 1, 1793000000000, 1793000000000, 111, 22, 13, 1793000200000, 'phone', 'interested', '年终奖，
下周再谈', 1793350000000);
insert into task (id, version, created_at, updated_at, kind, subject, lead_id, owner_id, branch_id, due_at, done_at, state) values
    (141, 1, 1793000000000, 1793000000000, 'first_follow_up', null, 111, 22, 13, 1793086500000, 1793000200000, 'done'),
    (142, 1, 1793000000000, 1793000000000, 'follow_up', '回电', 111, 22, 13, 1793350000000, null, 'open');
insert into message (id, version, created_at, updated_at, to_id, from_id, kind, code, body, lead_id, at, read_at) values
    (151, 1, 1793000000000, 1793000000000, 22, null, 'notice', 'lead.assigned', '王芳', 111, 1793000100000, null),
    (152, 1, 1793000000000, 1793000000000, 21, 22, 'nudge', null, '请看一下', null, 1793000100000, 1793000150000);
insert into custom_field (id, version, created_at, updated_at, noun, code, code_key, name, name_key, type, choices, position, active) values
    (161, 1, 1793000000000, 1793000000000, 'lead', 'age', 'age', '年龄', '年龄', 'number', null, 0, 1),
    (162, 1, 1793000000000, 1793000000000, 'lead', 'job', 'job', '职业', '职业', 'choice', 'Blue-Collar,Admin', 1, 1),
    (163, 1, 1793000000000, 1793000000000, 'lead', 'vip', 'vip', 'VIP', 'vip', 'flag', null, 2, 0);
insert into event (id, version, created_at, updated_at, type, noun, subject, branch_id, actor_id, at, data) values
    (1, 1, 1793000000000, 1793000000000, 'database.created', 'database', 0, 11, null, 1793000000000, null),
    (2, 1, 1793000000000, 1793000000000, 'lead.created', 'lead', 111, 13, 22, 1793000000000, null),
    (3, 1, 1793000100000, 1793000100000, 'lead.claimed', 'lead', 111, 13, 22, 1793000100000, '{"owner":"00101"}');
insert into audit (id, version, created_at, updated_at, at, account, operation, noun, subject, branch_id, result, code, detail, request,
    hash) values
    (1, 1, 1793000000000, 1793000000000, 1793000000000, 'system', 'database.init', null, null, null, 'ok', null, null, 'init',
        'b2:0000000000000000000000000000000000000000000000000000000000000001'),
    (2, 1, 1793000100000, 1793000100000, 1793000100000, '00101', 'lead.claim', 'lead', 111, 13, 'ok', null, null, 'r-1',
        'b2:0000000000000000000000000000000000000000000000000000000000000002');
insert into answer values (32, 'k1', 'lead.claim', x'00', '{"id":"111"}', 1793000100000);
