-- Names are found by the initials of their pinyin, too (zs: 张三). Twin: 008_pinyin.sqlite.sql.
-- name_py is made of name_key (base/pinyin.h); null where a name has nothing Chinese.

alter table lead add column name_py text collate "C";
alter table person add column name_py text collate "C";
alter table employee add column name_py text collate "C";
alter table lead_gram_due add column name_py text collate "C";

-- code: fill_initials in core/store/steps.c

update lead_gram_due set name_py = (select l.name_py from lead l where l.id = lead_gram_due.lead_id);
