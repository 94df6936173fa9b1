-- Segments, saved filters, and the full values that were asked of masked fields. Twin: 009_segments.pg.sql.

create table segment (
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
create unique index segment_code on segment (code_key);
create index segment_name on segment (name_key);

create table segment_member (
    segment_id integer not null references segment,
    subject_id integer not null,
    entered_at integer not null,
    primary key (segment_id, subject_id)
) strict, without rowid;
create index segment_member_subject on segment_member (subject_id, segment_id);

create table saved_filter (
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
create unique index saved_filter_name on saved_filter (name_key, account_id, noun);

-- A row each value, as a keyed hash of its own, for the hour in which it is not counted again.
create table masked_ask (
    account_id integer not null references account,
    hash blob not null,
    at integer not null,
    primary key (account_id, hash)
) strict, without rowid;
