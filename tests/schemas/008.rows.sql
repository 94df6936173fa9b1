-- Rows for a database of schema 008, which brought the initials of names: those of 007, with theirs.
.read 007.rows.sql
update employee set name_py = case id when 21 then 'sh' else 'lmmt' end;
update person set name_py = 'wf';
update lead set name_py = case id when 111 then 'wf' else 'oyq' end where id in (111, 112);
update lead_gram_due set name_py = 'wf';
insert into lead_gram values ('wf', 111), ('oy', 112), ('yq', 112);
