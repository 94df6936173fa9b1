-- A database of schema 010. Made by make.sh; never edited.
PRAGMA application_id=1198485095;
PRAGMA user_version=10;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
    key text not null primary key,
    value text not null
) strict, without rowid;
INSERT INTO meta VALUES('id','a1b2c3d4e5f6a1b2c3d4e5f6');
INSERT INTO meta VALUES('mark','test');
INSERT INTO meta VALUES('zone','Asia/Shanghai');
CREATE TABLE counter (
    name text not null primary key,
    value integer not null
) strict, without rowid;
INSERT INTO counter VALUES('audit',2);
INSERT INTO counter VALUES('event',3);
INSERT INTO counter VALUES('id',1881000000000009999);
INSERT INTO counter VALUES('lead_no',4);
CREATE TABLE branch (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    parent_id integer references branch,
    level text not null default 'outlet',
    path text not null,                         -- ids from head office down: a subtree is a range
    active integer not null default 1
) strict;
INSERT INTO branch VALUES(11,1,1793000000000,1793000000000,'HQ','hq','总行','总行',NULL,'head_office','1/',1);
INSERT INTO branch VALUES(12,3,1793000000000,1793000500000,'SZ01','sz01','深圳分行','深圳分行',11,'branch','1/c/',1);
INSERT INTO branch VALUES(13,1,1793000000000,1793000000000,'SZ0101','sz0101','南山支行','南山支行',12,'outlet','1/c/d/',0);
CREATE TABLE employee (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    branch_id integer not null references branch,
    manager_id integer references employee,
    status text not null default 'active' check (status in ('active', 'leave', 'left'))
, name_py text) strict;
INSERT INTO employee VALUES(21,1,1793000000000,1793000000000,'00300','00300','孙𬭎','孙𬭎',12,NULL,'active','sh');
INSERT INTO employee VALUES(22,2,1793000000000,1793000100000,'00101','00101','李·买买提','李·买买提',13,21,'leave','lmmt');
CREATE TABLE account (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    employee_id integer references employee,
    branch_id integer references branch,
    roles text not null,
    active integer not null default 1,
    local_uid integer,
    password_at integer,
    password_hash text                          -- argon2id, as libsodium writes it
) strict;
INSERT INTO account VALUES(31,1,1793000000000,1793000000000,'local:1000','local:1000',NULL,11,'local_owner',1,1000,NULL,NULL);
INSERT INTO account VALUES(32,4,1793000000000,1793000900000,'00101','00101',22,NULL,'staff',1,NULL,1793000900000,'$argon2id$v=19$m=65536,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g');
CREATE TABLE channel (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    parent_id integer references channel,
    kind text not null default 'online' check (kind in ('online', 'offline')),
    active integer not null default 1
) strict;
INSERT INTO channel VALUES(41,1,1793000000000,1793000000000,'Web','web','官网','官网',NULL,'online',1);
INSERT INTO channel VALUES(42,1,1793000000000,1793000000000,'web-form','web-form','表单','表单',41,'online',1);
INSERT INTO channel VALUES(43,1,1793000000000,1793000000000,'hall','hall','厅堂','厅堂',NULL,'offline',0);
CREATE TABLE product (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    active integer not null default 1
) strict;
INSERT INTO product VALUES(51,1,1793000000000,1793000000000,'none','none','none','none',1);
INSERT INTO product VALUES(52,1,1793000000000,1793000000000,'CARD','card','信用卡','信用卡',1);
CREATE TABLE pool (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    branch_id integer not null references branch,
    parent_id integer references pool,
    raise_hours integer,
    active integer not null default 1
) strict;
INSERT INTO pool VALUES(61,1,1793000000000,1793000000000,'default','default','default','default',11,NULL,NULL,1);
INSERT INTO pool VALUES(62,1,1793000000000,1793000000000,'SZ','sz','深圳公海','深圳公海',12,61,72,1);
CREATE TABLE stage (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text, name_key text,
    position integer not null,
    kind text not null check (kind in ('open', 'won', 'lost', 'void')),
    active integer not null default 1
) strict;
INSERT INTO stage VALUES(71,1,1793000000000,1793000000000,'new','new',NULL,NULL,10,'open',1);
INSERT INTO stage VALUES(72,1,1793000000000,1793000000000,'won','won','成交','成交',70,'won',1);
INSERT INTO stage VALUES(73,1,1793000000000,1793000000000,'lost','lost',NULL,NULL,80,'lost',1);
CREATE TABLE person (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    name text, name_key text,
    phone_enc blob, phone_hash blob,            -- sealed; keyed blind index of the normal form
    email_enc blob, email_hash blob,
    id_no_enc blob, id_no_hash blob,
    gender text,
    birthday integer,
    deceased integer not null default 0,
    minor integer not null default 0
, name_py text) strict;
INSERT INTO person VALUES(81,1,1793000000000,1793000000000,'王芳','王芳',X'0102030405',X'000102030405060708090a0b0c0d0e0f',NULL,NULL,X'aa',X'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff','female',641952000000,0,0,'wf');
CREATE TABLE consent (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    person_id integer not null references person,
    way text not null,
    state text not null check (state in ('granted', 'refused', 'withdrawn')),
    at integer not null,
    source text,
    note text,
    employee_id integer references employee
) strict;
INSERT INTO consent VALUES(91,1,1793000000000,1793000000000,81,'phone','refused',1793000200000,'call','不要再打了',22);
CREATE TABLE import (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    kind text not null,
    file text not null,
    sha256 text not null,
    mode text not null,
    state text not null check (state in ('running', 'done', 'failed', 'cancelled')),
    total integer not null default 0,
    rows integer not null default 0,
    created integer not null default 0,
    updated integer not null default 0,
    skipped integer not null default 0,
    rejected integer not null default 0,
    next_row integer not null default 0,
    finished_at integer,
    employee_id integer references employee,
    options text
) strict;
INSERT INTO import VALUES(101,2,1793000000000,1793000300000,'leads','线索 11月.csv','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','create','done',4096,3,2,0,0,1,3,1793000300000,22,'{"mode":"create"}');
CREATE TABLE import_reject (
    import_id integer not null references import,
    record integer not null,
    code text not null,
    sentence_enc blob not null,
    primary key (import_id, record)
) strict, without rowid;
INSERT INTO import_reject VALUES(101,2,'phone.length',X'0badcafe');
CREATE TABLE lead (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    no integer not null,
    external_id text,
    name text, name_key text,
    phone_enc blob, phone_hash blob,
    email_enc blob, email_hash blob,
    id_no_enc blob, id_no_hash blob,
    gender text,
    birthday integer,
    person_id integer references person,
    branch_id integer not null references branch,
    product_id integer not null references product,
    channel_id integer references channel,
    stage_id integer not null references stage,
    open integer not null,                      -- 1 while its stage is of kind open
    owner_id integer references employee,
    pool_id integer references pool,
    intent text,
    region text,
    source_detail text,
    score integer,
    received_at integer not null,
    received_how text not null,
    left_at integer,
    first_due_at integer,
    first_response_at integer,
    last_follow_up_at integer,
    next_follow_up_at integer,
    follow_up_count integer not null default 0,
    recycle_at integer,
    protected_until integer,
    returned_count integer not null default 0,
    frozen integer not null default 0,
    reason text,
    closed_at integer,
    amount integer,
    batch_id integer references import, external_id_key text, external_id_twin integer not null default 0, name_py text,
    check (open = 0 or (owner_id is null) <> (pool_id is null))
) strict;
INSERT INTO lead VALUES(111,5,1793000000000,1793000400000,1,'A-1','王芳','王芳',X'0102030405',X'000102030405060708090a0b0c0d0e0f',NULL,NULL,NULL,NULL,'female',641952000000,81,13,52,42,71,1,22,NULL,'high','南山','utm=11',80,1793000100000,'claim',1793086500000,NULL,NULL,NULL,NULL,1,NULL,NULL,0,0,NULL,NULL,NULL,NULL,'a-1',0,'wf');
INSERT INTO lead VALUES(112,1,1793000000000,1793000000000,2,NULL,'欧阳·𨱇','欧阳·𨱇',NULL,NULL,X'0f',X'101112131415161718191a1b1c1d1e1f',NULL,NULL,NULL,NULL,NULL,12,51,NULL,71,1,NULL,62,NULL,NULL,NULL,NULL,1793000000000,'import',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,2,1,'外地',NULL,NULL,101,NULL,0,'oyq');
INSERT INTO lead VALUES(113,7,1793000000000,1793000500000,3,'401013266745e5661589292315434968',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,12,52,41,72,0,21,NULL,NULL,NULL,NULL,NULL,1793000000000,'import',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,0,0,NULL,1793000500000,880000,101,'401013266745e5661589292315434968',0,NULL);
INSERT INTO lead VALUES(114,2,1793000000000,1793000600000,4,'C''; drop table lead; --','Lee, "Bruce"','lee, "bruce"',NULL,NULL,NULL,NULL,NULL,NULL,'male',NULL,NULL,13,51,43,73,0,22,NULL,'low',NULL,NULL,0,1793000000000,'create',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,0,0,'无意向',1793000600000,NULL,NULL,'c''; drop table lead; --',0,NULL);
INSERT INTO lead VALUES(115,2,1793000000000,1793000000000,5,'a-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,12,51,NULL,71,1,NULL,62,NULL,NULL,NULL,NULL,1793000000000,'import',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,0,0,NULL,NULL,NULL,NULL,'a-1',5,NULL);
CREATE TABLE lead_x (
    id integer primary key references lead
, a_age real, a_job text, k_job text, a_vip integer) strict;
INSERT INTO lead_x VALUES(111,36.5,'Blue-Collar','blue-collar',1);
INSERT INTO lead_x VALUES(112,NULL,NULL,NULL,0);
CREATE TABLE lead_gram (
    gram text not null,
    lead_id integer not null,
    primary key (gram, lead_id)
) strict, without rowid;
INSERT INTO lead_gram VALUES('oy',112);
INSERT INTO lead_gram VALUES('wf',111);
INSERT INTO lead_gram VALUES('yq',112);
INSERT INTO lead_gram VALUES('欧',112);
INSERT INTO lead_gram VALUES('王',111);
INSERT INTO lead_gram VALUES('王芳',111);
INSERT INTO lead_gram VALUES('芳',111);
INSERT INTO lead_gram VALUES('𨱇',112);
CREATE TABLE deal (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    lead_id integer not null references lead,
    owner_id integer references employee,
    product_id integer references product,
    branch_id integer not null references branch,
    won_at integer not null,
    amount integer,
    note text,
    batch_id integer references import
) strict;
INSERT INTO deal VALUES(121,1,1793000000000,1793000000000,113,21,52,12,1793000500000,880000,NULL,101);
CREATE TABLE follow_up (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    lead_id integer not null references lead,
    employee_id integer references employee,
    branch_id integer not null references branch,
    at integer not null,
    way text,
    result text not null,
    note text,
    next_at integer
) strict;
INSERT INTO follow_up VALUES(131,1,1793000000000,1793000000000,111,22,13,1793000200000,'phone','interested',replace('年终奖，\n下周再谈','\n',char(10)),1793350000000);
CREATE TABLE task (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    kind text not null,
    subject text,
    lead_id integer references lead,
    owner_id integer not null references employee,
    branch_id integer not null references branch,
    due_at integer not null,
    done_at integer,
    state text not null default 'open' check (state in ('open', 'done', 'cancelled'))
) strict;
INSERT INTO task VALUES(141,1,1793000000000,1793000000000,'first_follow_up',NULL,111,22,13,1793086500000,1793000200000,'done');
INSERT INTO task VALUES(142,1,1793000000000,1793000000000,'follow_up','回电',111,22,13,1793350000000,NULL,'open');
CREATE TABLE message (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    to_id integer not null references employee,
    from_id integer references employee,
    kind text not null,
    code text,
    body text,
    lead_id integer references lead,
    at integer not null,
    read_at integer
) strict;
INSERT INTO message VALUES(151,1,1793000000000,1793000000000,22,NULL,'notice','lead.assigned','王芳',111,1793000100000,NULL);
INSERT INTO message VALUES(152,1,1793000000000,1793000000000,21,22,'nudge',NULL,'请看一下',NULL,1793000100000,1793000150000);
CREATE TABLE custom_field (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    noun text not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    type text not null check (type in ('text', 'number', 'date', 'choice', 'flag')),
    choices text,
    position integer not null default 0,
    active integer not null default 1
) strict;
INSERT INTO custom_field VALUES(161,1,1793000000000,1793000000000,'lead','age','age','年龄','年龄','number',NULL,0,1);
INSERT INTO custom_field VALUES(162,1,1793000000000,1793000000000,'lead','job','job','职业','职业','choice','Blue-Collar,Admin',1,1);
INSERT INTO custom_field VALUES(163,1,1793000000000,1793000000000,'lead','vip','vip','VIP','vip','flag',NULL,2,0);
CREATE TABLE event (
    id integer primary key,
    version integer not null default 1, created_at integer not null, updated_at integer not null,
    type text not null,
    noun text not null,
    subject integer not null,
    branch_id integer,
    actor_id integer,
    at integer not null,
    data text
) strict;
INSERT INTO event VALUES(1,1,1793000000000,1793000000000,'database.created','database',0,11,NULL,1793000000000,NULL);
INSERT INTO event VALUES(2,1,1793000000000,1793000000000,'lead.created','lead',111,13,22,1793000000000,NULL);
INSERT INTO event VALUES(3,1,1793000100000,1793000100000,'lead.claimed','lead',111,13,22,1793000100000,'{"owner":"00101"}');
CREATE TABLE audit (
    id integer primary key,
    version integer not null default 1, created_at integer not null, updated_at integer not null,
    at integer not null,
    account text not null,
    operation text not null,
    noun text,
    subject integer,
    branch_id integer,
    result text not null,
    code text,
    detail text,
    request text,
    hash text not null                          -- "b2:" and 64 hex digits: keyed BLAKE2b over the row and the hash before
) strict;
INSERT INTO audit VALUES(1,1,1793000000000,1793000000000,1793000000000,'system','database.init',NULL,NULL,NULL,'ok',NULL,NULL,'init','b2:0000000000000000000000000000000000000000000000000000000000000001');
INSERT INTO audit VALUES(2,1,1793000100000,1793000100000,1793000100000,'00101','lead.claim','lead',111,13,'ok',NULL,NULL,'r-1','b2:0000000000000000000000000000000000000000000000000000000000000002');
CREATE TABLE answer (
    account_id integer not null,
    key text not null,
    operation text not null,
    request blob not null,                      -- digest of the input
    reply text not null,
    at integer not null,
    primary key (account_id, key)
) strict, without rowid;
INSERT INTO answer VALUES(32,'k1','lead.claim',X'00','{"id":"111"}',1793000100000);
CREATE TABLE tag (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    active integer not null default 1
) strict;
INSERT INTO tag VALUES(171,1,1793000000000,1793000000000,'VIP','vip','贵宾','贵宾',1);
INSERT INTO tag VALUES(172,2,1793000000000,1793000100000,'cold-call','cold-call','陌拜','陌拜',0);
CREATE TABLE lead_tag (
    lead_id integer not null references lead,
    tag_id integer not null references tag,
    primary key (lead_id, tag_id)
) strict, without rowid;
INSERT INTO lead_tag VALUES(111,171);
INSERT INTO lead_tag VALUES(113,171);
INSERT INTO lead_tag VALUES(111,172);
CREATE TABLE password_try (
    id integer primary key,
    account_id integer not null references account,
    at integer not null
) strict;
INSERT INTO password_try VALUES(9000001,31,1795402800000);
INSERT INTO password_try VALUES(9000002,31,1795402860000);
CREATE TABLE lead_gram_due (
    lead_id integer primary key,
    name_key text not null
, name_py text) strict;
INSERT INTO lead_gram_due VALUES(111,'王芳','wf');
CREATE TABLE segment (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    noun text not null,
    kind text not null check (kind in ('dynamic', 'static', 'snapshot')),
    condition text,                             -- English, with field names
    sharing text not null check (sharing in ('own', 'branch', 'all')),
    branch_id integer references branch,
    owner_id integer references employee,
    account_id integer not null,
    note text,
    active integer not null default 1,
    members integer,                            -- kept beside the rows of segment_member
    taken_at integer
) strict;
INSERT INTO segment VALUES(9001,1,1,1,'VIP','vip','贵宾','贵宾','lead','static',NULL,'all',NULL,NULL,31,NULL,1,1,NULL);
CREATE TABLE segment_member (
    segment_id integer not null references segment,
    subject_id integer not null,
    entered_at integer not null,
    primary key (segment_id, subject_id)
) strict, without rowid;
INSERT INTO segment_member VALUES(9001,111,1);
CREATE TABLE saved_filter (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    name text not null, name_key text not null,
    noun text not null,                         -- in the plural
    condition text,
    sort text,
    columns text,
    sharing text not null check (sharing in ('own', 'branch', 'all')),
    branch_id integer references branch,
    owner_id integer references employee,
    account_id integer not null,
    position integer not null default 0
) strict;
INSERT INTO saved_filter VALUES(9002,1,1,1,'今天','今天','leads','received_at >= today',NULL,NULL,'own',NULL,NULL,31,1);
CREATE TABLE masked_ask (
    account_id integer not null references account,
    hash blob not null,
    at integer not null,
    primary key (account_id, hash)
) strict, without rowid;
INSERT INTO masked_ask VALUES(31,X'00112233445566778899aabbccddeeff',1);
CREATE TABLE session (
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
INSERT INTO session VALUES(9003,31,X'0011223344556677',1795402800000,1795402860000,1795446000000,1800000,'10.1.2.3','gonghai 0.1.0',NULL,NULL);
CREATE TABLE api_key (
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
INSERT INTO api_key VALUES(9004,31,'夜间','夜间',X'7766554433221100','lead.read',1795402800000,NULL,1803178800000,NULL);
CREATE TABLE login_try (
    id integer primary key,
    hash blob not null,
    at integer not null
) strict;
INSERT INTO login_try VALUES(9005,X'00112233445566778899aabbccddeeff',1795402800000);
CREATE UNIQUE INDEX branch_code on branch (code_key);
CREATE UNIQUE INDEX branch_path on branch (path);
CREATE UNIQUE INDEX employee_code on employee (code_key);
CREATE INDEX employee_name on employee (name_key);
CREATE INDEX employee_branch on employee (branch_id, code_key);
CREATE UNIQUE INDEX account_code on account (code_key);
CREATE UNIQUE INDEX account_employee on account (employee_id) where employee_id is not null;
CREATE UNIQUE INDEX channel_code on channel (code_key);
CREATE INDEX channel_name on channel (name_key);
CREATE UNIQUE INDEX product_code on product (code_key);
CREATE INDEX product_name on product (name_key);
CREATE UNIQUE INDEX pool_code on pool (code_key);
CREATE INDEX pool_name on pool (name_key);
CREATE UNIQUE INDEX stage_code on stage (code_key);
CREATE INDEX stage_name on stage (name_key);
CREATE UNIQUE INDEX person_phone on person (phone_hash) where phone_hash is not null;
CREATE INDEX person_email on person (email_hash) where email_hash is not null;
CREATE UNIQUE INDEX person_id_no on person (id_no_hash) where id_no_hash is not null;
CREATE INDEX consent_person on consent (person_id, way, id);
CREATE INDEX import_sha256 on import (sha256);
CREATE UNIQUE INDEX lead_no on lead (no);
CREATE UNIQUE INDEX lead_open_phone on lead (phone_hash, product_id) where open = 1 and phone_hash is not null;
CREATE INDEX lead_phone on lead (phone_hash, left_at, id) where phone_hash is not null;
CREATE INDEX lead_person on lead (person_id) where person_id is not null;
CREATE INDEX lead_left on lead (left_at, id);
CREATE INDEX lead_stage on lead (stage_id, id);
CREATE INDEX lead_name on lead (name_key, id);
CREATE UNIQUE INDEX deal_lead on deal (lead_id);
CREATE INDEX deal_branch on deal (branch_id, won_at, id);
CREATE INDEX deal_won on deal (won_at, id);
CREATE INDEX follow_up_lead on follow_up (lead_id, id);
CREATE INDEX follow_up_branch on follow_up (branch_id, at, id);
CREATE INDEX follow_up_at on follow_up (at, id);
CREATE INDEX task_owner on task (owner_id, due_at, id) where state = 'open';
CREATE INDEX task_lead on task (lead_id, id);
CREATE INDEX task_branch on task (branch_id, due_at, id) where state = 'open';
CREATE INDEX message_to on message (to_id, at, id);
CREATE INDEX message_unread on message (to_id, id) where read_at is null;
CREATE UNIQUE INDEX custom_field_code on custom_field (noun, code_key);
CREATE INDEX event_subject on event (subject, id);
CREATE TRIGGER audit_no_update before update on audit begin select raise(abort, 'audit is append-only'); end;
CREATE TRIGGER audit_no_delete before delete on audit begin select raise(abort, 'audit is append-only'); end;
CREATE INDEX answer_at on answer (at);
CREATE UNIQUE INDEX tag_code on tag (code_key);
CREATE INDEX tag_name on tag (name_key);
CREATE INDEX lead_tag_tag on lead_tag (tag_id, lead_id);
CREATE UNIQUE INDEX lead_external_id on lead (external_id_key, external_id_twin)
    where external_id_key is not null;
CREATE INDEX lead_branch_left on lead (
    branch_id, left_at, id, version, no, external_id, name, phone_enc, product_id, channel_id, stage_id,
    owner_id, pool_id, open, frozen, intent, score, received_at, first_due_at, first_response_at,
    last_follow_up_at);
CREATE INDEX lead_owner_left on lead (
    owner_id, left_at, id, version, no, external_id, name, phone_enc, product_id, channel_id, stage_id,
    branch_id, pool_id, open, frozen, intent, score, received_at, first_due_at, first_response_at,
    last_follow_up_at) where owner_id is not null;
CREATE INDEX lead_pool_left on lead (
    pool_id, left_at, id, branch_id, open, version, no, external_id, name, phone_enc, product_id, channel_id,
    stage_id, owner_id, frozen, intent, score, received_at, first_due_at, first_response_at,
    last_follow_up_at) where pool_id is not null;
CREATE INDEX password_try_account on password_try (account_id, id);
CREATE UNIQUE INDEX segment_code on segment (code_key);
CREATE INDEX segment_name on segment (name_key);
CREATE INDEX segment_member_subject on segment_member (subject_id, segment_id);
CREATE UNIQUE INDEX saved_filter_name on saved_filter (name_key, account_id, noun);
CREATE UNIQUE INDEX session_token on session (token_hash);
CREATE INDEX session_account on session (account_id, id);
CREATE INDEX session_ends on session (ends_at);
CREATE UNIQUE INDEX api_key_hash on api_key (key_hash);
CREATE UNIQUE INDEX api_key_name on api_key (account_id, name_key) where ended_at is null;
CREATE INDEX login_try_hash on login_try (hash, id);
CREATE INDEX login_try_at on login_try (at);
COMMIT;
