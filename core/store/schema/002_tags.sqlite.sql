-- Tags, and which leads have which. Twin: 002_tags.pg.sql.

create table tag (
    id integer primary key,
    version integer not null, created_at integer not null, updated_at integer not null,
    code text not null, code_key text not null,
    name text not null, name_key text not null,
    active integer not null default 1
) strict;
create unique index tag_code on tag (code_key);
create index tag_name on tag (name_key);

create table lead_tag (
    lead_id integer not null references lead,
    tag_id integer not null references tag,
    primary key (lead_id, tag_id)
) strict, without rowid;
create index lead_tag_tag on lead_tag (tag_id, lead_id);
