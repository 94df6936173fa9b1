-- What pages are read from. Twin: 005_lists.pg.sql.
-- The forty rows of a page lie all over the table, each on a page of its own: so the three indexes
-- that lists are mostly read by carry what a list shows (lead_row_fields in views/leadcell.c), and the
-- table is not touched.

drop index lead_branch_left;
create index lead_branch_left on lead (
    branch_id, left_at, id, version, no, external_id, name, phone_enc, product_id, channel_id, stage_id,
    owner_id, pool_id, open, frozen, intent, score, received_at, first_due_at, first_response_at,
    last_follow_up_at);
drop index lead_owner_left;
create index lead_owner_left on lead (
    owner_id, left_at, id, version, no, external_id, name, phone_enc, product_id, channel_id, stage_id,
    branch_id, pool_id, open, frozen, intent, score, received_at, first_due_at, first_response_at,
    last_follow_up_at) where owner_id is not null;

drop index lead_pool_left;
create index lead_pool_left on lead (
    pool_id, left_at, id, branch_id, open, version, no, external_id, name, phone_enc, product_id, channel_id,
    stage_id, owner_id, frozen, intent, score, received_at, first_due_at, first_response_at,
    last_follow_up_at) where pool_id is not null;
