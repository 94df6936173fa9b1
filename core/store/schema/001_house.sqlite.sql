-- The house: organisation, people, leads, work, history. Twin: 001_house.pg.sql.
-- Times are int64 UTC milliseconds, money int64 fen, flags 0 or 1. x_key is the search form of x (text_key).

create table meta (
    key text not null primary key,
    value text not null
) strict, without rowid;

-- Named series: ids, event seq, audit seq, lead numbers.
create table counter (
    name text not null primary key,
    value integer not null
) strict, without rowid;

create table branch (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    parent_id integer references branch,
    level text not null default 'outlet',
    path text not null,                         -- ids from head office down: a subtree is a range
    active integer not null default 1
) strict;
create unique index branch_code on branch (code_key);
create unique index branch_path on branch (path);

create table employee (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    branch_id integer not null references branch,
    manager_id integer references employee,
    status text not null default 'active' check (status in ('active', 'leave', 'left'))
) strict;
create unique index employee_code on employee (code_key);
create index employee_name on employee (name_key);
create index employee_branch on employee (branch_id, code_key);

create table account (
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
create unique index account_code on account (code_key);
create unique index account_employee on account (employee_id) where employee_id is not null;

create table channel (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    parent_id integer references channel,
    kind text not null default 'online' check (kind in ('online', 'offline')),
    active integer not null default 1
) strict;
create unique index channel_code on channel (code_key);
create index channel_name on channel (name_key);

create table product (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    active integer not null default 1
) strict;
create unique index product_code on product (code_key);
create index product_name on product (name_key);

create table pool (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    branch_id integer not null references branch,
    parent_id integer references pool,
    raise_hours integer,
    active integer not null default 1
) strict;
create unique index pool_code on pool (code_key);
create index pool_name on pool (name_key);

create table stage (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text, name_key text,
    position integer not null,
    kind text not null check (kind in ('open', 'won', 'lost', 'void')),
    active integer not null default 1
) strict;
create unique index stage_code on stage (code_key);
create index stage_name on stage (name_key);

create table person (
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
) strict;
create unique index person_phone on person (phone_hash) where phone_hash is not null;
create index person_email on person (email_hash) where email_hash is not null;
create unique index person_id_no on person (id_no_hash) where id_no_hash is not null;

create table consent (
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
create index consent_person on consent (person_id, way, id);

create table import (
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
create index import_sha256 on import (sha256);

-- rows that an import refused, until its rejects file is whole
create table import_reject (
    import_id integer not null references import,
    record integer not null,
    code text not null,
    sentence_enc blob not null,
    primary key (import_id, record)
) strict, without rowid;

create table lead (
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
    batch_id integer references import,
    check (open = 0 or (owner_id is null) <> (pool_id is null))
) strict;
create unique index lead_no on lead (no);
create unique index lead_external_id on lead (external_id) where external_id is not null;
create unique index lead_open_phone on lead (phone_hash, product_id) where open = 1 and phone_hash is not null;
create index lead_phone on lead (phone_hash, left_at, id) where phone_hash is not null;
create index lead_person on lead (person_id) where person_id is not null;
create index lead_branch_left on lead (branch_id, left_at, id);
create index lead_left on lead (left_at, id);
create index lead_owner_left on lead (owner_id, left_at, id) where owner_id is not null;
create index lead_pool_left on lead (pool_id, left_at, id) where pool_id is not null;
create index lead_stage on lead (stage_id, id);
create index lead_name on lead (name_key, id);

-- Custom fields: one column a_KEY each (k_KEY beside a text), added by custom_field.create.
create table lead_x (
    id integer primary key references lead
) strict;

-- Names by one and two characters, for search inside them.
create table lead_gram (
    gram text not null,
    lead_id integer not null,
    primary key (gram, lead_id)
) strict, without rowid;

create table deal (
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
create unique index deal_lead on deal (lead_id);
create index deal_branch on deal (branch_id, won_at, id);
create index deal_won on deal (won_at, id);

create table follow_up (
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
create index follow_up_lead on follow_up (lead_id, id);
create index follow_up_branch on follow_up (branch_id, at, id);
create index follow_up_at on follow_up (at, id);

create table task (
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
create index task_owner on task (owner_id, due_at, id) where state = 'open';
create index task_lead on task (lead_id, id);
create index task_branch on task (branch_id, due_at, id) where state = 'open';

create table message (
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
create index message_to on message (to_id, at, id);
create index message_unread on message (to_id, id) where read_at is null;

create table custom_field (
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
create unique index custom_field_code on custom_field (noun, code_key);

-- What happened. id is the seq, in commit order: every cursor over history reads it.
create table event (
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
create index event_subject on event (subject, id);

-- Who did what: append-only, each row bound to the one before it.
create table audit (
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
create trigger audit_no_update before update on audit begin select raise(abort, 'audit is append-only'); end;
create trigger audit_no_delete before delete on audit begin select raise(abort, 'audit is append-only'); end;

-- Answers already given, by account and Idempotency-Key: the same key gets the same answer.
create table answer (
    account_id integer not null,
    key text not null,
    operation text not null,
    request blob not null,                      -- digest of the input
    reply text not null,
    at integer not null,
    primary key (account_id, key)
) strict, without rowid;
create index answer_at on answer (at);
