-- What waits in a pool is seen by the pool's public: counted and stepped from the index alone, without
-- those that are closed or seen by their branch already. Twin: 004_pools.pg.sql.

drop index lead_pool_left;
create index lead_pool_left on lead (pool_id, left_at, id, branch_id, open) where pool_id is not null;
