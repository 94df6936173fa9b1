-- Rows for a database of schema 007, which brought names that wait for their grams: those of 006, and one such name.
.read 006.rows.sql
insert into lead_gram_due (lead_id, name_key) select id, name_key from lead where name_key is not null order by id limit 1;
