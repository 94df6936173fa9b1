-- Segments, saved filters, and the full values that were asked of masked fields. Twin: 009_segments.sqlite.sql.

create table segment (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C" not null, name_key text collate "C" not null,
    noun text collate "C" not null,
    kind text collate "C" not null check (kind in ('dynamic', 'static', 'snapshot')),
    condition text collate "C",                             -- English, with field names
    sharing text collate "C" not null check (sharing in ('own', 'branch', 'all')),
    branch_id bigint references branch,
    owner_id bigint references employee,
    account_id bigint not null,
    note text collate "C",
    active bigint not null default 1,
    members bigint,                            -- kept beside the rows of segment_member
    taken_at bigint
);
create unique index segment_code on segment (code_key);
create index segment_name on segment (name_key);

create table segment_member (
    segment_id bigint not null references segment,
    subject_id bigint not null,
    entered_at bigint not null,
    primary key (segment_id, subject_id)
);
create index segment_member_subject on segment_member (subject_id, segment_id);

create table saved_filter (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    name text collate "C" not null, name_key text collate "C" not null,
    noun text collate "C" not null,                         -- in the plural
    condition text collate "C",
    sort text collate "C",
    columns text collate "C",
    sharing text collate "C" not null check (sharing in ('own', 'branch', 'all')),
    branch_id bigint references branch,
    owner_id bigint references employee,
    account_id bigint not null,
    position bigint not null default 0
);
create unique index saved_filter_name on saved_filter (name_key, account_id, noun);

-- A row each value, as a keyed hash of its own, for the hour in which it is not counted again.
create table masked_ask (
    account_id bigint not null references account,
    hash bytea not null,
    at bigint not null,
    primary key (account_id, hash)
);
