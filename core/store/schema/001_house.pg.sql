-- The house: organisation, people, leads, work, history. Twin: 001_house.sqlite.sql.
-- Times are int64 UTC milliseconds, money int64 fen, flags 0 or 1. x_key is the search form of x (text_key).

create table meta (
    key text collate "C" not null primary key,
    value text collate "C" not null
);

-- Named series: ids, event seq, audit seq, lead numbers.
create table counter (
    name text collate "C" not null primary key,
    value bigint not null
);

create table branch (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C" not null, name_key text collate "C" not null,
    parent_id bigint references branch,
    level text collate "C" not null default 'outlet',
    path text collate "C" not null,                         -- ids from head office down: a subtree is a range
    active bigint not null default 1
);
create unique index branch_code on branch (code_key);
create unique index branch_path on branch (path);

create table employee (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C" not null, name_key text collate "C" not null,
    branch_id bigint not null references branch,
    manager_id bigint references employee,
    status text collate "C" not null default 'active' check (status in ('active', 'leave', 'left'))
);
create unique index employee_code on employee (code_key);
create index employee_name on employee (name_key);
create index employee_branch on employee (branch_id, code_key);

create table account (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    employee_id bigint references employee,
    branch_id bigint references branch,
    roles text collate "C" not null,
    active bigint not null default 1,
    local_uid bigint,
    password_at bigint,
    password_hash text collate "C"                          -- argon2id, as libsodium writes it
);
create unique index account_code on account (code_key);
create unique index account_employee on account (employee_id) where employee_id is not null;

create table channel (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C" not null, name_key text collate "C" not null,
    parent_id bigint references channel,
    kind text collate "C" not null default 'online' check (kind in ('online', 'offline')),
    active bigint not null default 1
);
create unique index channel_code on channel (code_key);
create index channel_name on channel (name_key);

create table product (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C" not null, name_key text collate "C" not null,
    active bigint not null default 1
);
create unique index product_code on product (code_key);
create index product_name on product (name_key);

create table pool (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C" not null, name_key text collate "C" not null,
    branch_id bigint not null references branch,
    parent_id bigint references pool,
    raise_hours bigint,
    active bigint not null default 1
);
create unique index pool_code on pool (code_key);
create index pool_name on pool (name_key);

create table stage (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C", name_key text collate "C",
    position bigint not null,
    kind text collate "C" not null check (kind in ('open', 'won', 'lost', 'void')),
    active bigint not null default 1
);
create unique index stage_code on stage (code_key);
create index stage_name on stage (name_key);

create table person (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    name text collate "C", name_key text collate "C",
    phone_enc bytea, phone_hash bytea,            -- sealed; keyed blind index of the normal form
    email_enc bytea, email_hash bytea,
    id_no_enc bytea, id_no_hash bytea,
    gender text collate "C",
    birthday bigint,
    deceased bigint not null default 0,
    minor bigint not null default 0
);
create unique index person_phone on person (phone_hash) where phone_hash is not null;
create index person_email on person (email_hash) where email_hash is not null;
create unique index person_id_no on person (id_no_hash) where id_no_hash is not null;

create table consent (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    person_id bigint not null references person,
    way text collate "C" not null,
    state text collate "C" not null check (state in ('granted', 'refused', 'withdrawn')),
    at bigint not null,
    source text collate "C",
    note text collate "C",
    employee_id bigint references employee
);
create index consent_person on consent (person_id, way, id);

create table import (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    kind text collate "C" not null,
    file text collate "C" not null,
    sha256 text collate "C" not null,
    mode text collate "C" not null,
    state text collate "C" not null check (state in ('running', 'done', 'failed', 'cancelled')),
    total bigint not null default 0,
    rows bigint not null default 0,
    created bigint not null default 0,
    updated bigint not null default 0,
    skipped bigint not null default 0,
    rejected bigint not null default 0,
    next_row bigint not null default 0,
    finished_at bigint,
    employee_id bigint references employee,
    options text collate "C"
);
create index import_sha256 on import (sha256);

-- rows that an import refused, until its rejects file is whole
create table import_reject (
    import_id bigint not null references import,
    record bigint not null,
    code text collate "C" not null,
    sentence_enc bytea not null,
    primary key (import_id, record)
);

create table lead (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    no bigint not null,
    external_id text collate "C",
    name text collate "C", name_key text collate "C",
    phone_enc bytea, phone_hash bytea,
    email_enc bytea, email_hash bytea,
    id_no_enc bytea, id_no_hash bytea,
    gender text collate "C",
    birthday bigint,
    person_id bigint references person,
    branch_id bigint not null references branch,
    product_id bigint not null references product,
    channel_id bigint references channel,
    stage_id bigint not null references stage,
    open bigint not null,                      -- 1 while its stage is of kind open
    owner_id bigint references employee,
    pool_id bigint references pool,
    intent text collate "C",
    region text collate "C",
    source_detail text collate "C",
    score bigint,
    received_at bigint not null,
    received_how text collate "C" not null,
    left_at bigint,
    first_due_at bigint,
    first_response_at bigint,
    last_follow_up_at bigint,
    next_follow_up_at bigint,
    follow_up_count bigint not null default 0,
    recycle_at bigint,
    protected_until bigint,
    returned_count bigint not null default 0,
    frozen bigint not null default 0,
    reason text collate "C",
    closed_at bigint,
    amount bigint,
    batch_id bigint references import,
    check (open = 0 or (owner_id is null) <> (pool_id is null))
);
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
    id bigint primary key references lead
);

-- Names by one and two characters, for search inside them.
create table lead_gram (
    gram text collate "C" not null,
    lead_id bigint not null,
    primary key (gram, lead_id)
);

create table deal (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    lead_id bigint not null references lead,
    owner_id bigint references employee,
    product_id bigint references product,
    branch_id bigint not null references branch,
    won_at bigint not null,
    amount bigint,
    note text collate "C",
    batch_id bigint references import
);
create unique index deal_lead on deal (lead_id);
create index deal_branch on deal (branch_id, won_at, id);
create index deal_won on deal (won_at, id);

create table follow_up (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    lead_id bigint not null references lead,
    employee_id bigint references employee,
    branch_id bigint not null references branch,
    at bigint not null,
    way text collate "C",
    result text collate "C" not null,
    note text collate "C",
    next_at bigint
);
create index follow_up_lead on follow_up (lead_id, id);
create index follow_up_branch on follow_up (branch_id, at, id);
create index follow_up_at on follow_up (at, id);

create table task (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    kind text collate "C" not null,
    subject text collate "C",
    lead_id bigint references lead,
    owner_id bigint not null references employee,
    branch_id bigint not null references branch,
    due_at bigint not null,
    done_at bigint,
    state text collate "C" not null default 'open' check (state in ('open', 'done', 'cancelled'))
);
create index task_owner on task (owner_id, due_at, id) where state = 'open';
create index task_lead on task (lead_id, id);
create index task_branch on task (branch_id, due_at, id) where state = 'open';

create table message (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    to_id bigint not null references employee,
    from_id bigint references employee,
    kind text collate "C" not null,
    code text collate "C",
    body text collate "C",
    lead_id bigint references lead,
    at bigint not null,
    read_at bigint
);
create index message_to on message (to_id, at, id);
create index message_unread on message (to_id, id) where read_at is null;

create table custom_field (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    noun text collate "C" not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C" not null, name_key text collate "C" not null,
    type text collate "C" not null check (type in ('text', 'number', 'date', 'choice', 'flag')),
    choices text collate "C",
    position bigint not null default 0,
    active bigint not null default 1
);
create unique index custom_field_code on custom_field (noun, code_key);

-- What happened. id is the seq, in commit order: every cursor over history reads it.
create table event (
    id bigint primary key,
    version bigint not null default 1, created_at bigint not null, updated_at bigint not null,
    type text collate "C" not null,
    noun text collate "C" not null,
    subject bigint not null,
    branch_id bigint,
    actor_id bigint,
    at bigint not null,
    data text collate "C"
);
create index event_subject on event (subject, id);

-- Who did what: append-only, each row bound to the one before it.
create table audit (
    id bigint primary key,
    version bigint not null default 1, created_at bigint not null, updated_at bigint not null,
    at bigint not null,
    account text collate "C" not null,
    operation text collate "C" not null,
    noun text collate "C",
    subject bigint,
    branch_id bigint,
    result text collate "C" not null,
    code text collate "C",
    detail text collate "C",
    request text collate "C",
    hash text collate "C" not null                          -- "b2:" and 64 hex digits: keyed BLAKE2b over the row and the hash before
);
create function audit_refuse() returns trigger language plpgsql as
    $$ begin raise exception 'audit is append-only'; end $$;
create trigger audit_append_only before update or delete on audit for each row execute function audit_refuse();

-- Answers already given, by account and Idempotency-Key: the same key gets the same answer.
create table answer (
    account_id bigint not null,
    key text collate "C" not null,
    operation text collate "C" not null,
    request bytea not null,                      -- digest of the input
    reply text collate "C" not null,
    at bigint not null,
    primary key (account_id, key)
);
create index answer_at on answer (at);
