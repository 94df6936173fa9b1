-- Tags, and which leads have which. Twin: 002_tags.sqlite.sql.

create table tag (
    id bigint primary key,
    version bigint not null, created_at bigint not null, updated_at bigint not null,
    code text collate "C" not null, code_key text collate "C" not null,
    name text collate "C" not null, name_key text collate "C" not null,
    active bigint not null default 1
);
create unique index tag_code on tag (code_key);
create index tag_name on tag (name_key);

create table lead_tag (
    lead_id bigint not null references lead,
    tag_id bigint not null references tag,
    primary key (lead_id, tag_id)
);
create index lead_tag_tag on lead_tag (tag_id, lead_id);
