-- Rows for a database of schema 003: those of 002 with the keys of their external ids, and a lead that was taken when
-- codes still compared by case.
.read 002.rows.sql
update lead set external_id_key = lower(external_id);
insert into lead (id, version, created_at, updated_at, no, external_id, external_id_key, external_id_twin, branch_id, product_id,
    stage_id, open, pool_id, received_at, received_how) values
    (115, 2, 1793000000000, 1793000000000, 5, 'a-1', 'a-1', 5, 12, 51, 71, 1, 62, 1793000000000, 'import');
