-- External ids of leads compare case-folded, as codes do. Twin: 003_codes.pg.sql.

alter table lead add column external_id_key text;
-- 0, or the number of a lead whose id differs from an older lead's by case only: such pairs were
-- taken before this step and stay, new ones are refused.
alter table lead add column external_id_twin integer not null default 0;

-- code: fill_external_keys in core/store/steps.c

drop index lead_external_id;
create unique index lead_external_id on lead (external_id_key, external_id_twin)
    where external_id_key is not null;
